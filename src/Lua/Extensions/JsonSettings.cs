namespace Bixbite.Lua.Extensions;

/// <summary>Numbers that JSON has no form for.</summary>
internal enum InvalidNumbers
{
    Off,
    On,
    Null,
}

/// <summary>The settings of one table <c>cjson</c>, which a script changes by its functions.</summary>
internal sealed class JsonSettings
{
    public bool ConvertsSparse { get; set; }

    /// <summary>An array may have so many times more places than elements; 0: any number.</summary>
    public int SparseRatio { get; set; } = 2;

    /// <summary>Up to this size any array is an array.</summary>
    public int SparseSafe { get; set; } = 10;

    public int EncodeDepthMax { get; set; } = 1000;

    public int DecodeDepthMax { get; set; } = 1000;

    public InvalidNumbers EncodeInvalid { get; set; } = InvalidNumbers.Off;

    public bool DecodesInvalid { get; set; } = true;

    /// <summary>Significant digits of numbers.</summary>
    public int Precision { get; set; } = 14;

    public bool KeepsBuffer { get; set; } = true;
}
