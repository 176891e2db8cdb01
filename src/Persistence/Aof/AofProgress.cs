namespace Bixbite.Persistence.Aof;

/// <summary>How far an <see cref="AofWriter"/> is, whose this is.</summary>
internal struct AofProgress
{
    public long RoundEnd;
    public long NotedSeconds;
    public int Database;

    /// <summary>The position that must be durable before another file is begun; null if none is wanted.</summary>
    public long? ReadyAtEnd;

    /// <summary>Whether new requests are dropped, since a rewrite is to begin a new file.</summary>
    public bool IsGivenUp;

    /// <summary>That file is there, and counts when the rewrite is over.</summary>
    public bool IsBegunAnew;
}
