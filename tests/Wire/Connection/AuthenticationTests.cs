using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Connection;

/// <summary>The password, and who has to give it.</summary>
public sealed class AuthenticationTests
{
    [Theory]
    [InlineData("PING")]
    [InlineData("GET k\r\nNOSUCH\r\nGET\r\nCLIENT NOSUCH")]
    [InlineData("HELLO 2 AUTH default wrong")]
    [InlineData("AUTH wrong\r\nAUTH default wrong\r\nAUTH nobody secret\r\nAUTH\r\nAUTH a b c\r\nPING")]
    [InlineData("AUTH secret\r\nPING\r\nCLIENT GETNAME\r\nAUTH wrong\r\nPING")]
    [InlineData("AUTH default secret\r\nSELECT 3\r\nRESET\r\nPING\r\nAUTH secret\r\nPING")]
    [InlineData("HELLO 3 AUTH default secret SETNAME \"a b\"\r\nPING")]
    [InlineData("HELLO 3 AUTH default wrong SETNAME \"a b\"\r\nPING")]
    [InlineData("HELLO 3 SETNAME \"a b\" AUTH default secret\r\nPING")]
    [InlineData("HELLO 3 AUTH default secret NOSUCH\r\nPING")]
    [InlineData("QUIT")]
    [InlineData("RESET\r\nPING")]
    public void Password(string script)
    {
        using Compare compare = new("--requirepass", "secret");
        compare.SameAnswer(System.Text.Encoding.ASCII.GetBytes(script + "\r\n"));
    }

    [Fact]
    public void Hello_authenticates_and_names()
    {
        using TestServer server = TestServer.Start("--requirepass", "secret");
        using RespConnection connection = server.Connect();
        Assert.StartsWith("-NOAUTH HELLO must be called", connection.Call("HELLO 3 SETNAME me").ToString(), StringComparison.Ordinal);
        Reply hello = connection.Call("HELLO 3 AUTH default secret SETNAME me");
        Assert.Equal('%', hello.Type);
        Assert.Equal("me", connection.Call("CLIENT GETNAME").Text);
        Assert.Equal("+RESET", connection.Call("RESET").ToString());
        Assert.StartsWith("-NOAUTH", connection.Call("CLIENT GETNAME").ToString(), StringComparison.Ordinal);
        connection.Call("AUTH secret");
        Assert.Equal("(nil)", connection.Call("CLIENT GETNAME").ToString());
    }
}
