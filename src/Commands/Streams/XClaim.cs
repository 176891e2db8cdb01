using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XCLAIM: pending entries become another consumer's.</summary>
public sealed class XClaim
{
    private const int FirstIdIndex = 5;

    [Command(
        "xclaim", Group = "stream", Since = "5.0.0", Arity = -6,
        Flags = "write fast", Keys = "rw update; 1", Tips = "nondeterministic_output",
        Complexity = "O(log(N)) for each id, with N the number of entries",
        Summary = "Makes entries that are pending in a consumer group another consumer's.",
        Syntax = "key group consumer min-idle-time id ... [IDLE ms:integer] [TIME unix-time-milliseconds] [RETRYCOUNT count] [FORCE] "
            + "[JUSTID] [LASTID lastid]")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        StreamValue stream = at.Exists ? new StreamValue(context.Database.Edit(at)) : default;
        StreamGroup group = default;
        if (!at.Exists || !stream.TryFindGroup(context[2], out group))
        {
            StreamErrorText.NoKeyOrGroup(context.Reply, context[1], context[2]);
            return;
        }
        if (!Options.TryRead(context, out Options options))
        {
            return;
        }
        bool isAhead = options.LastId > group.LastDeliveredId;
        if (isAhead)
        {
            group.LastDeliveredId = options.LastId;
        }
        StreamConsumer consumer = Consumers.FindOrCreate(context, context[1], group, context[3]);
        int mark = context.Reply.BeginArray();
        int count = 0;
        bool isWritten = false;
        for (int i = FirstIdIndex; i < options.Index; i++)
        {
            IdArguments.TryParse(context[i], missingSequence: 0, out StreamId id);
            StreamEntryReader reader = stream.Read(id, id);
            if (!reader.MoveNext())
            {
                isWritten |= Claims.TryForget(context, group, id, context[i]);
            }
            else if (TryClaim(context, group, consumer, id, options, out PendingEntry entry))
            {
                Claims.Answer(context.Reply, ref reader, options.IsJustId);
                StreamEffects.WriteClaim(context, context[1], group, entry, context[i]);
                isWritten = true;
                count++;
            }
        }
        context.Reply.EndArray(mark, count);
        if (count > 0)
        {
            consumer.ActiveMs = context.NowMs;
        }
        if (isAhead && !isWritten)
        {
            StreamEffects.WritePosition(context, context[1], group);
        }
        context.CountDirty(isWritten || isAhead ? 1 : 0);
        context.Effects.Suppress();
    }

    private static bool TryClaim(
        CommandContext context, StreamGroup group, StreamConsumer consumer, StreamId id, in Options options, out PendingEntry entry)
    {
        if (!group.TryFindPending(id, out entry))
        {
            if (!options.IsForced)
            {
                return false;
            }
            entry = group.AddPending(id, consumer, options.DeliveryMs, deliveryCount: 1);
        }
        else if (options.MinIdleMs > 0 && context.NowMs - entry.DeliveryMs < options.MinIdleMs)
        {
            return false;
        }
        group.Claim(entry, consumer);
        entry.DeliveryMs = options.DeliveryMs;
        if (options.DeliveryCount >= 0)
        {
            entry.DeliveryCount = options.DeliveryCount;
        }
        else if (!options.IsJustId)
        {
            entry.DeliveryCount++;
        }
        return true;
    }

    private struct Options
    {
        public long MinIdleMs { get; private set; }

        /// <summary>The position of the first option, behind the last id.</summary>
        public int Index { get; private set; }

        /// <summary>IDLE, TIME: when the entry is taken to be delivered; never in the future.</summary>
        public long DeliveryMs { get; private set; }

        /// <summary>RETRYCOUNT; negative without it.</summary>
        public long DeliveryCount { get; private set; }

        /// <summary>FORCE: also entries that are not pending.</summary>
        public bool IsForced { get; private set; }

        public bool IsJustId { get; private set; }

        public StreamId LastId { get; private set; }

        /// <summary>Reads the arguments from the idle time on; on failure answers the error.</summary>
        public static bool TryRead(CommandContext context, out Options options)
        {
            options = new Options { Index = FirstIdIndex, DeliveryMs = -1, DeliveryCount = -1 };
            if (!Claims.TryReadMinIdle(context, "XCLAIM"u8, out long minIdleMs))
            {
                return false;
            }
            options.MinIdleMs = minIdleMs;
            while (options.Index < context.Count && IdArguments.TryParse(context[options.Index], missingSequence: 0, out _))
            {
                options.Index++;
            }
            var arguments = new ArgumentReader(context, options.Index);
            while (!arguments.IsAtEnd)
            {
                if (!options.TryReadOption(context, ref arguments))
                {
                    return false;
                }
            }
            if (options.DeliveryMs < 0 || options.DeliveryMs > context.NowMs)
            {
                options.DeliveryMs = context.NowMs;
            }
            return !arguments.AnswerFailure();
        }

        /// <summary>Reads one option; false if an error was answered.</summary>
        private bool TryReadOption(CommandContext context, ref ArgumentReader arguments)
        {
            if (arguments.Match("force"u8))
            {
                IsForced = true;
            }
            else if (arguments.Match("justid"u8))
            {
                IsJustId = true;
            }
            else if (arguments.Match("idle"u8, valueCount: 1))
            {
                DeliveryMs = unchecked(context.NowMs - arguments.Integer(StreamErrorText.XClaimIdle));
            }
            else if (arguments.Match("time"u8, valueCount: 1))
            {
                DeliveryMs = arguments.Integer(StreamErrorText.XClaimTime);
            }
            else if (arguments.Match("retrycount"u8, valueCount: 1))
            {
                DeliveryCount = arguments.Integer(StreamErrorText.XClaimRetryCount);
            }
            else if (arguments.Match("lastid"u8, valueCount: 1))
            {
                LastId = arguments.Id();
            }
            else
            {
                StreamErrorText.XClaimOption(context.Reply, arguments.Peek());
                return false;
            }
            return true;
        }
    }
}
