using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>Python's most used queue of tasks, which are acknowledged when they are done.</summary>
public sealed class CeleryTests
{
    [Fact]
    public void Every_task_is_done_also_when_a_worker_dies()
    {
        string python = Interpreters.Python("celery");
        using TestServer server = TestServer.Start();
        ClientProgram.Tell(python, "celery_story.py", server);
    }
}
