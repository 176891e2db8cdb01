using System.Buffers;
using System.Diagnostics;

namespace Bixbite.Lua.Text.Patterns;

/// <summary>
/// A pattern taken apart into items. It never changes, so it may be kept and shared. A malformed pattern is one as well: its error stands
/// where matching would find it, because Lua reports it only then.
/// </summary>
public sealed class Pattern
{
    private const int SetSize = 256;
    private const long ItemSize = 12;

    private static readonly SearchValues<byte> s_specials = SearchValues.Create("^$*+?.([%-"u8);

    private readonly PatternItem[] _items;
    private readonly bool[] _sets;
    private readonly PatternStart _start;

    internal Pattern(byte[] source, bool isAnchored, PatternItem[] items, bool[] sets)
    {
        Source = source;
        IsAnchored = isAnchored;
        _items = items;
        _sets = sets;
        _start = new PatternStart(items);
    }

    /// <summary>The bytes that it was compiled from.</summary>
    public byte[] Source { get; }

    /// <summary>It begins with <c>^</c>, where that means the text's start.</summary>
    public bool IsAnchored { get; }

    internal ReadOnlySpan<PatternItem> Items => _items;

    /// <summary>The bytes that it holds.</summary>
    public long HeldBytes => Source.Length + _items.Length * ItemSize + _sets.Length;

    /// <summary>About how many bytes it takes to compile a pattern; not less.</summary>
    public static long SizeOf(ReadOnlySpan<byte> source) =>
        source.Length * 3 * ItemSize + (source.Count((byte)'[') + source.Count((byte)'%')) * 2L * SetSize;

    /// <summary>
    /// Whether anything in it is more than a byte to find, before a NUL ends it. <c>string.find</c> looks for other patterns as they are.
    /// </summary>
    public static bool HasSpecials(ReadOnlySpan<byte> source)
    {
        int special = source.IndexOfAny(s_specials);
        return special >= 0 && !source[..special].Contains((byte)0);
    }

    /// <summary>Compiles a pattern; a NUL ends it. Only where <paramref name="mayAnchor"/> has a <c>^</c> at the start a meaning.</summary>
    public static Pattern Compile(ReadOnlySpan<byte> source, bool mayAnchor = true)
    {
        byte[] copy = source.ToArray();
        int end = source.IndexOf((byte)0);
        source = end < 0 ? source : source[..end];
        bool isAnchored = mayAnchor && source is [(byte)'^', ..];
        return new PatternCompiler(isAnchored ? source[1..] : source).Compile(copy, isAnchored);
    }

    /// <summary>Whether a byte belongs to the item's set.</summary>
    internal bool Contains(int set, byte one) => _sets[(set << 8) | one];

    /// <summary>For each byte whether it belongs to the item's set.</summary>
    internal ReadOnlySpan<bool> SetOf(in PatternItem item) => _sets.AsSpan(item.Index << 8, SetSize);

    /// <summary>Whether a byte matches the item of one byte.</summary>
    internal bool Matches(in PatternItem item, byte one) => item.Operation switch
    {
        PatternOperation.Literal => item.First == one,
        PatternOperation.Any => true,
        _ => Contains(item.Index, one),
    };

    /// <summary>The first place in a text where a match may begin, or -1. An anchored pattern has but one.</summary>
    internal int FindStart(ReadOnlySpan<byte> text) => _start.Find(this, text);

    /// <summary>How many of the first bytes match the item, one by one.</summary>
    internal int CountMatches(in PatternItem item, ReadOnlySpan<byte> text)
    {
        switch (item.Operation)
        {
            case PatternOperation.Any:
                return text.Length;
            case PatternOperation.Literal:
                int other = text.IndexOfAnyExcept(item.First);
                return other < 0 ? text.Length : other;
            default:
                Debug.Assert(item.Operation == PatternOperation.Set);
                ReadOnlySpan<bool> set = SetOf(item);
                int count = 0;
                while (count < text.Length && set[text[count]])
                {
                    count++;
                }
                return count;
        }
    }

    /// <summary>The place of the first byte that matches the literal's or set's item, or -1.</summary>
    internal int IndexOf(in PatternItem item, ReadOnlySpan<byte> text)
    {
        switch (item.Operation)
        {
            case PatternOperation.Literal:
                return text.IndexOf(item.First);
            default:
                Debug.Assert(item.Operation == PatternOperation.Set);
                ReadOnlySpan<bool> set = SetOf(item);
                for (int index = 0; index < text.Length; index++)
                {
                    if (set[text[index]])
                    {
                        return index;
                    }
                }
                return -1;
        }
    }
}
