namespace Bixbite.Types.SortedSets;

/// <summary>
/// Members between two bounds in the order of their bytes; makes sense only where all scores are equal. The bytes stay the caller's.
/// </summary>
public readonly ref struct LexRange(LexBound min, LexBound max)
{
    public LexBound Min { get; } = min;

    public LexBound Max { get; } = max;

    public bool IsAboveMin(ReadOnlySpan<byte> member) => Min.CompareTo(member) switch
    {
        0 => !Min.IsExclusive,
        int order => order < 0,
    };

    public bool IsBelowMax(ReadOnlySpan<byte> member) => Max.CompareTo(member) switch
    {
        0 => !Max.IsExclusive,
        int order => order > 0,
    };
}

/// <summary>One end of a range of members: below all, above all, or at some bytes, which belong to the range or not.</summary>
public readonly ref struct LexBound
{
    private readonly int _infinity;

    private LexBound(ReadOnlySpan<byte> member, bool isExclusive, int infinity)
    {
        Member = member;
        IsExclusive = isExclusive;
        _infinity = infinity;
    }

    public static LexBound Lowest => new(default, true, -1);

    public static LexBound Highest => new(default, true, 1);

    public ReadOnlySpan<byte> Member { get; }

    public bool IsExclusive { get; }

    public bool IsInfinite => _infinity != 0;

    public static LexBound At(ReadOnlySpan<byte> member, bool isExclusive) => new(member, isExclusive, 0);

    /// <summary>Reads <c>-</c>, <c>+</c>, <c>[member</c> or <c>(member</c>.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LexBound bound)
    {
        bound = default;
        if (text.IsEmpty)
        {
            return false;
        }
        switch (text[0])
        {
            case (byte)'-' when text.Length == 1:
                bound = Lowest;
                return true;
            case (byte)'+' when text.Length == 1:
                bound = Highest;
                return true;
            case (byte)'[' or (byte)'(':
                bound = At(text[1..], isExclusive: text[0] == '(');
                return true;
            default:
                return false;
        }
    }

    /// <summary>Where the bound stands from a member: negative below it.</summary>
    public int CompareTo(ReadOnlySpan<byte> member) => _infinity != 0 ? _infinity : Member.SequenceCompareTo(member);
}
