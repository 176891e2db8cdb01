using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XAUTOCLAIM: entries that are pending for too long become another consumer's, some at a time.</summary>
public sealed class XAutoClaim
{
    /// <summary>How many pending entries are looked at for each that may be returned.</summary>
    private const int LooksPerEntry = 10;

    private const long CountMax = long.MaxValue / 16;

    private readonly List<StreamId> _deleted = [];

    [Command(
        "xautoclaim", Group = "stream", Since = "6.2.0", Arity = -6,
        Flags = "write fast", Keys = "rw delete; 1", Tips = "nondeterministic_output",
        History = "7.0.0 Added an element to the reply array, containing deleted entries the command cleared from the PEL",
        Complexity = "O(1) if COUNT is small",
        Summary = "Makes entries that are pending in a consumer group for some time another consumer's.",
        Syntax = "key group consumer min-idle-time start [COUNT count] [JUSTID]")]
    public void Run(CommandContext context)
    {
        if (!Claims.TryReadMinIdle(context, "XAUTOCLAIM"u8, out long minIdleMs))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 5);
        StreamId start = arguments.IntervalStart();
        long count = 100;
        bool isJustId = false;
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("count"u8, valueCount: 1))
            {
                count = arguments.Integer(1, CountMax, StreamErrorText.XAutoClaimCount);
            }
            else if (arguments.Match("justid"u8))
            {
                isJustId = true;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
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
        Run(context, stream, group, start, new Request(minIdleMs, count, isJustId));
        context.Effects.Suppress();
    }

    private void Run(CommandContext context, StreamValue stream, StreamGroup group, StreamId start, in Request request)
    {
        ReplyWriter reply = context.Reply;
        StreamConsumer consumer = Consumers.FindOrCreate(context, context[1], group, context[3]);
        _deleted.Clear();
        reply.Array(3);
        int cursorMark = reply.BeginCursor();
        int mark = reply.BeginArray();
        int claimed = 0;
        long left = request.CountMax;
        long looksLeft = request.CountMax * LooksPerEntry;
        PendingReader pending = group.ReadPending(start, StreamId.Max);
        while (looksLeft-- > 0 && left > 0 && pending.MoveNext())
        {
            PendingEntry entry = pending.Current;
            StreamId id = entry.Id;
            StreamEntryReader reader = stream.Read(id, id);
            if (!reader.MoveNext())
            {
                Forget(context, group, id);
                left--;
            }
            else if (request.MinIdleMs <= 0 || context.NowMs - entry.DeliveryMs >= request.MinIdleMs)
            {
                group.Claim(entry, consumer);
                entry.DeliveryMs = context.NowMs;
                entry.DeliveryCount += request.IsJustId ? 0 : 1;
                Claims.Answer(reply, ref reader, request.IsJustId);
                StreamEffects.WriteClaim(context, context[1], group, entry);
                claimed++;
                left--;
            }
        }
        StreamId cursor = pending.MoveNext() ? pending.Current.Id : StreamId.Min;
        reply.EndArray(mark, claimed);
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        reply.EndCursor(cursorMark, text[..cursor.Format(text)]);
        reply.Array(_deleted.Count);
        foreach (StreamId id in _deleted)
        {
            EntryReply.Id(reply, id);
        }
        if (claimed > 0)
        {
            consumer.ActiveMs = context.NowMs;
        }
        context.CountDirty(claimed + _deleted.Count);
    }

    private void Forget(CommandContext context, StreamGroup group, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        Claims.TryForget(context, group, id, text[..id.Format(text)]);
        _deleted.Add(id);
    }

    private readonly record struct Request(long MinIdleMs, long CountMax, bool IsJustId);
}
