using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Net;

/// <summary>
/// The right to run requests, and to reach connections of any loop. The loops of one server share it: each takes it for the requests of a
/// round. With a single loop nobody competes, and taking it is free.
/// </summary>
/// <remarks>
/// What a connection gets from elsewhere takes its place in the connection's output while the lock is held, so the order of delivery is the
/// order of execution:
/// <code>
///   loop A   Enter   PUBLISH: own connections at once, B's into B's inbox    Exit: B's inbox is sealed with A's positions, B is woken
///   loop B                                                                   Enter: takes its inbox   its own requests   Exit
/// </code>
/// Since a loop takes its inbox before anything else it does with the lock, nothing that it does can come before what was left for it.
/// </remarks>
public sealed class ExecutionLock(bool isShared) : IDisposable
{
    private readonly Lock? _lock = isShared ? new Lock() : null;
    private bool _isBroken;

    /// <summary>Memory of the inboxes. Other threads may read its counters.</summary>
    public Heap Heap { get; } = new();

    /// <summary>
    /// Output delivered while this is on was not asked for by its receivers: the memory that it takes until they read it is counted apart
    /// (<see cref="EventLoop.ExcusedBytes"/>). Switched by whoever has the lock.
    /// </summary>
    public bool IsExcusing { get; set; }

    /// <summary>Several loops take it, so that one may wait for another.</summary>
    internal bool IsShared => _lock is not null;

    /// <summary>The loop that has the lock; null if none has.</summary>
    internal EventLoop? Owner { get; private set; }

    public void Dispose() => Heap.Dispose();

    /// <summary>
    /// A loop has failed, with the lock or without: nobody gets it any more, since what it protects may be half done. By the loop's thread.
    /// </summary>
    public void Break()
    {
        if (_lock is null)
        {
            return;
        }
        if (!_lock.IsHeldByCurrentThread)
        {
            _lock.Enter();
        }
        _isBroken = true;
        Owner = null;
        while (_lock.IsHeldByCurrentThread)
        {
            _lock.Exit();
        }
    }

    /// <summary>
    /// For a guest of a loop, before its round: that <see cref="Enter"/> waits for nobody. False where somebody executes, or nobody may
    /// any more.
    /// </summary>
    internal bool TryReserve()
    {
        if (_lock is null)
        {
            return true;
        }
        if (!_lock.TryEnter())
        {
            return false;
        }
        if (_isBroken)
        {
            _lock.Exit();
            return false;
        }
        return true;
    }

    /// <summary>After the guest's round; nothing where the lock was broken in it.</summary>
    internal void EndReservation()
    {
        if (_lock is { IsHeldByCurrentThread: true })
        {
            _lock.Exit();
        }
    }

    internal void Enter(EventLoop loop)
    {
        _lock?.Enter();
        if (_isBroken)
        {
            _lock?.Exit();
            throw new InvalidOperationException("Another loop has failed.");
        }
        Debug.Assert(Owner == null, "the lock is not taken twice");
        Owner = loop;
    }

    /// <summary>
    /// Gives the lock back; what the owner has left in other loops' inboxes waits for these positions, and those loops are woken.
    /// </summary>
    internal void Exit(ReadOnlySpan<long> positions)
    {
        List<EventLoop> reached = Owner!.Reached;
        foreach (EventLoop loop in reached)
        {
            loop.Inbox.Seal(positions);
        }
        Owner = null;
        _lock?.Exit();
        if (reached.Count == 0)
        {
            return;
        }
        foreach (EventLoop loop in reached)
        {
            loop.Wake();
        }
        reached.Clear();
    }
}
