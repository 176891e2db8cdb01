using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>A lock over three servers: held by one at a time while most of them live, and by nobody when they do not.</summary>
public sealed class RedlockTests
{
    [Theory]
    [InlineData("redlock")]
    [InlineData("redlock5")]
    public void A_lock_has_one_holder_while_most_servers_live(string package)
    {
        string node = Interpreters.Node("ioredis", package);
        using TestServer first = TestServer.Start();
        using TestServer second = TestServer.Start();
        using TestServer third = TestServer.Start();
        ClientProgram.Tell(
            node, "redlock.cjs", [package, .. new[] { first, second, third }.Select(server => $"{server.Address.Port}")]);
    }
}
