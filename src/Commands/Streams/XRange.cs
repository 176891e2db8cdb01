using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>Entries between two ids: XRANGE and XREVRANGE; and how many entries there are: XLEN.</summary>
public sealed class XRange
{
    [Command(
        "xrange", Group = "stream", Since = "5.0.0", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        History = "6.2.0 Added exclusive ranges.",
        Complexity = "O(log(N)+M) with N the number of entries and M the number returned",
        Summary = "Returns the entries of a stream with ids within a range.",
        Syntax = "key start end [COUNT count]")]
    public void Run(CommandContext context) => Answer(context, startIndex: 2, endIndex: 3, isBackward: false);

    [Command(
        "xrevrange", Group = "stream", Since = "5.0.0", Arity = -4,
        Flags = "readonly", Keys = "ro access; 1",
        History = "6.2.0 Added exclusive ranges.",
        Complexity = "O(log(N)+M) with N the number of entries and M the number returned",
        Summary = "Returns the entries of a stream with ids within a range, the last one first.",
        Syntax = "key end start [COUNT count]")]
    public void XRevRange(CommandContext context) => Answer(context, startIndex: 3, endIndex: 2, isBackward: true);

    [Command(
        "xlen", Group = "stream", Since = "5.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the number of entries of a stream.",
        Syntax = "key")]
    public void XLen(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.Stream))
        {
            context.Reply.Integer(at.Exists ? new StreamValue(context.Database.Open(at)).Count : 0);
        }
    }

    private static void Answer(CommandContext context, int startIndex, int endIndex, bool isBackward)
    {
        var startReader = new ArgumentReader(context, startIndex);
        StreamId start = startReader.IntervalStart();
        if (startReader.AnswerFailure())
        {
            return;
        }
        var endReader = new ArgumentReader(context, endIndex);
        StreamId end = endReader.IntervalEnd();
        if (endReader.AnswerFailure() || !TryReadCount(context, out long countMax))
        {
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Array(0);
            return;
        }
        if (countMax == 0)
        {
            context.Reply.NullArray();
            return;
        }
        var stream = new StreamValue(context.Database.Open(at));
        StreamEntryReader reader = isBackward ? stream.ReadBackward(end, start) : stream.Read(start, end);
        EntryReply.Range(context.Reply, ref reader, countMax);
    }

    /// <summary>COUNT, which may come again; without it more than there can be.</summary>
    private static bool TryReadCount(CommandContext context, out long countMax)
    {
        countMax = long.MaxValue;
        var options = new ArgumentReader(context, 4);
        while (!options.IsAtEnd)
        {
            if (options.Match("count"u8, valueCount: 1))
            {
                countMax = Math.Max(options.Integer(), 0);
            }
            else
            {
                options.Fail(ErrorText.Syntax);
            }
        }
        return !options.AnswerFailure();
    }
}
