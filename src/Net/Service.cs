using Bixbite.Net.Channels;

namespace Bixbite.Net;

/// <summary>
/// One kind of connections: which handler serves them, on each of several loops. Whoever accepts or makes a connection gives it to the
/// service, which gives it to its loops in turn. May be used by any thread.
/// </summary>
public sealed class Service
{
    private readonly EventLoop[] _loops;
    private readonly IConnectionHandler[] _handlers;
    private readonly Dictionary<long, PipeChannel> _pipes = [];
    private int _turn = -1;
    private long _pipeCount;
    private bool _hasFailed;

    /// <param name="loops">At least one; the first accepts.</param>
    /// <param name="createHandler">Makes the handler of one loop; called once for each, at once.</param>
    public Service(IReadOnlyList<EventLoop> loops, Func<EventLoop, IConnectionHandler> createHandler)
    {
        ArgumentOutOfRangeException.ThrowIfZero(loops.Count);
        _loops = [.. loops];
        _handlers = [.. loops.Select(createHandler)];
    }

    /// <summary>The handlers, one for each loop in their order.</summary>
    public IReadOnlyList<IConnectionHandler> Handlers => _handlers;

    /// <summary>The handler of one of its loops.</summary>
    public IConnectionHandler HandlerOf(EventLoop loop) => _handlers[Array.IndexOf(_loops, loop)];

    /// <summary>The loop that accepts.</summary>
    internal EventLoop First => _loops[0];

    /// <summary>Whether the loop whose turn is next has room for a handshake more.</summary>
    internal bool HasRoomForHandshake => _loops[((uint)Volatile.Read(ref _turn) + 1) % (uint)_loops.Length].Handshakes.HasRoom;

    /// <summary>
    /// Makes a connection within the process, which is served like any other, and returns the peer's end. A service whose loops have ended
    /// closes it at once; one whose loops have not begun serves it when they do.
    /// </summary>
    /// <param name="isTrusted">The peer is the owner of this side, who need not say who it is.</param>
    public InProcessStream Connect(bool isTrusted = false)
    {
        long number = Interlocked.Increment(ref _pipeCount);
        PipeChannel channel = new(number, isTrusted) { Closed = () => Forget(number) };
        InProcessStream peer = channel.CreatePeer();
        if (TryRemember(number, channel))
        {
            Serve(channel, isLater: true);
        }
        else
        {
            channel.BreakOff();
        }
        return peer;
    }

    /// <summary>
    /// The loops have ended by a failure and close nothing: streams within the process are broken off, as the system resets the sockets
    /// of a process that is gone. So are those that come later. Once no loop runs any more.
    /// </summary>
    public void Fail()
    {
        PipeChannel[] pipes;
        lock (_pipes)
        {
            _hasFailed = true;
            pipes = [.. _pipes.Values];
            _pipes.Clear();
        }
        foreach (PipeChannel pipe in pipes)
        {
            pipe.BreakOff();
        }
    }

    /// <summary>As <see cref="Connect"/>, for a peer that is a connection of a loop: returns the channel of its end.</summary>
    internal PipeChannel Reach()
    {
        PipeChannel channel = new(Interlocked.Increment(ref _pipeCount));
        PipeChannel other = channel.CreateOtherEnd();
        Serve(channel);
        return other;
    }

    /// <summary>
    /// Gives a connected channel to the next loop, which closes it when the connection ends; at once if the loop has ended.
    /// </summary>
    /// <param name="channel">Connected.</param>
    /// <param name="isLater">Whoever calls may be within a call of a handler, such as a logger.</param>
    internal void Serve(ByteChannel channel, bool isLater = false)
    {
        uint turn = (uint)Interlocked.Increment(ref _turn) % (uint)_loops.Length;
        _loops[turn].Adopt(channel, _handlers[turn], isLater);
    }

    private bool TryRemember(long number, PipeChannel channel)
    {
        lock (_pipes)
        {
            return !_hasFailed && _pipes.TryAdd(number, channel);
        }
    }

    private void Forget(long number)
    {
        lock (_pipes)
        {
            _pipes.Remove(number);
        }
    }
}
