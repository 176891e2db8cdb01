namespace Bixbite.Persistence.Aof;

/// <summary>The outcome of reading a request of a log.</summary>
internal enum AofReadStatus
{
    /// <summary>Whole requests.</summary>
    Requests,

    /// <summary>The file ended behind a whole request.</summary>
    End,

    /// <summary>The file ended within a request: its writer was stopped.</summary>
    Torn,

    /// <summary>The next bytes are no request, and not the beginning of one.</summary>
    Damaged,

    /// <summary>The disk refuses to give it.</summary>
    Failed,
}
