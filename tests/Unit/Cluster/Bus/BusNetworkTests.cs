using System.Net;
using System.Net.Sockets;
using System.Text;
using Bixbite.Cluster.Bus;
using Bixbite.Cluster.Document;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Cluster.Bus;

public sealed class BusNetworkTests : IAsyncDisposable
{
    private const byte Echo = 1;
    private static readonly ClusterId s_cluster = new(9, 9);
    private readonly Lock _lock = new();
    private readonly Dictionary<ClusterId, int> _ports = [];
    private readonly Dictionary<ClusterId, BusNetwork> _nodes = [];
    private readonly List<string> _told = [];
    private readonly ServerLog _log;

    public BusNetworkTests() => _log = new ServerLog(SystemClock.Instance, (_, text) =>
    {
        lock (_lock)
        {
            _told.Add(text);
        }
    });

    [Fact]
    public async Task MembersAskEachOther()
    {
        Start(1);
        Start(2);
        Assert.Equal("2 hears 1: hello", await AskAsync(1, 2, "hello"));
        Assert.Equal("1 hears 2: hello", await AskAsync(2, 1, "hello"));
        string?[] answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => AskAsync(1, 2, $"{i}")));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"2 hears 1: {i}"), answers);
    }

    [Fact]
    public async Task WhatNobodyServesHasNoAnswer()
    {
        Start(1);
        Start(2).Serve(Echo, null);
        Assert.Null(await AskAsync(1, 2, "hello"));
        Assert.Null(await AskAsync(1, 3, "hello"));
    }

    [Fact]
    public async Task ANodeThatComesBackIsReachedAgain()
    {
        Start(1);
        Start(2);
        Assert.NotNull(await AskAsync(1, 2, "hello"));
        await StopAsync(2);
        Assert.Null(await AskAsync(1, 2, "hello"));
        Start(2);
        await UntilAnsweredAsync(1, 2);
    }

    [Fact]
    public async Task ANodeOfNoClusterHasNoAnswer()
    {
        Start(1);
        Start(2, new BusIdentity(default, Name(2), Secret("s")));
        Assert.Null(await AskAsync(2, 1, "hello"));
        Assert.Null(await AskAsync(1, 2, "hello"));
    }

    [Theory]
    [InlineData(9, "another", "does not know the secret")]
    [InlineData(8, "s", "of cluster")]
    public async Task WhoIsNoMemberIsRefusedAndTheLogTellsWhy(int cluster, string secret, string reason)
    {
        Start(1);
        Start(2, new BusIdentity(new ClusterId((UInt128)cluster, 9), Name(2), Secret(secret)));
        Assert.Null(await AskAsync(2, 1, "hello"));
        Patience.Until(() => Has(reason));
    }

    [Fact]
    public async Task AnotherNodeAtTheSameAddressIsNotTakenForIt()
    {
        Start(1);
        Start(2);
        lock (_lock)
        {
            _ports[Name(3)] = _ports[Name(2)];
        }
        Assert.Null(await AskAsync(1, 3, "hello"));
        Patience.Until(() => Has($"it is node {Name(2)}, not {Name(3)}"));
        Assert.NotNull(await AskAsync(1, 2, "hello"));
    }

    [Fact]
    public async Task SilentStrangersKeepNobodyOut()
    {
        Start(1);
        Start(2);
        var strangers = new List<Socket>();
        for (int i = 0; i < 100; i++)
        {
            var stranger = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await stranger.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _ports[Name(2)]), Limit());
            strangers.Add(stranger);
        }
        await UntilAnsweredAsync(1, 2);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    [Fact]
    public async Task WhoWaitsForASilentNodeMayGiveUp()
    {
        Start(1);
        using var silent = new Socket(SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();
        lock (_lock)
        {
            _ports[Name(2)] = ((IPEndPoint)silent.LocalEndPoint!).Port;
        }
        using var soon = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await _nodes[Name(1)].AskAsync(Name(2), Echo, default, soon.Token));
    }

    [Fact]
    public async Task APortThatIsTakenIsAReason()
    {
        Start(1);
        await using var other = new BusNetwork(new BusIdentity(s_cluster, Name(2), default), AddressOf, _log);
        Assert.Contains("cannot listen", other.Listen(_nodes[Name(1)].EndPoint!), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (BusNetwork node in _nodes.Values)
        {
            await node.DisposeAsync();
        }
        _log.Dispose();
    }

    private static ClusterId Name(int number) => new((UInt128)number, 7);

    private static byte[] Secret(string text) => Encoding.ASCII.GetBytes(text);

    private static CancellationToken Limit() => new CancellationTokenSource(Patience.LimitMs).Token;

    private BusNetwork Start(int number, BusIdentity? identity = null)
    {
        var node = new BusNetwork(identity ?? new BusIdentity(s_cluster, Name(number), Secret("s")), AddressOf, _log);
        _nodes[Name(number)] = node;
        node.Serve(Echo, (from, _, payload, _) =>
        {
            string text = $"{number} hears {from.Peer.High}: {Encoding.ASCII.GetString(payload.Span)}";
            return new(Encoding.ASCII.GetBytes(text));
        });
        lock (_lock)
        {
            Assert.Null(node.Listen(new IPEndPoint(IPAddress.Loopback, _ports.GetValueOrDefault(Name(number)))));
            _ports[Name(number)] = node.EndPoint!.Port;
        }
        return node;
    }

    private async Task StopAsync(int number)
    {
        await _nodes[Name(number)].DisposeAsync();
        _nodes.Remove(Name(number));
    }

    private NodeAddress? AddressOf(ClusterId node)
    {
        lock (_lock)
        {
            return _ports.TryGetValue(node, out int port) ? new NodeAddress("127.0.0.1", 1, 0, port) : null;
        }
    }

    private bool Has(string reason)
    {
        lock (_lock)
        {
            return _told.Any(text => text.Contains(reason, StringComparison.Ordinal));
        }
    }

    private async Task<string?> AskAsync(int from, int to, string text)
    {
        ReadOnlyMemory<byte>? answer = await _nodes[Name(from)].AskAsync(Name(to), Echo, Encoding.ASCII.GetBytes(text), Limit());
        return answer is { } bytes ? Encoding.ASCII.GetString(bytes.Span) : null;
    }

    private async Task UntilAnsweredAsync(int from, int to)
    {
        long startedMs = Environment.TickCount64;
        while (await AskAsync(from, to, "again") is null)
        {
            Assert.False(Patience.IsOver(startedMs));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
