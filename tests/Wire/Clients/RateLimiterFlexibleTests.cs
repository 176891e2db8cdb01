using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>Node's most used rate limiter, over both of Node's clients and with clients on several loops.</summary>
public sealed class RateLimiterFlexibleTests
{
    [Fact]
    public void As_many_are_admitted_as_allowed()
    {
        string node = Interpreters.Node("ioredis", "redis", "rate-limiter-flexible");
        using TestServer server = TestServer.Start("--io-threads", "2");
        ClientProgram.Tell(node, "rate-limiter-flexible.cjs", server);
    }
}
