using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>Node's most used queue of jobs, nearly all of which is scripts.</summary>
public sealed class BullMQTests
{
    [Fact]
    public void Every_job_is_done_also_when_a_worker_dies()
    {
        string node = Interpreters.Node("ioredis", "bullmq");
        using TestServer server = TestServer.Start();
        ClientProgram.Tell(node, "bullmq.cjs", server);
    }
}
