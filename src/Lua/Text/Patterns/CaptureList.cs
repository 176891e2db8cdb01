using System.Runtime.CompilerServices;

namespace Bixbite.Lua.Text.Patterns;

/// <summary>The captures of a match, in the order in which their brackets open; at most 32.</summary>
public sealed class CaptureList
{
    public const int CountMax = 32;

    internal const int Unfinished = -1;
    internal const int Position = -2;

    [InlineArray(CountMax)]
    private struct Places
    {
        private int _first;
    }

    private Places _starts;
    private Places _lengths;

    public int Count { get; private set; }

    /// <summary>
    /// The capture's text, or its position counted from one where <paramref name="isPosition"/>. The whole match counts as capture 0 where
    /// there is none.
    /// </summary>
    public PatternError Get(int index, int matchStart, int matchEnd, out Range range, out bool isPosition)
    {
        isPosition = false;
        range = matchStart..matchEnd;
        if (index >= Count)
        {
            return index == 0 ? PatternError.None : PatternError.InvalidCaptureIndex;
        }
        int start = _starts[index];
        int length = _lengths[index];
        if (length == Unfinished)
        {
            return PatternError.UnfinishedCapture;
        }
        isPosition = length == Position;
        range = start..(isPosition ? start : start + length);
        return PatternError.None;
    }

    internal void Clear() => Count = 0;

    internal bool IsClosed(int index) => index >= 0 && index < Count && _lengths[index] != Unfinished;

    internal int StartAt(int index) => _starts[index];

    internal int LengthAt(int index) => _lengths[index];

    internal bool TryOpen(int at, int length)
    {
        if (Count == CountMax)
        {
            return false;
        }
        _starts[Count] = at;
        _lengths[Count++] = length;
        return true;
    }

    /// <summary>Closes the capture that was opened last, and returns its number; -1 if none is open.</summary>
    internal int Close(int at)
    {
        for (int index = Count - 1; index >= 0; index--)
        {
            if (_lengths[index] == Unfinished)
            {
                _lengths[index] = at - _starts[index];
                return index;
            }
        }
        return -1;
    }

    internal void UndoOpen() => Count--;

    internal void UndoClose(int index) => _lengths[index] = Unfinished;
}
