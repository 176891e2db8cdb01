using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Bixbite.Cluster.Document;
using Bixbite.Logging;

namespace Bixbite.Cluster.Bus;

/// <summary>
/// This node on the bus: it takes connections of other nodes and answers what they ask, and has one connection of its own to each node
/// that it asks. That is opened when it is needed, and given up when the other side is silent. Any thread may call.
/// </summary>
public sealed class BusNetwork : IAsyncDisposable
{
    /// <summary>Connections whose peers have not proved who they are; the next ones wait in the system's queue.</summary>
    private const int StrangersMax = 64;

    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(2);

    /// <summary>Between two attempts to accept while the system refuses, as without descriptors.</summary>
    private static readonly TimeSpan s_acceptPause = TimeSpan.FromMilliseconds(100);

    private readonly BusIdentity _identity;
    private readonly Func<ClusterId, NodeAddress?> _addressOf;
    private readonly ServerLog _log;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _strangers = new(StrangersMax, StrangersMax);
    private readonly ConcurrentDictionary<byte, BusAnswer> _answers = new();
    private readonly ConcurrentDictionary<ClusterId, BusPeer> _peers = new();
    private readonly ConcurrentDictionary<BusConnection, bool> _accepted = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private string _lastRefusal = "";

    /// <param name="identity">Of this node.</param>
    /// <param name="addressOf">Where a node is; null for one that is not known.</param>
    /// <param name="log">Hears of who is refused.</param>
    public BusNetwork(BusIdentity identity, Func<ClusterId, NodeAddress?> addressOf, ServerLog log)
    {
        _identity = identity;
        _addressOf = addressOf;
        _log = log;
    }

    /// <summary>Where it listens; null if it does not.</summary>
    public IPEndPoint? EndPoint => _listener?.LocalEndPoint as IPEndPoint;

    /// <summary>Listens at a place; the reason if that cannot be.</summary>
    public string? Listen(IPEndPoint place)
    {
        var listener = new Socket(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(place);
            listener.Listen();
        }
        catch (SocketException failure)
        {
            listener.Dispose();
            return $"the cluster bus cannot listen on {place}: {failure.Message}";
        }
        _listener = listener;
        _accepting = AcceptAllAsync(listener);
        return null;
    }

    /// <summary>
    /// Who answers what members of the cluster ask about a topic; nobody if null. A node of no cluster is never answered.
    /// </summary>
    public void Serve(byte topic, BusAnswer? answer)
    {
        if (answer is null)
        {
            _answers.TryRemove(topic, out _);
        }
        else
        {
            _answers[topic] = answer;
        }
    }

    /// <summary>Asks a node; null if it cannot be reached or has no answer.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> AskAsync(
        ClusterId node, byte topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        if (_end.IsCancellationRequested)
        {
            return null;
        }
        BusPeer peer = _peers.GetOrAdd(node, id => new BusPeer(this, id));
        return await peer.AskAsync(topic, payload, cancellation).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        _listener?.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Who is shaking hands finds the end, and gives its place back.
        for (int i = 0; i < StrangersMax; i++)
        {
            await _strangers.WaitAsync().ConfigureAwait(false);
        }
        foreach (BusConnection connection in _accepted.Keys)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
        foreach (BusPeer peer in _peers.Values)
        {
            await peer.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>A new connection to a node; null if there is none.</summary>
    internal async Task<BusConnection?> DialAsync(ClusterId node)
    {
        if (_addressOf(node) is not { Host.Length: > 0 } address)
        {
            return null;
        }
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(s_handshakeLimit);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.BusPort, limit.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            return null;
        }
        BusConnection? connection = await ShakeHandsAsync(socket, limit.Token).ConfigureAwait(false);
        if (connection is not null && connection.Peer != node)
        {
            Refuse($"it is node {connection.Peer}, not {node}", $"{address.Host}:{address.BusPort}");
            await connection.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        return connection;
    }

    private async Task AcceptAllAsync(Socket listener)
    {
        while (!_end.IsCancellationRequested)
        {
            await _strangers.WaitAsync(_end.Token).ConfigureAwait(false);
            if (await AcceptAsync(listener).ConfigureAwait(false) is { } socket)
            {
                _ = WelcomeAsync(socket);
            }
            else
            {
                _strangers.Release();
            }
        }
    }

    private async Task<Socket?> AcceptAsync(Socket listener)
    {
        try
        {
            return await listener.AcceptAsync(_end.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            await Task.Delay(s_acceptPause, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return null;
        }
    }

    private async Task WelcomeAsync(Socket socket)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
            limit.CancelAfter(s_handshakeLimit);
            if (await ShakeHandsAsync(socket, limit.Token).ConfigureAwait(false) is { } connection)
            {
                _accepted[connection] = true;
                _ = ForgetAsync(connection);
            }
        }
        finally
        {
            _strangers.Release();
        }
    }

    private async Task ForgetAsync(BusConnection connection)
    {
        await connection.Completion.ConfigureAwait(false);
        _accepted.TryRemove(connection, out _);
    }

    private async Task<BusConnection?> ShakeHandsAsync(Socket socket, CancellationToken cancellation)
    {
        string place;
        NetworkStream stream;
        try
        {
            place = $"{socket.RemoteEndPoint}";
            socket.NoDelay = true;
            stream = new NetworkStream(socket, ownsSocket: true);
        }
        catch (Exception failure) when (failure is SocketException or IOException or ObjectDisposedException)
        {
            // It went as soon as it came.
            socket.Dispose();
            return null;
        }
        (BusConnection? connection, string reason) =
            await BusConnection.OpenAsync(stream, _identity, AnswerAsync, cancellation).ConfigureAwait(false);
        if (connection is null && !_end.IsCancellationRequested)
        {
            Refuse(reason, place);
        }
        return connection;
    }

    private async ValueTask<ReadOnlyMemory<byte>?> AnswerAsync(
        BusConnection from, byte topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation) =>
        from.PeerCluster == _identity.Cluster && _answers.TryGetValue(topic, out BusAnswer? answer)
            ? await answer(from, topic, payload, cancellation).ConfigureAwait(false)
            : null;

    /// <summary>Peers come again and again: a reason is told once, until there is another one.</summary>
    private void Refuse(string reason, string place)
    {
        if (Interlocked.Exchange(ref _lastRefusal, reason) != reason)
        {
            _log.Write(LogLevel.Warning, $"The cluster bus refuses {place}: {reason}");
        }
    }
}
