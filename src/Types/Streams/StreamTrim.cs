namespace Bixbite.Types.Streams;

/// <summary>How far a stream is cut from its beginning: to a length, or up to an ID.</summary>
public readonly record struct StreamTrim
{
    private StreamTrim(bool isByLength, long lengthMax, StreamId minId)
    {
        IsByLength = isByLength;
        LengthMax = lengthMax;
        MinId = minId;
    }

    /// <summary>Whether <see cref="LengthMax"/> counts, else <see cref="MinId"/>.</summary>
    public bool IsByLength { get; }

    /// <summary>The most entries that stay.</summary>
    public long LengthMax { get; }

    /// <summary>Entries before this ID go.</summary>
    public StreamId MinId { get; }

    /// <summary>Only whole nodes go, so more may stay than was asked for.</summary>
    public bool IsApproximate { get; init; }

    /// <summary>The most entries that go at once, in whole nodes; 0 is any.</summary>
    public long Limit { get; init; }

    public static StreamTrim ToLength(long lengthMax) => new(isByLength: true, lengthMax, default);

    public static StreamTrim ToMinId(StreamId minId) => new(isByLength: false, 0, minId);
}
