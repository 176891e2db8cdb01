namespace Bixbite.Structures.Bits;

/// <summary>How a number is treated that its field cannot hold.</summary>
public enum BitFieldOverflow : byte
{
    /// <summary>The lower bits are kept.</summary>
    Wrap,

    /// <summary>The nearest number that the field can hold is taken.</summary>
    Saturate,

    /// <summary>Nothing is written, and the reply is null.</summary>
    Fail,
}
