namespace Bixbite.Engine.Facts;

/// <summary>How a fact changes with time.</summary>
public enum FactKind
{
    /// <summary>Only grows, until CONFIG RESETSTAT or the end of the process.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>No number.</summary>
    Text,
}

/// <summary>The unit of a number.</summary>
public enum FactUnit
{
    /// <summary>Things of their own: keys, clients, commands.</summary>
    None,
    Bytes,
    KibibytesPerSecond,
    Seconds,
    Milliseconds,
    Microseconds,

    /// <summary>0 to 100.</summary>
    Percent,

    /// <summary>One number in proportion to another.</summary>
    Ratio,
}
