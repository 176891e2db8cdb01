using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Lines;

/// <summary>
/// Two lines in one server: the log's, with <c>appendfsync always</c>, for everybody, and one that clients ask for. Whoever asked waits for
/// both, whichever comes first; the others wait for the log alone.
/// </summary>
public sealed class QuorumTests : IDisposable
{
    private const int LoopCount = 4;
    private const int SilenceMs = 30;

    private readonly SimulatedDisk _disk = new();
    private readonly QuorumModule _quorum = new();
    private readonly LocalServer _server;

    public QuorumTests() => _server = LocalServer.StartReady(
        _disk, _quorum, "--appendonly", "yes", "--appendfsync", "always",
        "--io-threads", $"{LoopCount}", "--auto-aof-rewrite-percentage", "0");

    public void Dispose()
    {
        _disk.Faults.Heal();
        _server.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WhoeverAskedWaitsForBothLines(bool isDiskFirst)
    {
        using RespConnection asking = Asking();
        using RespConnection other = _server.Connect();
        _disk.Faults.SyncGate.Reset();
        Execute(asking, "SET a 1");
        Execute(other, "SET b 2");
        if (isDiskFirst)
        {
            _disk.Faults.SyncGate.Set();
            Assert.Equal("OK", other.Read().Text);
            AssertSilent(asking);
            _quorum.Line.AcknowledgeAll();
        }
        else
        {
            _quorum.Line.AcknowledgeAll();
            AssertSilent(asking, other);
            _disk.Faults.SyncGate.Set();
            Assert.Equal("OK", other.Read().Text);
        }
        Assert.Equal("OK", asking.Read().Text);
    }

    [Fact]
    public void ARoundOfSeveralPositionsGoesAsFarAsBothLinesAre()
    {
        using RespConnection asking = Asking();
        Execute(asking, "SET a 1");
        long first = _quorum.Line.End;
        Execute(asking, "SET a 2");
        AssertSilent(asking);
        _quorum.Line.Advance(first);
        Assert.Equal("OK", asking.Read().Text);
        AssertSilent(asking);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("OK", asking.Read().Text);
    }

    [Fact]
    public void WhoeverAskedSeesNothingThatOthersDoNotHave()
    {
        using RespConnection asking = Asking();
        using RespConnection writer = _server.Connect();
        Assert.Equal("OK", writer.Call("SET a 1").Text);
        Execute(asking, "GET a");
        AssertSilent(asking);
        Assert.Equal("1", writer.Call("GET a").Text);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("1", asking.Read().Text);
        Assert.Equal("1", asking.Call("GET a").Text);
    }

    [Fact]
    public void WhatWasThereBeforeAnybodyAskedCountsAsWell()
    {
        using RespConnection client = _server.Connect();
        Assert.Equal("OK", client.Call("SET a 1").Text);
        Assert.Equal("OK", client.Call("QUORUM on").Text);
        Execute(client, "GET a");
        AssertSilent(client);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("1", client.Read().Text);
    }

    [Fact]
    public void MessagesEventsAndInvalidationsWaitOnEveryLoopForTheLinesOfTheirReceivers()
    {
        Assert.Equal("OK", _server.Call("CONFIG SET notify-keyspace-events KEA").Text);
        var asking = new List<RespConnection>();
        var others = new List<RespConnection>();
        for (int i = 0; i < LoopCount; i++)
        {
            foreach (List<RespConnection> clients in (ReadOnlySpan<List<RespConnection>>)[asking, others])
            {
                clients.Add(Connect(clients == asking, "SUBSCRIBE news"));
                clients.Add(Connect(clients == asking, "PSUBSCRIBE __keyspace@0__:key*"));
                clients.Add(Connect(clients == asking, "HELLO 3", "CLIENT TRACKING ON BCAST PREFIX key"));
                clients.Add(Connect(clients == asking));
                clients[^1].Send($"BLPOP list{i}{(clients == asking ? "a" : "o")} 0");
            }
        }
        _server.AwaitInfo("blocked_clients", $"{2 * LoopCount}");
        using RespConnection writer = _server.Connect();
        writer.Send("MULTI");
        writer.Send("PUBLISH news early");
        writer.Send("SET key value");
        for (int i = 0; i < LoopCount; i++)
        {
            writer.Send($"RPUSH list{i}a x");
            writer.Send($"RPUSH list{i}o x");
        }
        writer.Send("EXEC");
        foreach (RespConnection client in others)
        {
            Assert.False(client.Read().IsError);
        }
        AssertSilent([.. asking]);
        _quorum.Line.AcknowledgeAll();
        foreach (RespConnection client in asking)
        {
            Assert.False(client.Read().IsError);
        }
        asking.ForEach(client => client.Dispose());
        others.ForEach(client => client.Dispose());
    }

    [Fact]
    public void AMessageOfWhoeverWaitsWaitsToo()
    {
        using RespConnection asking = Asking();
        using RespConnection subscriber = Connect(true, "SUBSCRIBE news");
        using RespConnection other = Connect(false, "SUBSCRIBE news");
        using RespConnection stranger = _server.Connect();
        Execute(asking, "SET a 1");
        asking.Send("PUBLISH news told");
        Assert.Equal("told", other.Read().Items[2].Text);
        AssertSilent(subscriber, asking);
        Assert.Equal("2", stranger.Call("PUBLISH news unconcerned").Text);
        Assert.Equal("unconcerned", other.Read().Items[2].Text);
        AssertSilent(subscriber);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("told", subscriber.Read().Items[2].Text);
        Assert.Equal("unconcerned", subscriber.Read().Items[2].Text);
        Assert.Equal("OK", asking.Read().Text);
    }

    [Fact]
    public void ALineThatStaysBehindHoldsThoseWhoAskedAndNobodyElse()
    {
        using RespConnection asking = Asking();
        using RespConnection other = _server.Connect();
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("OK", other.Call($"SET key{i} {i}").Text);
            Execute(asking, $"SET own{i} {i}");
        }
        Assert.Equal("7", other.Call("GET own7").Text);
        AssertSilent(asking);
        // Its owner gives it up: what waits goes.
        _quorum.Line.Advance(long.MaxValue);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("OK", asking.Read().Text);
        }
        Assert.Equal("OK", asking.Call("SET after 1").Text);
    }

    [Fact]
    public void ADiskThatFailsHoldsWhomOthersHaveAcknowledged()
    {
        using RespConnection asking = Asking();
        using RespConnection other = _server.Connect();
        Assert.Equal("OK", other.Call("SET kept 1").Text);
        _disk.Faults.FailSyncs();
        Execute(asking, "SET a 1");
        _quorum.Line.AcknowledgeAll();
        _server.AwaitInfo("aof_last_write_status", "err");
        AssertSilent(asking);
        Assert.Equal("1", other.Call("GET kept").Text);
        Execute(other, "GET a");
        AssertSilent(other);
        _disk.Faults.Heal();
        Assert.Equal("OK", asking.Read().Text);
        Assert.Equal("1", other.Read().Text);
    }

    [Theory]
    [InlineData("kill")]
    [InlineData("leave")]
    public void WhoeverGoesWhileHeldIsForgotten(string way)
    {
        using RespConnection other = Asking();
        RespConnection asking = Asking();
        string id = asking.Call("CLIENT ID").Text;
        Execute(asking, "SET a 1");
        Execute(other, "SET b 2");
        if (way == "kill")
        {
            Assert.Equal("1", _server.Call($"CLIENT KILL ID {id}").Text);
            Assert.Empty(asking.ReadToEnd());
        }
        asking.Dispose();
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("OK", other.Read().Text);
        Patience.Until(() => !_server.Call("CLIENT LIST").Text.Contains($"id={id} ", StringComparison.Ordinal), "it is still there");
        Assert.Equal("1", _server.Call("GET a").Text);
    }

    [Fact]
    public void QuitComesAfterWhatWaits()
    {
        using RespConnection asking = Asking();
        asking.Send([.. CommandLine.Encode("SET a 1"), .. CommandLine.Encode("QUIT")]);
        AwaitText("GET a", "1");
        AssertSilent(asking);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("+OK\r\n+OK\r\n"u8.ToArray(), asking.ReadToEnd());
    }

    [Fact]
    public void ResetEndsTheWishButNotWhatWaits()
    {
        using RespConnection asking = Asking();
        using RespConnection keeping = Asking();
        Execute(asking, "SET a 1");
        asking.Send("RESET");
        asking.Send("SET b 2");
        AwaitText("GET b", "2");
        AssertSilent(asking);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("OK", asking.Read().Text);
        Assert.Equal("RESET", asking.Read().Text);
        Assert.Equal("OK", asking.Read().Text);
        Assert.Equal("OK", asking.Call("SET c 3").Text);
        Execute(keeping, "GET c");
        AssertSilent(keeping);
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("3", keeping.Read().Text);
    }

    [Fact]
    public void WhatWaitsCountsForTheOutputLimit()
    {
        Assert.Equal("OK", _server.Call("CONFIG SET client-output-buffer-limit \"normal 20000 0 0\"").Text);
        using RespConnection asking = Asking();
        Assert.Equal("OK", _server.Call("SET large " + new string('x', 1000)).Text);
        Execute(asking, "SET a 1");
        for (int i = 0; i < 40; i++)
        {
            asking.Send("GET large");
        }
        Assert.Empty(asking.ReadToEnd());
        _quorum.Line.AcknowledgeAll();
        Assert.Equal("1", _server.Call("GET a").Text);
    }

    [Fact]
    public void AWaitThatEndsByItselfWaitsForWhatItHasSeen()
    {
        using RespConnection asking = Asking();
        using RespConnection other = _server.Connect();
        Assert.Equal("1", other.Call("RPUSH list x").Text);
        Assert.Equal("x", other.Call("LPOP list").Text);
        asking.Send("BLPOP list 0.05");
        _server.AwaitInfo("blocked_clients", "1");
        _server.AwaitInfo("blocked_clients", "0");
        AssertSilent(asking);
        _quorum.Line.AcknowledgeAll();
        Assert.True(asking.Read().IsNull);
    }

    /// <summary>
    /// Clients on all loops count, read, tell each other and pause for the others, who acknowledge now and then: whatever number reaches a
    /// client that asked, the others have.
    /// </summary>
    [Fact]
    public async Task NobodyWhoAskedEverSeesWhatOthersDoNotHave()
    {
        using CancellationTokenSource end = new();
        CancellationToken token = TestContext.Current.CancellationToken;
        Task acknowledging = Task.Run(() => Acknowledge(end.Token), token);
        Task[] clients = [.. Enumerable.Range(0, 3 * LoopCount).Select(number => Task.Run(() => Count(number), token))];
        await Task.WhenAll(clients);
        await end.CancelAsync();
        await acknowledging;
    }

    private void Acknowledge(CancellationToken end)
    {
        Random random = new(7);
        while (!end.IsCancellationRequested)
        {
            long reached = _quorum.Line.ReachedEnd;
            _quorum.Line.Advance(reached + random.NextInt64(_quorum.Line.End - reached + 1));
            Thread.Sleep(random.Next(2));
        }
    }

    private void Count(int number)
    {
        using RespConnection client = Connect(true, "HELLO 3");
        string[] ways =
        [
            "INCR n", "GET n", "MULTI\nGET other\nGET n\nEXEC", "MULTI\nINCR n\nEXEC", "MGET other n", "GETRANGE n 0 -1", "GETEX n PERSIST",
        ];
        for (int i = 0; i < 150; i++)
        {
            string way = ways[(i + number) % ways.Length];
            foreach (string command in way.Split('\n'))
            {
                client.Send(command);
            }
            Reply reply = client.Read();
            for (int more = way.Count(letter => letter == '\n'); more > 0; more--)
            {
                reply = client.Read();
            }
            string text = reply.Type == '*' ? reply.Items[^1].Text : reply.Text;
            if (int.TryParse(text, out int seen) && seen > 0)
            {
                Assert.True(
                    _quorum.Line.EndOfIncrement(seen) <= _quorum.Line.ReachedEnd, $"{way} told of {seen}, which others do not have");
            }
        }
    }

    private RespConnection Asking() => Connect(true);

    private RespConnection Connect(bool isAsking, params string[] commands)
    {
        RespConnection client = _server.Connect();
        foreach (string command in isAsking ? ["QUORUM on", .. commands] : commands)
        {
            Assert.False(client.Call(command).IsError);
        }
        return client;
    }

    /// <summary>Sends a command, and returns when it has run.</summary>
    private void Execute(RespConnection client, string command)
    {
        string before = CommandCount();
        client.Send(command);
        Patience.Until(() => CommandCount() != before, "it does not run");
    }

    /// <summary>How often the commands have run that tests execute, as the server tells of itself.</summary>
    private string CommandCount()
    {
        string[] lines = _server.Call("INFO commandstats").Text.Split("\r\n");
        return string.Join(
            ' ',
            lines.Select(line => line.Split(',')[0])
                .Where(count => count.StartsWith("cmdstat_set:", StringComparison.Ordinal)
                    || count.StartsWith("cmdstat_get:", StringComparison.Ordinal)));
    }

    private void AwaitText(string command, string text) =>
        Patience.Until(() => _server.Call(command).Text == text, $"{command} never answers {text}");

    private static void AssertSilent(params ReadOnlySpan<RespConnection> clients)
    {
        foreach (RespConnection client in clients)
        {
            Assert.True(client.IsSilent(SilenceMs), "told too early");
        }
    }
}
