namespace Bixbite.Structures.Bits;

/// <summary>What becomes of a number that its field cannot hold.</summary>
public enum BitFieldOverflow : byte
{
    /// <summary>The lower bits are kept.</summary>
    Wrap,

    /// <summary>The nearest number that the field can hold is taken.</summary>
    Saturate,

    /// <summary>Nothing is written, and the reply is null.</summary>
    Fail,
}
