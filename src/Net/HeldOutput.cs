using System.Diagnostics;

namespace Bixbite.Net;

/// <summary>
/// Which part of a connection's queued output may not be sent yet. Each mark says: the bytes up to here, counted from the connection's
/// first, wait until this position is released. Made when a connection's output is held for the first time.
/// <code>
///   sent before | sendable ........ | held until position 7 ..... | held until position 9 ... |
///               ^ head of the queue ^ SendableEnd                 ^ mark                      ^ mark
/// </code>
/// </summary>
internal sealed class HeldOutput
{
    private readonly Queue<Mark> _marks = new();
    private long _markedEnd;

    /// <summary>Nothing is held.</summary>
    internal bool IsEmpty => _marks.Count == 0;

    /// <summary>Bytes up to here may be sent.</summary>
    internal long SendableEnd { get; private set; }

    /// <summary>Holds the bytes from <paramref name="start"/> to <paramref name="end"/> until a position is released.</summary>
    internal void Hold(long start, long end, long position)
    {
        if (IsEmpty)
        {
            SendableEnd = start;
            _markedEnd = start;
        }
        if (end == _markedEnd)
        {
            return;
        }
        _marks.Enqueue(new Mark(position, end));
        _markedEnd = end;
    }

    /// <summary>Releases what waited for this position or an earlier one.</summary>
    internal void Release(long position)
    {
        while (_marks.TryPeek(out Mark mark) && mark.Position <= position)
        {
            Debug.Assert(mark.End >= SendableEnd, "marks come in order");
            SendableEnd = mark.End;
            _marks.Dequeue();
        }
    }

    private readonly record struct Mark(long Position, long End);
}
