namespace Bixbite.Lua.Text.Patterns;

/// <summary>
/// The bytes that every match begins with: those of one or two items, of which each takes a byte at least. Captures around them do not
/// matter as long as they are in order, since a match that ends at a byte has no effect.
/// <code>
///   (%w)%s     first %w, second %s          ()a+b    first a+, and the second byte may be a or b: none
/// </code>
/// </summary>
internal readonly struct PatternStart
{
    /// <summary>Indexes of items; -1 where any byte will do.</summary>
    private readonly int _first;
    private readonly int _second;

    public PatternStart(ReadOnlySpan<PatternItem> items)
    {
        int opened = 0;
        int open = 0;
        _first = Next(items, 0, ref opened, ref open);
        _second = _first >= 0 && items[_first].Repeat == PatternRepeat.Once ? Next(items, _first + 1, ref opened, ref open) : -1;
    }

    /// <summary>The first place where a match may begin, or -1.</summary>
    public int Find(Pattern pattern, ReadOnlySpan<byte> text)
    {
        if (_first < 0)
        {
            return 0;
        }
        ref readonly PatternItem first = ref pattern.Items[_first];
        if (_second < 0)
        {
            return pattern.IndexOf(first, text);
        }
        ref readonly PatternItem second = ref pattern.Items[_second];
        return first.Operation == PatternOperation.Set
            ? FindInSet(pattern, first, second, text)
            : FindLiteral(pattern, first, second, text);
    }

    private static int FindInSet(Pattern pattern, in PatternItem first, in PatternItem second, ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<bool> set = pattern.SetOf(first);
        for (int at = 0; at + 1 < text.Length; at++)
        {
            if (set[text[at]] && pattern.Matches(second, text[at + 1]))
            {
                return at;
            }
        }
        return -1;
    }

    private static int FindLiteral(Pattern pattern, in PatternItem first, in PatternItem second, ReadOnlySpan<byte> text)
    {
        if (second.Operation == PatternOperation.Literal)
        {
            return text.IndexOf([first.First, second.First]);
        }
        int at = 0;
        while (true)
        {
            int step = text[at..].IndexOf(first.First);
            at += step;
            if (step < 0 || at + 1 >= text.Length)
            {
                return -1;
            }
            if (pattern.Matches(second, text[at + 1]))
            {
                return at;
            }
            at++;
        }
    }

    /// <summary>The next item of a byte, behind captures that are in order; -1 if something else may come, or an error.</summary>
    private static int Next(ReadOnlySpan<PatternItem> items, int at, ref int opened, ref int open)
    {
        for (; ; at++)
        {
            switch (items[at].Operation)
            {
                case PatternOperation.OpenCapture when opened < CaptureList.CountMax:
                    opened++;
                    open++;
                    break;
                case PatternOperation.PositionCapture when opened < CaptureList.CountMax:
                    opened++;
                    break;
                case PatternOperation.CloseCapture when open > 0:
                    open--;
                    break;
                case PatternOperation.Literal or PatternOperation.Set:
                    return items[at].Repeat is PatternRepeat.Once or PatternRepeat.Plus ? at : -1;
                default:
                    return -1;
            }
        }
    }
}
