namespace Bixbite.Lua.Text.Patterns;

/// <summary>The kinds of items.</summary>
internal enum PatternOperation : byte
{
    /// <summary>The pattern's end: the match is complete.</summary>
    Done,

    /// <summary>The text must be at its end (<c>$</c>).</summary>
    TextEnd,

    /// <summary>One byte that is <see cref="PatternItem.First"/>.</summary>
    Literal,

    /// <summary>Any byte.</summary>
    Any,

    /// <summary>A byte of the set with the number <see cref="PatternItem.Index"/>.</summary>
    Set,

    /// <summary><c>%bxy</c></summary>
    Balance,

    /// <summary><c>%f[set]</c></summary>
    Frontier,

    /// <summary>The text of the capture <see cref="PatternItem.Index"/> again.</summary>
    BackReference,

    OpenCapture,
    PositionCapture,
    CloseCapture,

    /// <summary>The pattern is malformed from here on; <see cref="PatternItem.Index"/> is the <see cref="PatternError"/>.</summary>
    Malformed,
}

/// <summary>How often a single byte's item may match.</summary>
internal enum PatternRepeat : byte
{
    Once,
    Optional,
    Star,
    Plus,
    Lazy,
}

/// <summary>One item of a compiled pattern.</summary>
internal readonly record struct PatternItem(
    PatternOperation Operation, PatternRepeat Repeat = PatternRepeat.Once, byte First = 0, byte Second = 0, int Index = 0);
