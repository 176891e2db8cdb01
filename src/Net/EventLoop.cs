using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Net.Channels;
using Bixbite.Net.Transports;
using Bixbite.Platform;

namespace Bixbite.Net;

/// <summary>One thread's loop over its connections: waits, receives, lets the handler execute, sends. Knows nothing of its user.</summary>
/// <remarks>
/// A round:
/// <code>
///   wait -> note the edges -> mailbox -> release what may go -> tick -> accept -> connect
///              -> for each connection to visit: one recv -> handler.Received      (arena full: finish the batch, go on)
///              -> finish the batch: inbox, handler.Execute -> one send per connection -> settle unconsumed input
///              -> close what is doomed -> handler.Closed
/// </code>
/// Nothing here allocates on the managed heap once the lists have grown, and nothing blocks but the wait. docs/EVENT_LOOP.md draws
/// the whole. Everything belongs to the thread inside <see cref="Run"/>, or while that sleeps to a guest for one round
/// (<see cref="RunOrPost"/>); other threads use <see cref="Post"/>, <see cref="Release"/> and <see cref="Stop"/> only.
/// </remarks>
public sealed class EventLoop : IDisposable
{
    /// <summary>Output may wait for so many lines.</summary>
    public const int LineCountMax = 12;

    /// <summary>So many connections at a time agree with their peers on how to encrypt, before they are served.</summary>
    public const int HandshakesMax = Handshakes.CountMax;

    private readonly ILoopUser _user;
    private readonly Mailbox _mailbox;
    private readonly LoopTimer _timer;
    private readonly Receiver _receiver;
    private readonly Sender _sender;
    private readonly FreedPages _freedPages;
    private readonly LoopOwner _owner;
    private volatile bool _isStopping;

    /// <summary>A loop without others.</summary>
    public EventLoop(ILoopUser user, IClock clock)
        : this(user, clock, new ExecutionLock(isShared: false), SocketTransport.Standard)
    {
    }

    /// <summary>One of several loops that share the lock; whoever makes the lock disposes it after the loops.</summary>
    /// <exception cref="IOException">There are no descriptors left.</exception>
    public EventLoop(ILoopUser user, IClock clock, ExecutionLock executionLock, SocketTransport transport)
    {
        Transport = transport;
        Poller = transport.CreatePoller();
        _mailbox = new Mailbox(Poller);
        Lock = executionLock;
        _owner = new LoopOwner(_mailbox, executionLock);
        _freedPages = new FreedPages(Heap, Workspace);
        Deliveries = new Deliveries(this);
        _sender = new Sender(this, Poller);
        Acceptor = new Acceptor(this);
        Connector = new Connector();
        Handshakes = new Handshakes(this, Poller, clock);
        _user = user;
        _timer = new LoopTimer(clock, user, Statistics);
        _receiver = new Receiver(this, Poller);
    }

    /// <summary>
    /// The memory of what connections keep between rounds: unconsumed input and unsent output. Other threads may read its counters.
    /// </summary>
    public Heap Heap { get; } = new();

    /// <summary>
    /// The memory of what the loop itself uses again in every round, whoever is served. It grows and shrinks when it suits the loop, so it
    /// has a heap of its own: <see cref="Heap"/> counts what clients hold, to the byte.
    /// </summary>
    public Heap Workspace { get; } = new();

    /// <summary>
    /// Bytes of <see cref="Heap"/> for output that was delivered as excused (<see cref="ExecutionLock.IsExcusing"/>) and that its receivers
    /// have not read. Other threads may read it.
    /// </summary>
    public long ExcusedBytes { get; internal set; }

    /// <summary>Replies of all connections of the round, one after the other; the handler appends, and marks with EndReplies.</summary>
    public NativeBuffer Output => _sender.Output;

    /// <summary>Gets back the blocks that <see cref="Connection.WritePinnedReply"/> was given; null where nobody calls that.</summary>
    public PinnedBlocks? Pinned { get; set; }

    public LoopStatistics Statistics { get; } = new();

    public int ConnectionCount => Connections.Count;

    public long BytesReceived => Statistics.BytesReceived;

    public long BytesSent => Statistics.BytesSent;

    /// <summary>True on the thread that the loop belongs to: the one inside <see cref="Run"/>, or a guest.</summary>
    public bool IsCurrent => _owner.IsCurrent;

    /// <summary>The connection whose replies the handler is making, within Execute; the handler sets it.</summary>
    public Connection? Replying { get; set; }

    /// <summary>Held while the handler executes; whoever has it may deliver to connections of every loop that shares it.</summary>
    public ExecutionLock Lock { get; }

    /// <summary>Where its sockets come from.</summary>
    public SocketTransport Transport { get; }

    internal Poller Poller { get; }

    internal ConnectionTable Connections { get; } = new();

