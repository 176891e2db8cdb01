namespace Bixbite.Persistence.Rdb;

/// <summary>
/// How a value is laid out: the byte before its key in a file, and before the value itself in a payload. The numbers are the format's;
/// docs/formats/rdb.md draws the bytes. All are read; the ones that are written say so.
/// </summary>
internal enum RdbType : byte
{
    /// <summary>Written.</summary>
    String = 0,
    List = 1,

    /// <summary>Written for sets but small ones of integers.</summary>
    Set = 2,
    SortedSetWithTextScores = 3,

    /// <summary>Written for large hashes.</summary>
    Hash = 4,

    /// <summary>Written for large sorted sets.</summary>
    SortedSet = 5,
    HashZipmap = 9,
    ListZiplist = 10,

    /// <summary>Written for small sets of integers.</summary>
    SetIntset = 11,
    SortedSetZiplist = 12,
    HashZiplist = 13,
    ListOfZiplists = 14,

    Stream = 15,

    /// <summary>Written for small hashes.</summary>
    HashListpack = 16,

    /// <summary>Written for small sorted sets.</summary>
    SortedSetListpack = 17,

    /// <summary>Written for all lists.</summary>
    ListOfListpacks = 18,

    /// <summary>Written for streams.</summary>
    StreamWithCounters = 19,

    /// <summary>Of version 11, which older readers refuse.</summary>
    SetListpack = 20,

    /// <summary>Of version 11, as sets' listpacks.</summary>
    StreamWithActiveTimes = 21,

    /// <summary>Of release candidates of Redis 7.4, as the next.</summary>
    HashWithAbsoluteDeadlines = 22,
    HashListpackWithDeadlinesOnly = 23,

    /// <summary>Written for large hashes of which fields expire.</summary>
    HashWithDeadlines = 24,

    /// <summary>Written for small hashes of which fields expire.</summary>
    HashListpackWithDeadlines = 25,
}
