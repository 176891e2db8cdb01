using System.Globalization;
using System.Text;
using Bixbite.Engine.Durability;
using Bixbite.Engine.Sessions;
using Bixbite.Persistence.Aof;
using Bixbite.Replication.Primary;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Levels;

/// <summary>
/// The levels that clients have asked for: CLIENT DURABILITY, or the setting when they came. A level is a line, which is in use while
/// somebody asks for it. Under the execution lock; docs/DURABILITY.md tells what it promises.
/// </summary>
public sealed class DurabilityLevels : ISessionPart
{
    private readonly SessionSlot<Choice> _slot;
    private readonly DurabilityLines _lines;
    private readonly LocalLine _local;
    private readonly ReplicationStream _stream;
    private readonly Replicas _replicas;
    private readonly ReplicationSettings _settings;
    private readonly ReplicasLine?[] _ofReplicas = new ReplicasLine?[DurabilityLevel.ReplicaCountMax];
    private readonly HashSet<Session> _askingReplicas = [];
    private readonly int[] _wantedCounts = new int[DurabilityLevel.ReplicaCountMax + 1];

    /// <param name="parts">Give a place in each session.</param>
    /// <param name="lines">Hold replies.</param>
    /// <param name="local">The line of this server's disk.</param>
    /// <param name="stream">Brings changes to replicas.</param>
    /// <param name="replicas">Acknowledge them.</param>
    /// <param name="settings">The level of those who ask for none.</param>
    public DurabilityLevels(
        SessionParts parts, DurabilityLines lines, LocalLine local, ReplicationStream stream, Replicas replicas,
        ReplicationSettings settings)
    {
        _slot = parts.Slot<Choice>();
        _lines = lines;
        _local = local;
        _stream = stream;
        _replicas = replicas;
        _settings = settings;
    }

    /// <summary>The level of the client.</summary>
    public DurabilityLevel Of(Session session) => _slot.Of(session)?.Level ?? DurabilityLevel.None;

    /// <summary>The replies to what the client changes from now on wait for this level, and for no other.</summary>
    public void Choose(Session session, DurabilityLevel level)
    {
        DurabilityLevel before = Of(session);
        if (level == before)
        {
            return;
        }
        _slot.Put(session, level == DurabilityLevel.None ? null : new Choice(level));
        if (before.ReplicaCount > 0)
        {
            _askingReplicas.Remove(session);
        }
        if (level.ReplicaCount > 0)
        {
            _askingReplicas.Add(session);
        }
        if (before != DurabilityLevel.None)
        {
            DurabilityLines.Ask(session, LineOf(before), isWanted: false);
            Count(before, -1);
        }
        if (level != DurabilityLevel.None)
        {
            DurabilityLine line = LineOf(level);
            Count(level, 1);
            DurabilityLines.Ask(session, line, isWanted: true);
            session.Link.LimitHolding(1 << line.Number, level.TimeoutMs, LateReplyOf(level));
        }
    }

    /// <summary>Replicas have acknowledged more: what waits for that goes.</summary>
    public void NoteAcknowledged()
    {
        foreach (ReplicasLine? line in _ofReplicas)
        {
            line?.NoteAcknowledged();
        }
    }

    /// <summary>
    /// This server follows a primary from now on, and its own changes may be lost: the connections of those who wait for replicas are
    /// closed, since nobody can tell them any more.
    /// </summary>
    public void DropAwaiting()
    {
        foreach (Session session in _askingReplicas)
        {
            if (_lines.IsAwaiting(session, LineOf(Of(session))))
            {
                session.Cut();
            }
        }
    }

    void ISessionPart.Opened(Session session) => Choose(session, _settings.ClientDurability.Value);

    void ISessionPart.Reset(Session session) => Choose(session, _settings.ClientDurability.Value);

    void ISessionPart.End(Session session) => Choose(session, DurabilityLevel.None);

    private DurabilityLine LineOf(DurabilityLevel level)
    {
        if (level.IsLocal)
        {
            return _local;
        }
        if (_ofReplicas[level.ReplicaCount - 1] is not { } line)
        {
            _ofReplicas[level.ReplicaCount - 1] = line = new ReplicasLine(level.ReplicaCount, _stream, _replicas);
            _lines.Add(line);
            line.NoteAcknowledged();
        }
        return line;
    }

    /// <summary>One more asks for the level, or one less. While anybody waits for replicas there is a stream to them.</summary>
    private void Count(DurabilityLevel level, int change)
    {
        _wantedCounts[level.ReplicaCount] += change;
        bool isWanted = _wantedCounts[level.ReplicaCount] > 0;
        if (level.IsLocal)
        {
            _local.SetWanted(isWanted);
            return;
        }
        if (isWanted)
        {
            _stream.Begin();
        }
        _ofReplicas[level.ReplicaCount - 1]!.SetWanted(isWanted);
        _stream.IsWanted = _askingReplicas.Count > 0;
    }

    private static byte[] LateReplyOf(DurabilityLevel level) => Encoding.ASCII.GetBytes(
        string.Create(
            CultureInfo.InvariantCulture,
            $"-UNACKED The change was made here, but it was not acknowledged by {level.ReplicaCount} replicas in time\r\n"));

    private sealed record Choice(DurabilityLevel Level);
}