    internal Work Work { get; } = new();

    internal Deliveries Deliveries { get; }

    /// <summary>When something besides the tick is due.</summary>
    private long DueUs => Math.Min(Math.Min(Acceptor.DueUs, Connector.DueUs), Math.Min(Handshakes.DueUs, _sender.DueUs));

    private bool HasWork => Work.ToVisit.Count > 0 || _mailbox.HasWork || _freedPages.Any || Handshakes.HasReady(_timer.NowUs);

    internal Inbox Inbox => Deliveries.Inbox;

    /// <summary>Loops in whose inboxes this one has left something since it took the lock.</summary>
    internal List<EventLoop> Reached { get; } = [];

    internal Acceptor Acceptor { get; }

    internal Connector Connector { get; }

    internal Handshakes Handshakes { get; }

    internal RoundTimes RoundTimes => _timer.Round;

    internal long NowUs => _timer.ReadNow();

    /// <summary>Tells one taking of the lock from the others.</summary>
    internal int Turn { get; private set; }

    /// <summary>Runs the action on the loop's thread before the next Execute. Any thread; false if the loop has ended.</summary>
    public bool Post(Action action) => _mailbox.Post(action);

    /// <summary>
    /// Begins to connect outwards. The handler is told in a later round, once (<see cref="IOutgoingHandler"/>); a loop that has ended tells
    /// nobody, and the attempt is cancelled. Any thread.
    /// </summary>
    /// <param name="target">Where to.</param>
    /// <param name="handler">Serves the connection.</param>
    /// <param name="state">The connection's <see cref="Connection.State"/> when it is opened.</param>
    public ConnectAttempt Connect(ConnectTarget target, IOutgoingHandler handler, object? state = null)
    {
        ConnectAttempt attempt = new(this, target, handler, state);
        if (_owner.IsOwnThread)
        {
            Connector.Begin(attempt);
        }
        else if (!Post(() => Connector.Begin(attempt)))
        {
            attempt.Leave(ConnectStage.Cancelled);
        }
        return attempt;
    }

    /// <summary>Runs the action with the lock, as one of the handler's calls. The loop's thread only.</summary>
    public void RunLocked(Action action)
    {
        Enter();
        action();
        Exit();
    }

    /// <summary>A line has reached a position: what waits for it or an earlier one may go, as far as no other line holds it.</summary>
    /// <remarks>Any thread. A line's positions only grow.</remarks>
    public void Release(int line, long position)
    {
        if (_sender.NoteReached(line, position))
        {
            _mailbox.Ring();
        }
    }

    /// <summary>Makes the next <see cref="ILoopUser.Tick"/> come within so many milliseconds. The loop's thread only.</summary>
    public void TickWithin(int ms) => _timer.Reschedule(ms);

    /// <summary>Serves on the calling thread until <see cref="Stop"/>, then closes every connection.</summary>
    public void Run()
    {
        _owner.Begin();
        try
        {
            while (!_isStopping)
            {
                Round();
            }
            End();
        }
        finally
        {
            _owner.End();
        }
    }

    /// <summary>Ends <see cref="Run"/> after the round under way. Any thread.</summary>
    public void Stop()
    {
        _isStopping = true;
        _mailbox.Post(static () => { });
    }

    /// <summary>Gives back everything; after <see cref="Run"/> has returned, or instead of it.</summary>
    public void Dispose()
    {
        if (_mailbox.IsDisposed)
        {
            return;
        }
        End();
        _mailbox.Dispose();
        Poller.Dispose();
        _receiver.Dispose();
        _sender.Dispose();
        Deliveries.Dispose();
        Handshakes.Dispose();
        Heap.Dispose();
        Workspace.Dispose();
    }

    /// <summary>
    /// In place of <see cref="Dispose"/> where <see cref="Run"/> has failed: closes all descriptors, so that peers notice, and calls
    /// nobody. The memory stays, since nobody knows what of it is sound.
    /// </summary>
    public void Abandon()
    {
        for (int slot = 0; slot < Connections.SlotCount; slot++)
        {
            Connections[slot]?.Channel.Close();
        }
        Acceptor.CloseAll();
        Connector.Abandon();
        Handshakes.Abandon();
        _mailbox.Dispose();
        Poller.Dispose();
    }

    /// <summary>Ends the loop's sleep. Any thread.</summary>
    internal void Wake() => _mailbox.Ring();

    internal void EnforceLimit(Connection connection) => _sender.EnforceLimit(connection, _timer.NowUs);

    internal void Hold(Connection connection, int line, long position) => _sender.Hold(connection, line, position, _timer.NowUs);

    internal void NoteOutputLimitExceeded(Connection connection) => connection.Handler.OutputLimitExceeded(connection);

