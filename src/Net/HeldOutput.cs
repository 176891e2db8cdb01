using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Bixbite.Net;

/// <summary>
/// Which part of a connection's queued output may not be sent yet. Each mark says: the bytes from here on, counted from the first that was
/// ever queued, wait until a line has reached a position. Lines are numbers here; what they stand for is their user's. Made when a
/// connection's output is held for the first time, and owned by its loop.
/// <code>
///   sent before | sendable ........ | wait for (0, 7) ....... | wait for (0, 7), (0, 9) and (1, 4) ....
///               ^ head of the queue ^ mark (0, 7)             ^ marks (0, 9), (1, 4)
///                                   = SendableEnd
/// </code>
/// </summary>
internal sealed class HeldOutput
{
    /// <summary>Fewer marks that mean nothing any more stay in front of the others.</summary>
    private const int GoneCountMin = 64;

    private readonly List<Mark> _marks = [];
    private LinePositions _latest;
    private int _head;

    /// <summary>Nothing is held.</summary>
    internal bool IsEmpty => _head == _marks.Count;

    /// <summary>Bytes up to here may be sent.</summary>
    internal long SendableEnd => IsEmpty ? long.MaxValue : _marks[_head].Start;

    /// <summary>The end of the output at the last flush: what came before it is marked already, or does not wait.</summary>
    internal long FlushedEnd { get; set; }

    /// <summary>Holds the bytes from <paramref name="start"/> on, until the line has reached the position.</summary>
    internal void Hold(long start, int line, long position)
    {
        Debug.Assert(IsEmpty || start >= _marks[^1].Start, "marks come in order");
        if (position <= _latest[line])
        {
            return;
        }
        _latest[line] = position;
        for (int i = _marks.Count - 1; i >= _head && _marks[i].Start == start; i--)
        {
            if (_marks[i].Line == line)
            {
                _marks[i] = _marks[i] with { Position = position };
                return;
            }
        }
        _marks.Add(new Mark(line, position, start));
    }

    /// <summary>Drops the marks whose lines have reached their positions, up to the first that has not.</summary>
    internal void Release(ReadOnlySpan<long> reached)
    {
        while (!IsEmpty && _marks[_head].Position <= reached[_marks[_head].Line])
        {
            _head++;
        }
        if (IsEmpty || (_head >= GoneCountMin && _head > _marks.Count / 2))
        {
            _marks.RemoveRange(0, _head);
            _head = 0;
        }
    }

    private readonly record struct Mark(int Line, long Position, long Start);
}

/// <summary>A position of each line.</summary>
[InlineArray(EventLoop.LineCountMax)]
internal struct LinePositions
{
    private long _first;
}
