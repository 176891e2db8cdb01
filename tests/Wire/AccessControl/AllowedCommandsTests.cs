using Bixbite.Wire.Harness;

namespace Bixbite.Wire.AccessControl;

/// <summary>COMMAND LIST FILTERBY ALLOWED names the commands that the user may run, with keys and arguments that are his.</summary>
public sealed class AllowedCommandsTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start();

    [Fact]
    public void TheDefaultUserMayRunAll()
    {
        using RespConnection client = _server.Connect();
        Assert.Equal(client.Call("COMMAND LIST").ToString(), client.Call("COMMAND LIST FILTERBY ALLOWED").ToString());
        Assert.Equal("ERR syntax error", client.Call("COMMAND LIST FILTERBY ALLOWED x").Text);
    }

    [Theory]
    [InlineData("~a* +get +config|get", "get config|get", "set config|set")]
    [InlineData("~a* +@read -hgetall", "get zrange", "set hgetall")]
    [InlineData("+select|0 (~b* +set)", "select set", "get")]
    [InlineData("+@all -@dangerous", "get set", "keys flushall")]
    public void OthersMayRunWhatTheirRulesSay(string rules, string allowed, string denied)
    {
        using RespConnection client = _server.Connect();
        client.Call($"ACL SETUSER anna on >secret +command|list {rules}");
        client.Call("AUTH anna secret");
        string[] names = [.. client.Call("COMMAND LIST FILTERBY ALLOWED").Items.Select(item => item.Text)];
        Assert.All(allowed.Split(' '), name => Assert.Contains(name, names));
        Assert.All(denied.Split(' '), name => Assert.DoesNotContain(name, names));
        Assert.Contains("auth", names);
    }

    public void Dispose() => _server.Dispose();
}
