namespace Bixbite.Engine.Durability;

/// <summary>
/// The positions, one of each line, that everything reaches which a session has changed or seen: none of its output, and nothing that its
/// commands send to others, leaves before. Kept by <see cref="DurabilityLines"/> for sessions that have ever had to wait.
/// </summary>
internal sealed class AwaitedEnds
{
    private readonly long[] _ends = new long[DurabilityLines.CountMax];
    private int _ofThisTurn;

    /// <summary>It has risen in this turn.</summary>
    internal bool HasRisen { get; set; }

    internal long this[int line] => _ends[line];

    /// <summary>The session has seen what reaches this position, or this turn's.</summary>
    internal void Raise(int line, long end)
    {
        if (end == ChangedKeys.ThisTurn)
        {
            _ofThisTurn |= 1 << line;
        }
        else
        {
            _ends[line] = Math.Max(_ends[line], end);
        }
    }

    /// <summary>The turn is over: this is the position of its changes.</summary>
    internal void EndTurn(int line, long end)
    {
        if ((_ofThisTurn & (1 << line)) != 0)
        {
            _ofThisTurn &= ~(1 << line);
            Raise(line, end);
        }
    }
}
