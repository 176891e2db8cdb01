using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>Python's client, and a queue of jobs over it.</summary>
public sealed class PythonTests
{
    [Fact]
    public void Redis_py_locks_and_runs_scripts() => Tell("redis_py.py", "redis");

    [Fact]
    public void RQ_does_every_job_also_when_a_worker_dies() => Tell("rq_story.py", "rq");

    private static void Tell(string story, string module)
    {
        string python = Interpreters.Python(module);
        using TestServer server = TestServer.Start();
        ClientProgram.Tell(python, story, server);
    }
}