    /// <summary>Milliseconds that a peer has to agree with, where a channel asks for that. Any thread.</summary>
    public int HandshakeTimeoutMs
    {
        get => Handshakes.TimeoutMs;
        set => Handshakes.TimeoutMs = value;
    }

    /// <summary>
    /// Runs the action on the calling thread as a guest, with the visits that it makes due, where the loop sleeps and nobody executes;
    /// posts it otherwise. Whoever calls must not hold anything that the handler could want. False if the loop has ended.
    /// </summary>
    internal bool RunOrPost(Action action)
    {
        if (!_owner.TryBorrow())
        {
            return Post(action);
        }
        try
        {
            _timer.BeginGuest();
            Statistics.Rounds++;
            action();
            VisitAll();
            Finish();
            _timer.EndGuest();
        }
        catch (Exception failure)
        {
            _owner.Fail(failure);
        }
        // The own thread goes on with what is left, or is due earlier than it knows.
        _owner.GiveBack(isToWake: HasWork || _timer.DueUs(DueUs) < _timer.WakeUs);
        return true;
    }

    /// <summary>Takes over a connected channel, to be served by the handler. Any thread.</summary>
    /// <param name="channel">Connected.</param>
    /// <param name="handler">Serves the connection.</param>
    /// <param name="isLater">
    /// Whoever calls may be within a call of the handler. A guest always is: between its events and their round the own thread must find in
    /// each slot what was there.
    /// </param>
    internal void Adopt(ByteChannel channel, IConnectionHandler handler, bool isLater)
    {
        if (!isLater && _owner.IsOwnThread)
        {
            Accept(channel, handler);
        }
        else if (!Post(() => Accept(channel, handler)))
        {
            channel.Close();
        }
    }

    /// <summary>Serves a channel from now on; 0, or the error that left it closed. The loop's thread only.</summary>
    /// <param name="channel">Connected.</param>
    /// <param name="handler">Serves the connection.</param>
    /// <param name="origin">If this side has begun the connection. Of one that was cancelled the handler is not told.</param>
    /// <param name="hasAgreed">It has agreed with its peer: it is watched already, and may have bytes that no event announces.</param>
    internal int Open(ByteChannel channel, IConnectionHandler handler, ConnectAttempt? origin, bool hasAgreed = false)
    {
        Connection connection = new(this, channel, handler, Connections.NextSlot) { State = origin?.State };
        int result = channel.Descriptor < 0 ? 0
            : hasAgreed ? Poller.ChangeTag(channel.Descriptor, (ulong)connection.Slot)
            : Poller.Add(channel.Descriptor, (ulong)connection.Slot);
        if (result < 0)
        {
            channel.Close();
            return -result;
        }
        Enter();
        if (origin is { IsCancelled: true })
        {
            Exit();
            channel.Close();
            return Errno.ECANCELED;
        }
        Connections.Add(connection);
        handler.Opened(connection);
        Exit();
        channel.Attach(connection);
        if (hasAgreed)
        {
            connection.NoteRead(ChannelNext.Ready);
            connection.RevisitIfWanted();
        }
        return 0;
    }

    /// <summary>Serves an accepted channel that has agreed with its peer. The loop's thread only.</summary>
    internal void OpenAgreed(ByteChannel channel, IConnectionHandler handler)
    {
        if (Open(channel, handler, origin: null, hasAgreed: true) == 0)
        {
            Statistics.Accepted++;
        }
    }

    /// <summary>Takes no more posts and closes what is open, also what nobody has served.</summary>
    private void End()
    {
        _mailbox.Shut();
        Acceptor.CloseAll();
        Connector.End();
        Handshakes.End();
        _sender.Release(_timer.NowUs);
        FinishBatch();
        for (int slot = 0; slot < Connections.SlotCount; slot++)
        {
            Connections[slot]?.Abort();
        }
        Finish();
    }

    private void Round()
    {
        int eventCount = HasWork ? Poller.Wait(0) : Sleep(_timer.SleepMs(DueUs));
        Statistics.Rounds++;
        _timer.Read();
        Poller.Tell(this, eventCount);
        _mailbox.Run();
        _sender.Release(_timer.NowUs);
        if (_timer.IsTickDue)
        {
            Tick();
        }
        Acceptor.Accept(_timer.NowUs);
        Connector.Run(_timer.NowUs);
        VisitAll();
        Finish();
        if (Handshakes.Count > 0)
        {
            // After whoever is connected.
            Handshakes.Run(_timer.NowUs);
            Finish();
        }
        _freedPages.GiveBackSome();
        if (_timer.IsHousekeepingDue())
        {
            RunHousekeeping();
        }
    }

