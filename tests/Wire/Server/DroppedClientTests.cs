using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Server;

/// <summary>A client that is dropped for a limit leaves a line in the log that says which and why.</summary>
public sealed class DroppedClientTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void ARequestThatGrowsWithoutEnding(string ioThreads)
    {
        using ServerProcess server = Start("--client-query-buffer-limit", "1mb", "--io-threads", ioThreads);
        using RespConnection greedy = server.Connect();
        greedy.Call("CLIENT SETNAME greedy");
        greedy.Send("*2\r\n$3\r\nGET\r\n$2000000\r\nabc"u8);
        Assert.Empty(greedy.ReadToEnd());
        string line = server.WaitForLine("Closing client that reached max query buffer length: id=");
        Assert.Contains(" name=greedy ", line, StringComparison.Ordinal);
        using RespConnection other = server.Connect();
        Assert.Contains("client_query_buffer_limit_disconnections:1\r\n", other.Call("INFO stats").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatIsNoRequest()
    {
        using ServerProcess server = Start();
        using RespConnection client = server.Connect();
        client.Send("*1\r\n!4\r\n"u8);
        Assert.Equal("ERR Protocol error: expected '$', got '!'", client.Read().Text);
        Assert.Empty(client.ReadToEnd());
        string line = server.WaitForLine("Protocol error (");
        Assert.Contains("expected '$', got '!') from client: id=", line, StringComparison.Ordinal);
    }

    [Fact]
    public void OneClientTooMany()
    {
        using ServerProcess server = Start("--maxclients", "2");
        using RespConnection first = server.Connect();
        // Who asked whether the server is there may still be leaving.
        Patience.Until(
            () => first.Call("INFO clients").Text.Contains("connected_clients:1\r\n", StringComparison.Ordinal), "others are there");
        RespConnection second = server.Connect();
        second.Call("PING");
        using RespConnection third = server.Connect();
        Assert.Equal("ERR max number of clients reached", third.Read().Text);
        Assert.Empty(third.ReadToEnd());
        server.WaitForLine("maxclients are connected already");
        second.Dispose();
    }

    private static ServerProcess Start(params string[] options) =>
        ServerProcess.Start(Programs.Server, ["--loglevel", "verbose", .. options]);
}
