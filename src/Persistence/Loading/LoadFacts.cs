namespace Bixbite.Persistence.Loading;

/// <summary>The facts of a load.</summary>
public sealed class LoadFacts
{
    private const int NamedCountMax = 10;

    private readonly List<string> _emptyKeys = [];

    /// <summary>Keys that are now in the databases.</summary>
    public long KeyCount { get; internal set; }

    /// <summary>Keys left out since their time had come.</summary>
    public long ExpiredCount { get; internal set; }

    /// <summary>Keys left out since their collections have no elements, as some old releases wrote them.</summary>
    public long EmptyCount { get; internal set; }

    /// <summary>The first of these keys.</summary>
    public IReadOnlyList<string> EmptyKeys => _emptyKeys;

    /// <summary>Keys of the file that have a deadline.</summary>
    public long DeadlineCount { get; internal set; }

    /// <summary>Those of them whose time has come.</summary>
    public long DueCount { get; internal set; }

    /// <summary>The release that wrote the file, or nothing.</summary>
    public string WrittenBy { get; internal set; } = "";

    /// <summary>Unix seconds when the file was written; 0 if it does not say.</summary>
    public long WrittenAtUnixSeconds { get; internal set; }

    /// <summary>Memory in bytes that the data took where it was written; 0 if the file does not say.</summary>
    public long UsedBytes { get; internal set; }

    /// <summary>The database in which the stream goes on that follows the file; 0 if the file does not say.</summary>
    public int StreamDatabase { get; internal set; }

    /// <summary>Where the stream goes on that follows the file; null if the file does not say.</summary>
    public StreamPlace? Place =>
        StreamId.Length > 0 && StreamEnd >= 0 ? new StreamPlace(StreamDatabase, StreamId, StreamEnd) : null;

    internal string StreamId { get; set; } = "";

    internal long StreamEnd { get; set; } = -1;

    internal void NoteEmpty(string key)
    {
        EmptyCount++;
        if (_emptyKeys.Count < NamedCountMax)
        {
            _emptyKeys.Add(key);
        }
    }
}
