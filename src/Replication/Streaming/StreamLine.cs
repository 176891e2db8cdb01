using Bixbite.Engine.Durability;

namespace Bixbite.Replication.Streaming;

/// <summary>The stream's position among the lines of the server. Nobody's output waits for it; it publishes what a turn has told.</summary>
public sealed class StreamLine(ReplicationStream stream) : DurabilityLine(concernsAll: false)
{
    public override long End => stream.End;

    public override long EndTurn()
    {
        stream.EndTurn();
        return 0;
    }
}
