using System.Collections.Concurrent;
using System.Threading.Channels;
using Bixbite.Cluster.Document;

namespace Bixbite.Cluster.Bus;

/// <summary>
/// A connection to another node, after both have proved who they are. Both sides ask, answer and tell; answers come in any order. What
/// waits to be sent is bounded: who asks for more than the peer takes is refused. It lives on the thread pool.
/// </summary>
public sealed class BusConnection : IAsyncDisposable
{
    /// <summary>Frames that wait to be sent.</summary>
    private const int QueueMax = 1024;

    /// <summary>Questions of the peer that are worked on at once; it waits with the next.</summary>
    private const int AnsweringMax = 64;

    private readonly BusStream _stream;
    private readonly BusAnswer _answer;
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<long, TaskCompletionSource<ReadOnlyMemory<byte>?>> _asked = new();
    private readonly SemaphoreSlim _answering = new(AnsweringMax, AnsweringMax);
    private readonly Channel<BusFrame> _queue = Channel.CreateBounded<BusFrame>(QueueMax);
    private readonly Task _work;
    private long _lastNumber;
    private long _heardAtMs = Environment.TickCount64;

    private BusConnection(BusStream stream, BusHello peer, BusAnswer answer)
    {
        _stream = stream;
        _answer = answer;
        Peer = peer.Node;
        PeerCluster = peer.Cluster;
        _work = Task.WhenAll(RunAsync(SendAllAsync), RunAsync(ReceiveAllAsync));
    }

    public ClusterId Peer { get; }

    /// <summary>None if the peer looks for a cluster.</summary>
    public ClusterId PeerCluster { get; }

    /// <summary>When the last frame came, on the clock of <see cref="Environment.TickCount64"/>.</summary>
    public long HeardAtMs => Volatile.Read(ref _heardAtMs);

    public bool IsOpen => !_end.IsCancellationRequested;

    /// <summary>Ends when the connection does, and never fails.</summary>
    public Task Completion => _work;

    /// <summary>Shakes hands over a stream, which is the connection's from here on. Null with the reason if the peer is refused.</summary>
    public static async Task<(BusConnection? Connection, string Reason)> OpenAsync(
        Stream stream, BusIdentity identity, BusAnswer answer, CancellationToken cancellation)
    {
        var frames = new BusStream(stream);
        string reason;
        try
        {
            (BusHello? peer, reason) = await BusHandshake.RunAsync(frames, identity, cancellation).ConfigureAwait(false);
            if (peer is not null)
            {
                return (new BusConnection(frames, peer, answer), "");
            }
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            reason = failure is OperationCanceledException ? "it is silent" : failure.Message;
        }
        await frames.DisposeAsync().ConfigureAwait(false);
        return (null, reason);
    }

    /// <summary>Asks, and waits for the answer; null if there is none, or the connection ends before.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> AskAsync(byte topic, ReadOnlyMemory<byte> payload, CancellationToken cancellation)
    {
        long number = Interlocked.Increment(ref _lastNumber);
        var answered = new TaskCompletionSource<ReadOnlyMemory<byte>?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[number] = answered;
        try
        {
            var question = new BusFrame(BusKind.Ask, topic, number, payload);
            bool isSent = payload.Length <= BusFrame.PayloadMax && _queue.Writer.TryWrite(question) && IsOpen;
            return !isSent ? null : await answered.Task.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _asked.TryRemove(number, out _);
        }
    }

    /// <summary>False if it cannot be sent, now or at all; nobody says whether it arrives.</summary>
    public bool Tell(byte topic, ReadOnlyMemory<byte> payload) =>
        IsOpen && payload.Length <= BusFrame.PayloadMax && _queue.Writer.TryWrite(new BusFrame(BusKind.Tell, topic, 0, payload));

    public async ValueTask DisposeAsync()
    {
        Close();
        await _work.ConfigureAwait(false);
    }

    /// <summary>Ends it; whoever asked hears of it.</summary>
    internal void Close()
    {
        _queue.Writer.TryComplete();
        _end.Cancel();
        foreach (TaskCompletionSource<ReadOnlyMemory<byte>?> asked in _asked.Values)
        {
            asked.TrySetResult(null);
        }
    }

    /// <summary>One of the two directions; the end of one is that of both.</summary>
    private async Task RunAsync(Func<Task> direction)
    {
        try
        {
            await Task.Yield();
            await direction().ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The peer is gone; whoever asked it hears of it.
        }
        finally
        {
            Close();
            await _stream.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task SendAllAsync()
    {
        await foreach (BusFrame frame in _queue.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
        {
            await _stream.WriteAsync(frame, _end.Token).ConfigureAwait(false);
        }
    }

    private async Task ReceiveAllAsync()
    {
        while (await _stream.ReadAsync(BusFrame.PayloadMax, _end.Token).ConfigureAwait(false) is { } frame)
        {
            Volatile.Write(ref _heardAtMs, Environment.TickCount64);
            switch (frame.Kind)
            {
                case BusKind.Answer or BusKind.NoAnswer:
                    if (_asked.TryGetValue(frame.Number, out TaskCompletionSource<ReadOnlyMemory<byte>?>? asked))
                    {
                        asked.TrySetResult(frame.Kind == BusKind.Answer ? frame.Payload : default(ReadOnlyMemory<byte>?));
                    }
                    break;
                case BusKind.Ask or BusKind.Tell:
                    await _answering.WaitAsync(_end.Token).ConfigureAwait(false);
                    _ = AnswerAsync(frame);
                    break;
                default:
                    return;
            }
        }
    }

    private async Task AnswerAsync(BusFrame frame)
    {
        try
        {
            ReadOnlyMemory<byte>? answer = await _answer(this, frame.Topic, frame.Payload, _end.Token).ConfigureAwait(false);
            if (frame.Kind == BusKind.Ask)
            {
                BusKind kind = answer is null ? BusKind.NoAnswer : BusKind.Answer;
                await _queue.Writer.WriteAsync(new BusFrame(kind, frame.Topic, frame.Number, answer ?? default), _end.Token)
                    .ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or ChannelClosedException or ObjectDisposedException)
        {
            // The connection has ended meanwhile.
        }
        finally
        {
            _answering.Release();
        }
    }
}
