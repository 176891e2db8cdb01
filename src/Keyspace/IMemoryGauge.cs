namespace Bixbite.Keyspace;

/// <summary>What counts against maxmemory, summed up by whoever knows all of it.</summary>
public interface IMemoryGauge
{
    /// <summary>Memory in use, in bytes: data, indexes and the buffers of clients.</summary>
    public long UsedBytes { get; }

    /// <summary>Whether a limit is set and exceeded.</summary>
    public bool IsOverLimit { get; }
}
