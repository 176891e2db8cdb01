namespace Bixbite.Structures.Bits;

/// <summary>The operations of BITOP on its sources, the first of them called X and the others Y.</summary>
public enum BitOperation : byte
{
    /// <summary>Set in all sources.</summary>
    And,

    /// <summary>Set in any source.</summary>
    Or,

    /// <summary>Set in an odd number of sources.</summary>
    Xor,

    /// <summary>Clear in the one source there is.</summary>
    Not,

    /// <summary>Set in X and in no Y.</summary>
    Diff,

    /// <summary>Set in some Y and not in X.</summary>
    Diff1,

    /// <summary>Set in X and in some Y.</summary>
    AndOr,

    /// <summary>Set in exactly one source.</summary>
    One,
}
