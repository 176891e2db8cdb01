using Bixbite.Engine.Durability;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Levels;

/// <summary>
/// Acknowledged by so many replicas: what the replies to those wait for who have asked for it. One question covers all that was changed
/// in a turn. Positions are those of the stream, shifted so that they go on rising when a history with shorter positions begins.
/// </summary>
internal sealed class ReplicasLine(int count, ReplicationStream stream, Replicas replicas)
    : DurabilityLine(concernsAll: false, holdsReaders: false)
{
    private long _shift;
    private long _turnEnd;

    public override long End => stream.ChangedEnd + _shift;

    public override void NoteAwaited() => stream.AskForAcknowledgements();

    public override long EndTurn()
    {
        if (End < _turnEnd)
        {
            _shift += _turnEnd - End;
        }
        bool hasChanged = End > _turnEnd;
        _turnEnd = End;
        return hasChanged && IsInUse ? _turnEnd : 0;
    }

    /// <summary>Replicas have acknowledged more.</summary>
    public void NoteAcknowledged() => Advance(replicas.EndWith(count) + _shift);

    /// <summary>Somebody asks for it, or nobody does any longer.</summary>
    public void SetWanted(bool isWanted) => Use(isWanted);
}
