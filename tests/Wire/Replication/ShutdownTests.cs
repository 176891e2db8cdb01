using System.Globalization;
using System.Text.RegularExpressions;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>A primary that is to end, and replicas that do not have everything.</summary>
public sealed partial class ShutdownTests : IDisposable
{
    private const int SilenceMs = 30;

    private readonly ManualClock _clock = new();
    private readonly TestServer _server;
    private readonly RespConnection _client;
    private readonly FakeReplica _replica;

    public ShutdownTests()
    {
        _server = TestServer.StartAt(_clock, "--repl-diskless-sync-delay", "0", "--shutdown-timeout", "10");
        _client = _server.Connect();
        _replica = new FakeReplica(_server.Address);
        _replica.GoOnline();
        Assert.Equal("OK", _client.Call("SET k 1").Text);
        Await("INFO replication", "state=online");
        while (_replica.NextRequest() != "SET k 1")
        {
        }
    }

    public void Dispose()
    {
        _replica.Dispose();
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public void It_waits_until_the_replica_has_everything()
    {
        using RespConnection ending = Begin("SHUTDOWN");
        Assert.Contains("Waiting for replicas before shutting down.", _server.Log, StringComparison.Ordinal);
        Assert.Equal("REPLCONF GETACK *", _replica.NextRequest());
        Assert.Equal("shutdown_in_progress", ReplicaPair.Field(_client, "paused_reason"));
        Assert.InRange(ReplicaPair.Number(_client, "shutdown_in_milliseconds"), 1, 10_000);
        Assert.Equal("1", _client.Call("GET k").Text);
        using RespConnection writer = _server.Connect();
        writer.Send("SET k 2");
        Assert.True(writer.IsSilent(SilenceMs), "written while the server ends");
        _replica.Acknowledge(_replica.End);
        Assert.Empty(ending.ReadToEnd());
        Assert.Empty(writer.ReadToEnd());
        _server.WaitForLine("1 of 1 replicas are in sync when shutting down.");
        Assert.DoesNotContain("Lagging replica", _server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void What_only_keeps_a_replica_awake_is_not_waited_for()
    {
        long end = _replica.End;
        _replica.Acknowledge(end);
        Await("INFO replication", $"offset={end},");
        for (int i = 0; i < 12; i++)
        {
            _clock.AdvanceMs(1000);
            _client.Call("PING");
        }
        Await("INFO replication", $"master_repl_offset:{end + 14}");
        using RespConnection ending = _server.Connect();
        ending.Send("SHUTDOWN");
        Assert.Empty(ending.ReadToEnd());
        Assert.DoesNotContain("Waiting for replicas", _server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public void It_waits_no_longer_than_it_may()
    {
        using RespConnection ending = Begin("SHUTDOWN");
        _clock.AdvanceMs(9_000);
        Assert.True(ending.IsSilent(SilenceMs), "it ends too early");
        _clock.AdvanceMs(1_001);
        Assert.Empty(ending.ReadToEnd());
        _server.WaitForLine("0 of 1 replicas are in sync when shutting down.");
        Assert.Matches(LaggingLine(), _server.Log);
    }

    [Theory]
    [InlineData("SHUTDOWN NOW")]
    [InlineData("SHUTDOWN NOSAVE NOW FORCE")]
    public void It_does_not_wait_where_it_is_to_end_now(string request)
    {
        using RespConnection ending = _server.Connect();
        ending.Send(request);
        Assert.Empty(ending.ReadToEnd());
        Assert.DoesNotContain("Waiting for replicas", _server.Log, StringComparison.Ordinal);
        _server.WaitForLine("0 of 1 replicas are in sync when shutting down.");
    }

    [Fact]
    public void It_does_not_wait_without_time()
    {
        Assert.Equal("OK", _client.Call("CONFIG SET shutdown-timeout 0").Text);
        using RespConnection ending = _server.Connect();
        ending.Send("SHUTDOWN");
        Assert.Empty(ending.ReadToEnd());
    }

    [Fact]
    public void It_is_aborted_for_all_who_asked()
    {
        Assert.Equal("ERR No shutdown in progress.", _client.Call("SHUTDOWN ABORT").Text);
        using RespConnection first = Begin("SHUTDOWN");
        using RespConnection second = _server.Connect();
        second.Send("SHUTDOWN NOW");
        Await("INFO clients", "blocked_clients:2");
        using RespConnection writer = _server.Connect();
        writer.Send("INCR k");
        Await("INFO clients", "blocked_clients:3");
        Assert.Equal("OK", _client.Call("SHUTDOWN ABORT").Text);
        Assert.Equal("ERR Errors trying to SHUTDOWN. Check logs.", first.Read().Text);
        Assert.Equal("ERR Errors trying to SHUTDOWN. Check logs.", second.Read().Text);
        Assert.Equal("2", writer.Read().Text);
        Assert.Equal("PONG", first.Call("PING").Text);
        _server.WaitForLine("Shutdown manually aborted.");
        _replica.Acknowledge(_replica.End);
        _clock.AdvanceMs(20_000);
        Assert.Equal("3", writer.Call("INCR k").Text);
        Assert.Equal("", ReplicaPair.Field(_client, "shutdown_in_milliseconds"));
    }

    [Fact]
    public void It_goes_on_where_the_data_cannot_be_saved()
    {
        using RespConnection ending = Begin("SHUTDOWN SAVE");
        Directory.CreateDirectory(Path.Combine(Path.GetDirectoryName(_server.Address.UnixPath)!, "dump.rdb", "in-its-place"));
        _replica.Acknowledge(_replica.End + 1000);
        Assert.Equal("ERR Errors trying to SHUTDOWN. Check logs.", ending.Read().Text);
        _server.WaitForLine("Errors trying to shut down the server.");
        Assert.Equal("none", ReplicaPair.Field(_client, "paused_reason"));
    }

    [Fact]
    public void Nobody_else_ends_the_wait_or_the_pause()
    {
        using RespConnection ending = _server.Connect();
        string id = ending.Call("CLIENT ID").Text;
        ending.Send("SHUTDOWN");
        Await("INFO server", "shutdown_in_milliseconds");
        Assert.Equal("0", _client.Call($"CLIENT UNBLOCK {id}").Text);
        Assert.Equal("0", _client.Call($"CLIENT UNBLOCK {id} ERROR").Text);
        Assert.Equal("OK", _client.Call("CLIENT PAUSE 100000 WRITE").Text);
        Assert.Equal("OK", _client.Call("CLIENT UNPAUSE").Text);
        using RespConnection writer = _server.Connect();
        writer.Send("SET k 2");
        Assert.True(writer.IsSilent(SilenceMs), "written while the server ends");
        ending.Dispose();
        Await("INFO clients", "blocked_clients:1");
        _replica.Acknowledge(long.MaxValue);
        Assert.Empty(writer.ReadToEnd());
    }

    [Fact]
    public void A_replica_that_leaves_is_not_waited_for()
    {
        using RespConnection ending = Begin("SHUTDOWN");
        _replica.Dispose();
        // The cron sees to it.
        Patience.Until(() =>
        {
            _clock.AdvanceMs(1);
            return !ending.IsSilent(1);
        });
        Assert.Empty(ending.ReadToEnd());
    }

    [Fact]
    public void A_signal_waits_as_well()
    {
        using TestServer server = TestServer.StartProcess("--repl-diskless-sync-delay", "0", "--shutdown-timeout", "1000");
        using RespConnection client = server.Connect();
        using FakeReplica replica = new(server.Address);
        replica.GoOnline();
        Assert.Equal("OK", client.Call("SET k 1").Text);
        server.Signal("TERM");
        server.WaitForLine("Waiting for replicas before shutting down.");
        Assert.Equal("1", client.Call("GET k").Text);
        while (replica.NextRequest() != "SET k 1")
        {
        }
        replica.Acknowledge(replica.End);
        Assert.Empty(client.ReadToEnd());
        server.WaitForLine("bye bye");
    }

    [Theory]
    [InlineData("no", 1)]
    [InlineData("yes", 0)]
    public void Packets_to_replicas_are_few_where_that_is_wanted(string value, int noDelay)
    {
        Assert.Equal("OK", _client.Call($"CONFIG SET repl-disable-tcp-nodelay {value}").Text);
        using FakeReplica replica = new(_server.Address);
        replica.GoOnline();
        string line = _client.Call("CLIENT LIST TYPE replica").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
        int descriptor = int.Parse(Descriptor().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(0, Sockets.getsockopt(descriptor, Sockets.IPPROTO_TCP, Sockets.TCP_NODELAY, out int found));
        Assert.Equal(noDelay, found);
    }

    [GeneratedRegex(@"Lagging replica 127\.0\.0\.1:7777 reported offset \d+ behind master, lag=\d+, state=online\.")]
    private static partial Regex LaggingLine();

    [GeneratedRegex(@" fd=(\d+) ")]
    private static partial Regex Descriptor();

    /// <summary>Asks for the end, and returns when the server waits.</summary>
    private RespConnection Begin(string request)
    {
        RespConnection ending = _server.Connect();
        ending.Send(request);
        Await("INFO server", "shutdown_in_milliseconds");
        return ending;
    }

    /// <summary>The cron sees to much of it, and its time is the clock's.</summary>
    private void Await(string request, string text) => Patience.Until(
        () =>
        {
            _clock.AdvanceMs(1);
            return _client.Call(request).Text.Contains(text, StringComparison.Ordinal);
        },
        () => $"{text} does not come:\n{_client.Call(request).Text}");
}
