using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>
/// XREADGROUP: what no consumer of a group has had yet, or with an id in the place of ">" what this consumer has pending after it. The id
/// ">" may wait, and may claim what others have had for too long.
/// </summary>
public sealed class XReadGroup(KeyWaits waits)
{
    private readonly ClaimablePending _claimable = new();

    [Command(
        "xreadgroup", Group = "stream", Since = "5.0.0", Arity = -7,
        Flags = "write blocking", Keys = "ro access; after STREAMS from 4 to -1 limit 2",
        Complexity = "O(M) for each stream, with M the number of entries returned; with CLAIM also all that are pending",
        Summary = "Delivers new entries of streams to a consumer of a group, or again what it has pending; waits until there are some.",
        Syntax = "GROUP (group-block: group consumer) [COUNT count] [BLOCK milliseconds] [CLAIM min-idle-time:integer] [NOACK] "
            + "STREAMS (streams: key ... id ...)")]
    public void Run(CommandContext context)
    {
        if (!ReadRequest.TryRead(context, isForGroup: true, out ReadRequest request) || !TryCheck(context, request))
        {
            return;
        }
        var reply = new StreamsReply(context.Reply);
        for (int i = 0; i < request.StreamCount; i++)
        {
            Serve(context, request, i, ref reply);
        }
        if (reply.Count > 0)
        {
            reply.End();
        }
        else if (request.IsWaiting)
        {
            waits.Block(
                context, new WaitedKeys(KeyType.Stream, request.KeyIndex, request.StreamCount, WantsMissing: true), request.TimeoutMs);
        }
        else
        {
            context.Reply.NullArray();
        }
        context.Effects.Suppress();
    }

    /// <summary>Whether all keys are streams with the group and all ids are ids; otherwise answers the first error.</summary>
    private static bool TryCheck(CommandContext context, in ReadRequest request)
    {
        for (int i = 0; i < request.StreamCount; i++)
        {
            KeyRef at = context.KeyToRead(request.KeyAt(i));
            if (context.IsWrongType(at, KeyType.Stream))
            {
                return false;
            }
            ReadOnlySpan<byte> group = context[request.GroupIndex];
            if (!at.Exists || !new StreamValue(context.Database.Open(at)).TryFindGroup(group, out _))
            {
                StreamErrorText.NoKeyOrGroupToRead(context.Reply, context[request.KeyAt(i)], group);
                return false;
            }
            ReadOnlySpan<byte> id = context[request.IdAt(i)];
            if (id.SequenceEqual("$"u8) || id.SequenceEqual("+"u8))
            {
                StreamErrorText.MeaninglessId(context.Reply, id);
                return false;
            }
            if (!id.SequenceEqual(">"u8) && !IdArguments.TryParse(id, missingSequence: 0, out _))
            {
                context.Reply.Error(StreamErrorText.InvalidId);
                return false;
            }
        }
        return true;
    }

    private void Serve(CommandContext context, in ReadRequest request, int index, ref StreamsReply reply)
    {
        ReadOnlySpan<byte> key = context[request.KeyAt(index)];
        KeyRef at = context.Keys.Peek(context.Database, key);
        if (!at.Exists)
        {
            return;
        }
        var stream = new StreamValue(context.Database.Edit(at));
        if (!stream.TryFindGroup(context[request.GroupIndex], out StreamGroup group))
        {
            return;
        }
        StreamConsumer consumer = Consumers.FindOrCreate(context, key, group, context[request.GroupIndex + 1]);
        ReadOnlySpan<byte> idText = context[request.IdAt(index)];
        if (!idText.SequenceEqual(">"u8))
        {
            IdArguments.TryParse(idText, missingSequence: 0, out StreamId after);
            reply.Begin(key);
            AnswerHistory(context, stream, consumer, after, request.CountMax);
            return;
        }
        _claimable.Clear();
        if (request.MinIdleMs is { } minIdleMs)
        {
            _claimable.Find(stream, group, context.NowMs, minIdleMs, request.CountMax);
        }
        group.LastDeliveredId.TryGetNext(out StreamId from);
        StreamEntryReader reader = from.IsZero ? default : stream.Read(from, StreamId.Max);
        bool isFull = _claimable.Count > 0 && _claimable.Count == request.CountMax;
        bool isNew = !isFull && reader.MoveNext();
        if (_claimable.Count > 0 || isNew)
        {
            reply.Begin(key);
            var delivery = new Delivery(context, request, key, stream, group, consumer);
            delivery.Run(_claimable, reader, isNew);
        }
    }

    /// <summary>Answers the consumer's pending entries after an id; of deleted entries only the id.</summary>
    private static void AnswerHistory(
        CommandContext context, StreamValue stream, StreamConsumer consumer, StreamId after, long countMax)
    {
        if (!after.TryGetNext(out StreamId from))
        {
            context.Reply.Array(0);
            return;
        }
        int mark = context.Reply.BeginArray();
        int count = 0;
        PendingReader pending = consumer.ReadPending(from, StreamId.Max);
        while ((countMax == 0 || count < countMax) && pending.MoveNext())
        {
            PendingEntry entry = pending.Current;
            StreamEntryReader reader = stream.Read(entry.Id, entry.Id);
            if (reader.MoveNext())
            {
                EntryReply.Entry(context.Reply, ref reader);
                entry.DeliveryMs = context.NowMs;
                entry.DeliveryCount++;
            }
            else
            {
                EntryReply.Deleted(context.Reply, entry.Id);
            }
            count++;
        }
        context.Reply.EndArray(mark, count);
    }
}
