using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XINFO: looking at streams, groups and consumers.</summary>
[Command(
    "xinfo", Group = "stream", Since = "5.0.0", Arity = -2,
    Complexity = "Depends on the subcommand",
    Summary = "Inspects streams and their consumer groups.")]
public sealed class XInfo
{
    private const int FullCountMax = 10;

    [Command(
        "xinfo|stream", Group = "stream", Since = "5.0.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; 2",
        History = "6.0.0 Added the `FULL` modifier. | "
            + "7.0.0 Added the `max-deleted-entry-id`, `entries-added`, `recorded-first-entry-id`, `entries-read` and `lag` fields | "
            + "7.2.0 Added the `active-time` field, and changed the meaning of `seen-time`.",
        Complexity = "O(1); with FULL O(N) with N the number of entries, groups and consumers returned",
        Summary = "Returns what there is to know of a stream.",
        Syntax = "key [full-block: FULL [COUNT count]]")]
    public void Stream(CommandContext context)
    {
        if (!TryOpen(context, out StreamValue stream))
        {
            return;
        }
        var options = new ArgumentReader(context, 3);
        bool isFull = options.Match("full"u8);
        bool hasCount = options.Match("count"u8, valueCount: 1);
        long countMax = hasCount ? options.Integer() : FullCountMax;
        if ((context.Count > 3 && !isFull) || !options.IsAtEnd)
        {
            ErrorText.SubcommandSyntax(context.Reply, "XINFO"u8, context[1]);
        }
        else if (!options.AnswerFailure())
        {
            Answer(context.Reply, stream, isFull, countMax < 0 ? FullCountMax : countMax);
        }
    }

    [Command(
        "xinfo|groups", Group = "stream", Since = "5.0.0", Arity = 3,
        Flags = "readonly", Keys = "ro access; 2",
        History = "7.0.0 Added the `entries-read` and `lag` fields",
        Complexity = "O(N) with N the number of groups",
        Summary = "Returns the consumer groups of a stream.",
        Syntax = "key")]
    public void Groups(CommandContext context)
    {
        if (!TryOpen(context, out StreamValue stream))
        {
            return;
        }
        ReplyWriter reply = context.Reply;
        reply.Array(stream.GroupCount);
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            StreamGroup group = groups.Current;
            reply.Map(6);
            Name(reply, group.Name);
            Number(reply, "consumers"u8, group.ConsumerCount);
            Number(reply, "pending"u8, group.PendingCount);
            Progress(reply, stream, group);
        }
    }

    [Command(
        "xinfo|consumers", Group = "stream", Since = "5.0.0", Arity = 4,
        Flags = "readonly", Keys = "ro access; 2", Tips = "nondeterministic_output",
        History = "7.2.0 Added the `inactive` field, and changed the meaning of `idle`.",
        Complexity = "O(N) with N the number of consumers",
        Summary = "Returns the consumers of a consumer group.",
        Syntax = "key group")]
    public void Consumers(CommandContext context)
    {
        if (!TryOpen(context, out StreamValue stream))
        {
            return;
        }
        if (!stream.TryFindGroup(context[3], out StreamGroup group))
        {
            StreamErrorText.NoGroup(context.Reply, context[2], context[3]);
            return;
        }
        ReplyWriter reply = context.Reply;
        reply.Array(group.ConsumerCount);
        StreamConsumerReader consumers = group.ReadConsumers();
        while (consumers.MoveNext())
        {
            StreamConsumer consumer = consumers.Current;
            bool isActive = consumer.ActiveMs != StreamConsumer.NeverActive;
            reply.Map(4);
            Name(reply, consumer.Name);
            Number(reply, "pending"u8, consumer.PendingCount);
            Number(reply, "idle"u8, Math.Max(context.NowMs - consumer.SeenMs, 0));
            Number(reply, "inactive"u8, isActive ? Math.Max(context.NowMs - consumer.ActiveMs, 0) : StreamConsumer.NeverActive);
        }
    }

    [Command(
        "xinfo|help", Group = "stream", Since = "5.0.0", Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply, "XINFO",
        "CONSUMERS <key> <groupname>",
        "    Show consumers of <groupname>.",
        "GROUPS <key>",
        "    Show the stream consumer groups.",
        "STREAM <key> [FULL [COUNT <count>]",
        "    Show information about the stream.");

    private static bool TryOpen(CommandContext context, out StreamValue stream)
    {
        stream = default;
        KeyRef at = context.KeyToRead(2);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return false;
        }
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return false;
        }
        stream = new StreamValue(context.Database.Open(at));
        return true;
    }

    private static void Answer(ReplyWriter reply, StreamValue stream, bool isFull, long countMax)
    {
        reply.Map(isFull ? 9 : 10);
        Number(reply, "length"u8, stream.Count);
        Number(reply, "radix-tree-keys"u8, stream.NodeCount);
        // As many nodes as the tree that others have would take if no two of its keys began alike.
        Number(reply, "radix-tree-nodes"u8, stream.NodeCount + 1);
        Id(reply, "last-generated-id"u8, stream.LastId);
        Id(reply, "max-deleted-entry-id"u8, stream.MaxDeletedId);
        Number(reply, "entries-added"u8, stream.EntriesAdded);
        Id(reply, "recorded-first-entry-id"u8, stream.FirstId);
        if (isFull)
        {
            StreamEntryReader reader = stream.Read();
            reply.Bulk("entries"u8);
            EntryReply.Range(reply, ref reader, countMax);
            GroupDetails.Answer(reply, stream, countMax);
        }
        else
        {
            Number(reply, "groups"u8, stream.GroupCount);
            EdgeEntry(reply, "first-entry"u8, stream.Read());
            EdgeEntry(reply, "last-entry"u8, stream.ReadBackward(StreamId.Max, StreamId.Min));
        }
    }

    private static void EdgeEntry(ReplyWriter reply, ReadOnlySpan<byte> name, StreamEntryReader reader)
    {
        reply.Bulk(name);
        if (reader.MoveNext())
        {
            EntryReply.Entry(reply, ref reader);
        }
        else
        {
            reply.Null();
        }
    }

    internal static void Name(ReplyWriter reply, ReadOnlySpan<byte> name)
    {
        reply.Bulk("name"u8);
        reply.Bulk(name);
    }

    internal static void Number(ReplyWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }

    internal static void Id(ReplyWriter reply, ReadOnlySpan<byte> name, StreamId id)
    {
        reply.Bulk(name);
        EntryReply.Id(reply, id);
    }

    /// <summary>How far the group has come: three pairs of a map.</summary>
    internal static void Progress(ReplyWriter reply, StreamValue stream, StreamGroup group)
    {
        Id(reply, "last-delivered-id"u8, group.LastDeliveredId);
        NumberOrNull(reply, "entries-read"u8, group.EntriesRead != StreamGroup.EntriesReadUnknown, group.EntriesRead);
        bool isKnown = stream.TryGetLag(group, out long lag);
        NumberOrNull(reply, "lag"u8, isKnown, lag);
    }

    private static void NumberOrNull(ReplyWriter reply, ReadOnlySpan<byte> name, bool isKnown, long value)
    {
        reply.Bulk(name);
        if (isKnown)
        {
            reply.Integer(value);
        }
        else
        {
            reply.Null();
        }
    }
}
