namespace Bixbite.Persistence.Aof;

/// <summary>The positions that the logs of replicas have reached, as far as they have said. Under the execution lock.</summary>
public interface IReplicaLogs
{
    /// <summary>How many of them have everything before this position of the stream.</summary>
    public int CountAt(long streamEnd);

    /// <summary>Asks them how far they are, at the end of the turn.</summary>
    public void Ask();
}
