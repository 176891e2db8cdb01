using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Net;

/// <summary>
/// Which part of a connection's queued output may not be sent yet. Each mark says: the bytes from here on, counted from the first that was
/// ever queued, wait until a line has reached a position, or until it is too late for that. Lines are numbers here; what they stand for is
/// their user's. Made when a connection's output is held for the first time, and owned by its loop.
/// <code>
///   sent before | sendable ........ | wait for (0, 7) ....... | wait for (0, 7), (0, 9) and (1, 4) ....
///               ^ head of the queue ^ mark (0, 7)             ^ marks (0, 9), (1, 4)
///                                   = SendableEnd
///                                       [reply]    [reply]      [reply]     replaced where their mark's time is over
/// </code>
/// </summary>
internal sealed class HeldOutput
{
    /// <summary>Fewer marks that mean nothing any more stay in front of the others.</summary>
    private const int GoneCountMin = 64;

    private readonly List<Mark> _marks = [];
    private readonly List<OutputRange> _noted = [];
    private readonly List<OutputRange> _late = [];
    private LinePositions _latest;
    private HoldLimit _limit;
    private int _head;
    private int _boundCount;
    private long _flushedEnd;

    /// <summary>Nothing is held.</summary>
    internal bool IsEmpty => _head == _marks.Count;

    /// <summary>Bytes up to here may be sent.</summary>
    internal long SendableEnd => IsEmpty ? long.MaxValue : _marks[_head].Start;

    /// <summary>When the first mark's time is over, on the loop's clock.</summary>
    internal long DueUs => IsEmpty ? long.MaxValue : _marks[_head].DueUs;

    /// <summary>For how long output waits for some lines; nothing is limited before.</summary>
    internal HoldLimit Limit
    {
        set => _limit = value;
    }

    /// <summary>The end of the output at the last flush: what came before it is marked already, or does not wait.</summary>
    internal long FlushedEnd => _flushedEnd;

    /// <summary>The output up to here was sent or queued: what of it was noted and has no mark by now does not wait.</summary>
    internal void NoteFlushed(long end)
    {
        _flushedEnd = end;
        _noted.RemoveRange(_boundCount, _noted.Count - _boundCount);
    }

    /// <summary>A reply that is replaced if it is still held when the time of its mark, which comes in this turn, is over.</summary>
    internal void NoteReply(long start, long end)
    {
        if (end > start)
        {
            _noted.Add(new OutputRange(start, end));
        }
    }

    /// <summary>Holds the bytes from <paramref name="start"/> on, until the line has reached the position.</summary>
    internal void Hold(long start, int line, long position, long nowUs)
    {
        Debug.Assert(IsEmpty || start >= _marks[^1].Start, "marks come in order");
        if (position <= _latest[line])
        {
            return;
        }
        _latest[line] = position;
        _boundCount = _noted.Count;
        var mark = new Mark(line, position, start, _limit.DueUs(line, nowUs));
        for (int i = _marks.Count - 1; i >= _head && _marks[i].Start == start; i--)
        {
            if (_marks[i].Line == line)
            {
                _marks[i] = mark;
                return;
            }
        }
        _marks.Add(mark);
    }

    /// <summary>
    /// Drops the marks whose lines have reached their positions, or whose time is over, up to the first of which neither is true. True if
    /// replies are to be replaced: <see cref="Replace"/>.
    /// </summary>
    internal bool Release(ReadOnlySpan<long> reached, long nowUs)
    {
        while (!IsEmpty)
        {
            Mark mark = _marks[_head];
            bool isReached = mark.Position <= reached[mark.Line];
            if (!isReached && mark.DueUs > nowUs)
            {
                break;
            }
            int count = CountBefore(isReached ? _head + 1 : NextStartAfter(_head));
            if (!isReached)
            {
                _late.AddRange(_noted.GetRange(0, count));
            }
            _noted.RemoveRange(0, count);
            _boundCount = Math.Max(_boundCount - count, 0);
            _head++;
        }
        if (IsEmpty || (_head >= GoneCountMin && _head > _marks.Count / 2))
        {
            _marks.RemoveRange(0, _head);
            _head = 0;
        }
        return _late.Count > 0;
    }

    /// <summary>Replaces the replies that have come too late, in the queue that they are in.</summary>
    internal void Replace(Connection connection)
    {
        connection.Loop.Statistics.LateReplies += _late.Count;
        connection.Queue.Replace(connection.Loop.Heap, connection.Loop.Pinned, _late, _limit.LateReply);
        for (int i = _head; i < _marks.Count; i++)
        {
            _marks[i] = _marks[i] with { Start = Moved(_marks[i].Start) };
        }
        for (int i = 0; i < _noted.Count; i++)
        {
            _noted[i] = new OutputRange(Moved(_noted[i].Start), Moved(_noted[i].End));
        }
        _flushedEnd = Moved(_flushedEnd);
        _late.Clear();
    }

    /// <summary>The index of the first mark behind this one that begins later.</summary>
    private int NextStartAfter(int index)
    {
        int next = index + 1;
        while (next < _marks.Count && _marks[next].Start == _marks[index].Start)
        {
            next++;
        }
        return next;
    }

    /// <summary>How many of the noted replies begin before this mark.</summary>
    private int CountBefore(int mark)
    {
        long start = mark < _marks.Count ? _marks[mark].Start : long.MaxValue;
        int count = 0;
        while (count < _noted.Count && _noted[count].Start < start)
        {
            count++;
        }
        return count;
    }

    /// <summary>Where a position is after the replacement.</summary>
    private long Moved(long position)
    {
        long moved = position;
        foreach (OutputRange range in _late)
        {
            moved += range.End <= position ? _limit.LateReply.Length - range.Length : 0;
        }
        return moved;
    }

    private readonly record struct Mark(int Line, long Position, long Start, long DueUs);
}

/// <summary>Bytes of a connection's output, counted from the first that was ever queued.</summary>
internal readonly record struct OutputRange(long Start, long End)
{
    internal long Length => End - Start;
}

/// <summary>For how long output waits for some lines, a bit each, and the reply in the place of those that come too late.</summary>
internal readonly struct HoldLimit(int lines, long limitUs, byte[] lateReply)
{
    private readonly byte[]? _lateReply = lateReply;

    internal ReadOnlySpan<byte> LateReply => _lateReply;

    /// <summary>When a wait for the line is over that begins now.</summary>
    internal long DueUs(int line, long nowUs) => (lines & (1 << line)) != 0 && limitUs > 0 ? nowUs + limitUs : long.MaxValue;
}

/// <summary>A position of each line.</summary>
[InlineArray(EventLoop.LineCountMax)]
internal struct LinePositions
{
    private long _first;
}
