namespace Bixbite.Persistence.Loading;

/// <summary>Where the bytes come from that are loaded.</summary>
internal interface ILoadSource : IDisposable
{
    /// <summary>The length of a source that does not know it.</summary>
    public const long UnknownLength = long.MaxValue;

    /// <summary>Its name in the log.</summary>
    public string Name { get; }

    /// <summary>Bytes in all, as far as the source knows or claims.</summary>
    public long Length { get; }

    /// <summary>So many bytes are there indeed: room may be made for what they hold before they are read.</summary>
    public bool IsLengthSure { get; }

    /// <summary>Reads some bytes from where the last reading ended; 0 at the end, or a negative errno value.</summary>
    public int Read(Span<byte> target);
}
