using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>
/// Hands entries of one stream to a consumer of a group: answers them, and notes in the group how far it has come and what is pending.
/// </summary>
internal readonly ref struct Delivery
{
    private readonly CommandContext _context;
    private readonly ReadRequest _request;
    private readonly ReadOnlySpan<byte> _key;
    private readonly StreamValue _stream;
    private readonly StreamGroup _group;
    private readonly StreamConsumer _consumer;

    public Delivery(
        CommandContext context, in ReadRequest request, ReadOnlySpan<byte> key, StreamValue stream, StreamGroup group,
        StreamConsumer consumer)
    {
        _context = context;
        _request = request;
        _key = key;
        _stream = stream;
        _group = group;
        _consumer = consumer;
    }

    /// <summary>Answers what is claimed, then, if there is a new one, the reader's entries from the current one on.</summary>
    public void Run(ClaimablePending claimable, scoped StreamEntryReader reader, bool isNew)
    {
        ReplyWriter reply = _context.Reply;
        int mark = reply.BeginArray();
        for (int i = 0; i < claimable.Count; i++)
        {
            Claim(claimable[i]);
        }
        int count = claimable.Count;
        if (isNew)
        {
            count += DeliverNew(reader, _request.CountMax - count);
            StreamEffects.WritePosition(_context, _key, _group);
        }
        reply.EndArray(mark, count);
        if (!_request.IsNoAck || claimable.Count > 0)
        {
            StreamConsumer consumer = _consumer;
            consumer.ActiveMs = _context.NowMs;
        }
        _context.CountDirty(1);
    }

    /// <summary>Delivers new entries; so many, or all if the number is not above 0.</summary>
    private int DeliverNew(scoped StreamEntryReader reader, long countMax)
    {
        // Ids behind the group's position are pending only where the position was set back.
        bool mayBePending = _group.PendingCount > 0 && _group.LastPendingId >= reader.Id;
        int count = 0;
        do
        {
            StreamId id = reader.Id;
            _stream.NoteDelivery(_group, id);
            if (_request.MinIdleMs is null)
            {
                EntryReply.Entry(_context.Reply, ref reader);
            }
            else
            {
                EntryReply.Delivery(_context.Reply, ref reader, idleMs: 0, deliveryCount: 0);
            }
            if (!_request.IsNoAck)
            {
                PendingEntry entry = Note(id, mayBePending);
                StreamEffects.WriteClaim(_context, _key, _group, entry);
            }
        }
        while (++count != countMax && reader.MoveNext());
        return count;
    }

    private PendingEntry Note(StreamId id, bool mayBePending)
    {
        if (!mayBePending || !_group.TryFindPending(id, out PendingEntry entry))
        {
            return _group.AddPending(id, _consumer, _context.NowMs, deliveryCount: 1);
        }
        _group.Claim(entry, _consumer);
        entry.DeliveryMs = _context.NowMs;
        entry.DeliveryCount = 1;
        return entry;
    }

    /// <summary>Delivers an entry again that is pending and exists.</summary>
    private void Claim(StreamId id)
    {
        _group.TryFindPending(id, out PendingEntry entry);
        StreamEntryReader reader = _stream.Read(id, id);
        reader.MoveNext();
        EntryReply.Delivery(_context.Reply, ref reader, Math.Max(_context.NowMs - entry.DeliveryMs, 0), entry.DeliveryCount);
        _group.Claim(entry, _consumer);
        entry.DeliveryMs = _context.NowMs;
        entry.DeliveryCount++;
        StreamEffects.WriteClaim(_context, _key, _group, entry);
    }
}
