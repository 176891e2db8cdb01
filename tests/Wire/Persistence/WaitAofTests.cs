using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>WAITAOF: waiting until changes are durable.</summary>
public sealed class WaitAofTests
{
    [Fact]
    public void Without_a_log_nothing_can_be_waited_for()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(
            "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.", client.Call("WAITAOF 1 0 0").ToString());
        Assert.Equal("*[:0, :0]", client.Call("WAITAOF 0 0 0").ToString());
        Assert.Equal("*[:0, :0]", client.Call("WAITAOF 0 1 10").ToString());
    }

    [Theory]
    [InlineData("WAITAOF 2 0 0", "-ERR value is out of range, value must between 0 and 1")]
    [InlineData("WAITAOF -1 0 0", "-ERR value is out of range, value must between 0 and 1")]
    [InlineData("WAITAOF x 0 0", "-ERR value is out of range, value must between 0 and 1")]
    [InlineData("WAITAOF 0 -1 0", "-ERR value is out of range, must be positive")]
    [InlineData("WAITAOF 0 0 -1", "-ERR timeout is negative")]
    [InlineData("WAITAOF 0 0 x", "-ERR timeout is not an integer or out of range")]
    [InlineData("WAITAOF 0 0", "-ERR wrong number of arguments for 'waitaof' command")]
    public void Mistakes(string request, string reply)
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(reply, client.Call(request).ToString());
    }

    [Theory]
    [InlineData("everysec")]
    [InlineData("always")]
    public void It_ends_when_the_change_is_durable(string policy)
    {
        using var folder = new TempFolder();
        using StoppableServer server = StoppableServer.Ours(folder, "--appendonly", "yes", "--appendfsync", policy);
        server.Do("SET k v");
        Assert.Equal("*[:1, :0]", server.Client.Call("WAITAOF 1 0 0").ToString());
        Assert.Equal("*[:1, :0]", server.Client.Call("WAITAOF 1 1 10").ToString());
        server.Do("MULTI");
        Assert.Equal("+QUEUED", server.Client.Call("WAITAOF 1 0 0").ToString());
        Assert.Equal("*[*[:1, :0]]", server.Client.Call("EXEC").ToString());
    }

    [Fact]
    public void Nobody_waits_longer_than_asked()
    {
        using var folder = new TempFolder();
        using StoppableServer server = StoppableServer.Ours(folder, "--appendonly", "yes", "--appendfsync", "no");
        server.Do("SET k v");
        Assert.Equal("*[:0, :0]", server.Client.Call("WAITAOF 1 0 20").ToString());
    }
}
