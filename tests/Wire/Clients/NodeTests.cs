using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>Node's client libraries, and sessions over one of them.</summary>
public sealed class NodeTests
{
    [Fact]
    public void Ioredis_caches_counts_limits_pipelines_and_scans() => Tell("ioredis.cjs", "ioredis");

    [Fact]
    public void Ioredis_has_commands_of_its_own() => Tell("ioredis-scripts.cjs", "ioredis");

    [Fact]
    public void Node_redis_runs_scripts_in_both_protocols() => Tell("node-redis.cjs", "redis");

    [Fact]
    public void Express_keeps_its_sessions() => Tell("connect-redis.cjs", "redis", "connect-redis", "express-session");

    private static void Tell(string story, params string[] packages)
    {
        string node = Interpreters.Node(packages);
        using TestServer server = TestServer.Start();
        ClientProgram.Tell(node, story, server);
    }
}
