using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XPENDING: what a group's consumers have not acknowledged, in sum or entry by entry.</summary>
public sealed class XPending
{
    private const int SummaryCount = 3;
    private const int RangeCountMin = 6;
    private const int RangeCountMax = 9;

    [Command(
        "xpending", Group = "stream", Since = "5.0.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        History = "6.2.0 Added the `IDLE` option and exclusive range intervals.",
        Complexity = "O(log(N)+M) with N the number of pending entries and M the number looked at; O(C) for the summary of C consumers",
        Summary = "Returns which entries are pending in a consumer group.",
        Syntax = "key group [filters: [IDLE min-idle-time:integer@6.2.0] start end count [consumer]]")]
    public void Run(CommandContext context)
    {
        bool isSummary = context.Count == SummaryCount;
        if (!isSummary && context.Count is < RangeCountMin or > RangeCountMax)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        Filter filter = default;
        if (!isSummary && !Filter.TryRead(context, out filter))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists || !new StreamValue(context.Database.Open(at)).TryFindGroup(context[2], out StreamGroup group))
        {
            StreamErrorText.NoKeyOrGroup(context.Reply, context[1], context[2]);
            return;
        }
        if (isSummary)
        {
            Summarize(context.Reply, group);
        }
        else
        {
            List(context, group, filter);
        }
    }

    private static void Summarize(ReplyWriter reply, StreamGroup group)
    {
        reply.Array(4);
        reply.Integer(group.PendingCount);
        if (group.PendingCount == 0)
        {
            reply.Null();
            reply.Null();
            reply.NullArray();
            return;
        }
        EntryReply.Id(reply, group.FirstPendingId);
        EntryReply.Id(reply, group.LastPendingId);
        int mark = reply.BeginArray();
        int count = 0;
        StreamConsumerReader consumers = group.ReadConsumers();
        while (consumers.MoveNext())
        {
            StreamConsumer consumer = consumers.Current;
            if (consumer.PendingCount > 0)
            {
                reply.Array(2);
                reply.Bulk(consumer.Name);
                reply.BulkInteger(consumer.PendingCount);
                count++;
            }
        }
        reply.EndArray(mark, count);
    }

    private static void List(CommandContext context, StreamGroup group, in Filter filter)
    {
        ReplyWriter reply = context.Reply;
        StreamConsumer consumer = default;
        bool isOfConsumer = filter.ConsumerIndex != 0;
        if (isOfConsumer && !group.TryFindConsumer(context[filter.ConsumerIndex], out consumer))
        {
            reply.Array(0);
            return;
        }
        PendingReader pending = isOfConsumer
            ? consumer.ReadPending(filter.Start, filter.End) : group.ReadPending(filter.Start, filter.End);
        int mark = reply.BeginArray();
        int count = 0;
        while (count < filter.CountMax && pending.MoveNext())
        {
            PendingEntry entry = pending.Current;
            long idleMs = context.NowMs - entry.DeliveryMs;
            if (filter.MinIdleMs != 0 && idleMs < filter.MinIdleMs)
            {
                continue;
            }
            reply.Array(4);
            EntryReply.Id(reply, entry.Id);
            reply.Bulk(entry.Consumer.Name);
            reply.Integer(Math.Max(idleMs, 0));
            reply.Integer(entry.DeliveryCount);
            count++;
        }
        reply.EndArray(mark, count);
    }

    /// <summary>Which pending entries are listed.</summary>
    private struct Filter
    {
        public StreamId Start { get; private set; }

        public StreamId End { get; private set; }

        public long CountMax { get; private set; }

        public long MinIdleMs { get; private set; }

        /// <summary>The position of the consumer's name; 0 if it does not matter whose they are.</summary>
        public int ConsumerIndex { get; private set; }

        /// <summary>Reads it; on failure answers the error, the one of the count before those of the ids, as Redis does.</summary>
        public static bool TryRead(CommandContext context, out Filter filter)
        {
            const int idleSize = 2;
            filter = default;
            var arguments = new ArgumentReader(context, 3);
            if (arguments.Match("idle"u8))
            {
                filter.MinIdleMs = arguments.Integer();
                if (context.Count < RangeCountMin + idleSize)
                {
                    arguments.Fail(ErrorText.Syntax);
                }
            }
            if (arguments.AnswerFailure())
            {
                return false;
            }
            var count = new ArgumentReader(context, arguments.Position + 2);
            filter.CountMax = count.Integer();
            if (count.AnswerFailure())
            {
                return false;
            }
            filter.Start = arguments.IntervalStart();
            filter.End = arguments.IntervalEnd();
            filter.ConsumerIndex = count.IsAtEnd ? 0 : count.Position;
            return !arguments.AnswerFailure();
        }
    }
}