    /// <summary>Waits for events; meanwhile guests may run the loop.</summary>
    private int Sleep(int timeoutMs)
    {
        if (timeoutMs == 0)
        {
            return Poller.Wait(0);
        }
        _owner.Lend();
        int eventCount = Poller.Wait(timeoutMs);
        _owner.TakeBack();
        return eventCount;
    }

    private void VisitAll()
    {
        Work.BeginVisits();
        WorkList visited = Work.Visited;
        for (int index = 0; index < visited.Count; index++)
        {
            Visit(visited[index]);
        }
        visited.Clear();
    }

    private void Visit(Connection connection)
    {
        connection.Flags &= ~ConnectionFlags.IsQueued;
        if (connection.IsGone)
        {
            return;
        }
        if ((!connection.Queue.IsEmpty || connection.HasSourceOutput) && !connection.IsSet(ConnectionFlags.WriteAwaits))
        {
            _sender.Drain(connection);
        }
        if (connection.IsClosing)
        {
            return;
        }
        if (connection.IsSet(ConnectionFlags.IsPaused))
        {
            Receiver.Watch(connection);
        }
        else if (connection.IsSet(ConnectionFlags.IsAgain))
        {
            if (connection.Queue.IsEmpty)
            {
                _receiver.PresentRest(connection);
            }
        }
        else if (!connection.IsSet(ConnectionFlags.ReadAwaits | ConnectionFlags.IsBackpressured))
        {
            if (_receiver.TryReceive(connection))
            {
                return;
            }
            FinishBatch();
            if (!connection.IsClosing && !_receiver.TryReceive(connection))
            {
                Debug.Fail("an empty arena has room for one connection");
            }
        }
    }

    private void FinishBatch()
    {
        if (Work.Batch.Count > 0 || Inbox.HasItems)
        {
            _timer.NoteReceived();
            Enter();
            if (Lock.IsShared)
            {
                _timer.NoteLocked();
            }
            foreach (IConnectionHandler handler in Work.Handlers)
            {
                handler.Execute();
            }
            Exit();
            Work.Handlers.Clear();
        }
        _sender.Flush(_timer.NowUs);
        Deliveries.Clear();
        _receiver.SettleBatch();
    }

    private void Tick()
    {
        Enter();
        _timer.Tick();
        Exit();
    }

    /// <summary>Takes the lock, and first carries out what other loops have left: it happened before whatever happens now.</summary>
    private void Enter()
    {
        Lock.Enter(this);
        Turn++;
        if (Inbox.HasItems)
        {
            Deliveries.EmptyInbox();
        }
    }

    private void Exit()
    {
        ReadOnlySpan<long> positions = _user.EndTurn();
        if (!positions.IsEmpty)
        {
            Deliveries.Hold(positions);
        }
        Lock.Exit(positions);
    }

    /// <summary>Ends a round: what closing connections makes the handler write is sent too.</summary>
    private void Finish()
    {
        do
        {
            FinishBatch();
            CloseDoomed();
        }
        while (Work.Dirty.Count > 0);
    }

    private void CloseDoomed()
    {
        WorkList doomed = Work.Doomed;
        for (int index = 0; index < doomed.Count; index++)
        {
            Close(doomed[index]);
        }
        doomed.Clear();
    }

    private void Accept(ByteChannel channel, IConnectionHandler handler)
    {
        if (channel.NeedsHandshake)
        {
            _ = Handshakes.Begin(channel, handler, origin: null);
        }
        else if (Open(channel, handler, origin: null) == 0)
        {
            Statistics.Accepted++;
        }
    }

    private void Close(Connection connection)
    {
        Debug.Assert(!connection.IsSet(ConnectionFlags.IsClosed) && !connection.IsSet(ConnectionFlags.IsInBatch));
        connection.Flags |= ConnectionFlags.IsClosed;
        if (!connection.IsSet(ConnectionFlags.IsAborted))
        {
            connection.Channel.EndWriting();
        }
        connection.Channel.Close();
        connection.Source = null;
        connection.Input.Drop(Heap);
        connection.Queue.Drop(Heap, Pinned);
        connection.LimitExcused();
        _sender.Forget(connection);
        Connections.Remove(connection);
        Enter();
        connection.Handler.Closed(connection);
        Exit();
    }

    /// <summary>Once a second: soft limits run out without anything happening, and memory that has become free goes back.</summary>
    private void RunHousekeeping()
    {
        for (int slot = 0; slot < Connections.SlotCount; slot++)
        {
            Connection? connection = Connections[slot];
            if (connection != null && (!connection.Queue.IsEmpty || connection.Source != null))
            {
                _sender.EnforceLimit(connection, _timer.NowUs);
            }
        }
        _sender.ShrinkOutput();
        Handshakes.CoolUnused();
        RunLocked(Deliveries.Shrink);
        Heap.Trim();
        Workspace.Trim();
        Finish();
    }
}
