using Bixbite.Platform;

namespace Bixbite.Engine.Durability;

/// <summary>
/// A promise that output waits for before it leaves: that what it tells of is durable on this server's disk, or acknowledged by others. A
/// change reaches a position of the line when its turn ends, and whoever keeps the promise advances the line up to there. Positions only
/// grow. Owned by its module, and changed under the execution lock but for <see cref="Advance"/>.
/// <code>
///   ...... the promise is kept ......|...... changed, and not kept yet ......|
///                              ReachedEnd                                   End
/// </code>
/// While the promise cannot be kept (the disk fails, the others are gone) the line stays where it is, and so does what waits. Where it is
/// not wanted any longer its owner advances it to its end, and everything goes.
/// </summary>
/// <param name="concernsAll">Everybody's output waits for it; otherwise that of the clients that ask for it.</param>
/// <param name="holdsReaders">
/// Also what only shows a change waits for it; otherwise the replies to those who change something, and what is sent outside of replies.
/// </param>
public abstract class DurabilityLine(bool concernsAll, bool holdsReaders = true)
{
    private long _reachedEnd;

    /// <summary>Everybody's output waits for it.</summary>
    public bool ConcernsAll => concernsAll;

    /// <summary>Who reads what has changed waits for it.</summary>
    public bool HoldsReaders => holdsReaders;

    /// <summary>Its number among the lines of its server.</summary>
    public int Number { get; internal set; } = -1;

    /// <summary>Everything before this position keeps the promise. Any thread.</summary>
    public long ReachedEnd => Volatile.Read(ref _reachedEnd);

    /// <summary>The position that all changes so far have reached.</summary>
    public abstract long End { get; }

    /// <summary>Output comes to wait for it. While it is not in use, only what waits already does.</summary>
    public bool IsInUse { get; private set; }

    /// <summary>Where lines are; null until it is added.</summary>
    internal DurabilityLines? Owner { get; set; }

    /// <summary>
    /// A turn is over, whether the line is in use or not: does what is due for its changes. Returns the position that they reach; 0 where
    /// nothing has to wait for them.
    /// </summary>
    public abstract long EndTurn();

    /// <summary>
    /// A client that has asked for it has changed something in this turn. Only where nothing else holds readers.
    /// </summary>
    public virtual void NoteAwaited()
    {
    }

    /// <summary>The promise is kept up to this position, or need not be. Any thread.</summary>
    public void Advance(long end)
    {
        if (RisingPosition.TryRaise(ref _reachedEnd, end))
        {
            Owner?.Advanced?.Invoke(Number, end);
        }
    }

    /// <summary>From now on output comes to wait for it, or does not any longer.</summary>
    protected void Use(bool isInUse)
    {
        if (isInUse != IsInUse)
        {
            IsInUse = isInUse;
            Owner?.NoteUse(this);
        }
    }
}
