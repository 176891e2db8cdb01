using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XGROUP: consumer groups and their consumers.</summary>
[Command(
    "xgroup", Group = "stream", Since = "5.0.0", Arity = -2,
    Complexity = "Depends on the subcommand",
    Summary = "Manages the consumer groups of a stream.")]
public sealed class XGroup
{
    private const int CreateCountMax = 8;

    [Command(
        "xgroup|create", Group = "stream", Since = "5.0.0", Arity = -5,
        Flags = "write denyoom", Keys = "rw insert; 2",
        History = "7.0.0 Added the `entries_read` named argument.",
        Complexity = "O(1)",
        Summary = "Creates a consumer group.",
        Syntax = "key group (id-selector: id | new-id=$) [MKSTREAM] [ENTRIESREAD entries-read:integer]")]
    public void Create(CommandContext context)
    {
        if (!TryReadOptions(context, mayCreate: true, out bool isCreating, out long entriesRead))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(2);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists && !isCreating)
        {
            context.Reply.Error(StreamErrorText.XGroupKeyMissing);
            return;
        }
        if (context.Count > CreateCountMax)
        {
            ErrorText.SubcommandSyntax(context.Reply, "XGROUP"u8, context[1]);
            return;
        }
        StreamId id = at.Exists ? new StreamValue(context.Database.Open(at)).LastId : default;
        if (!context[4].SequenceEqual("$"u8) && !IdArguments.TryParse(context[4], missingSequence: 0, out id))
        {
            context.Reply.Error(StreamErrorText.InvalidId);
            return;
        }
        if (!at.Exists)
        {
            context.Database.Create(ref at, context[2], KeyType.Stream);
        }
        var stream = new StreamValue(context.Database.Edit(at));
        if (!stream.TryCreateGroup(context[3], id, entriesRead, out _))
        {
            context.Reply.Error(StreamErrorText.GroupExists);
            return;
        }
        context.Changed(context[2], KeyEventClass.Stream, "xgroup-create"u8);
        context.Reply.Ok();
    }

    [Command(
        "xgroup|setid", Group = "stream", Since = "5.0.0", Arity = -5,
        Flags = "write", Keys = "rw update; 2",
        History = "7.0.0 Added the optional `entries_read` argument.",
        Complexity = "O(1)",
        Summary = "Sets after which entry a consumer group goes on.",
        Syntax = "key group (id-selector: id | new-id=$) [ENTRIESREAD entries-read:integer]")]
    public void SetId(CommandContext context)
    {
        if (!TryReadOptions(context, mayCreate: false, out _, out long entriesRead)
            || !TryFind(context, out StreamValue stream, out StreamGroup group))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 4);
        StreamId id = arguments.Match("$"u8) ? stream.LastId : arguments.IdOrBound();
        if (context.Count is not (5 or 7))
        {
            ErrorText.SubcommandSyntax(context.Reply, "XGROUP"u8, context[1]);
            return;
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        group.LastDeliveredId = id;
        group.EntriesRead = entriesRead;
        context.Changed(context[2], KeyEventClass.Stream, "xgroup-setid"u8);
        context.Reply.Ok();
    }

    [Command(
        "xgroup|destroy", Group = "stream", Since = "5.0.0", Arity = 4,
        Flags = "write", Keys = "rw delete; 2",
        Complexity = "O(N) with N the number of entries that are pending in the group",
        Summary = "Destroys a consumer group.",
        Syntax = "key group")]
    public void Destroy(CommandContext context)
    {
        if (!TryOpen(context, out StreamValue stream))
        {
            return;
        }
        bool isThere = stream.TryRemoveGroup(context[3]);
        if (isThere)
        {
            context.Changed(context[2], KeyEventClass.Stream, "xgroup-destroy"u8);
        }
        context.Reply.Integer(isThere ? 1 : 0);
    }

    [Command(
        "xgroup|createconsumer", Group = "stream", Since = "6.2.0", Arity = 5,
        Flags = "write denyoom", Keys = "rw insert; 2",
        Complexity = "O(1)",
        Summary = "Creates a consumer in a consumer group.",
        Syntax = "key group consumer")]
    public void CreateConsumer(CommandContext context)
    {
        if (!TryFind(context, out _, out StreamGroup group))
        {
            return;
        }
        bool isNew = group.TryCreateConsumer(context[4], context.NowMs, out _);
        if (isNew)
        {
            context.Changed(context[2], KeyEventClass.Stream, "xgroup-createconsumer"u8);
        }
        context.Reply.Integer(isNew ? 1 : 0);
    }

    [Command(
        "xgroup|delconsumer", Group = "stream", Since = "5.0.0", Arity = 5,
        Flags = "write", Keys = "rw delete; 2",
        Complexity = "O(N) with N the number of entries that are pending for the consumer",
        Summary = "Deletes a consumer from a consumer group, and what is pending for it.",
        Syntax = "key group consumer")]
    public void DelConsumer(CommandContext context)
    {
        if (!TryFind(context, out _, out StreamGroup group))
        {
            return;
        }
        long pendingCount = 0;
        if (group.TryFindConsumer(context[4], out StreamConsumer consumer))
        {
            pendingCount = group.RemoveConsumer(consumer);
            context.Changed(context[2], KeyEventClass.Stream, "xgroup-delconsumer"u8);
        }
        context.Reply.Integer(pendingCount);
    }

    [Command(
        "xgroup|help", Group = "stream", Since = "5.0.0", Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply, "XGROUP",
        "CREATE <key> <groupname> <id|$> [option]",
        "    Create a new consumer group. Options are:",
        "    * MKSTREAM",
        "      Create the empty stream if it does not exist.",
        "    * ENTRIESREAD entries_read",
        "      Set the group's entries_read counter (internal use).",
        "CREATECONSUMER <key> <groupname> <consumer>",
        "    Create a new consumer in the specified group.",
        "DELCONSUMER <key> <groupname> <consumer>",
        "    Remove the specified consumer.",
        "DESTROY <key> <groupname>",
        "    Remove the specified group.",
        "SETID <key> <groupname> <id|$> [ENTRIESREAD entries_read]",
        "    Set the current group ID and entries_read counter.");

    /// <summary>Reads the options after the id of CREATE and SETID; answers the error and returns false if they are wrong.</summary>
    private static bool TryReadOptions(CommandContext context, bool mayCreate, out bool isCreating, out long entriesRead)
    {
        isCreating = false;
        entriesRead = StreamGroup.EntriesReadUnknown;
        var options = new ArgumentReader(context, 5);
        while (!options.IsAtEnd)
        {
            if (mayCreate && options.Match("mkstream"u8))
            {
                isCreating = true;
            }
            else if (options.Match("entriesread"u8, valueCount: 1))
            {
                entriesRead = options.Integer();
                if (entriesRead < StreamGroup.EntriesReadUnknown)
                {
                    options.Fail(StreamErrorText.EntriesReadNegative);
                }
            }
            else
            {
                ErrorText.SubcommandSyntax(context.Reply, "XGROUP"u8, context[1]);
                return false;
            }
        }
        return !options.AnswerFailure();
    }

    /// <summary>The stream, for changing it; otherwise answers the error.</summary>
    private static bool TryOpen(CommandContext context, out StreamValue stream)
    {
        stream = default;
        KeyRef at = context.KeyToWrite(2);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return false;
        }
        if (!at.Exists)
        {
            context.Reply.Error(StreamErrorText.XGroupKeyMissing);
            return false;
        }
        stream = new StreamValue(context.Database.Edit(at));
        return true;
    }

    /// <summary>The stream and its group, for changing them; otherwise answers the error.</summary>
    private static bool TryFind(CommandContext context, out StreamValue stream, out StreamGroup group)
    {
        group = default;
        if (!TryOpen(context, out stream))
        {
            return false;
        }
        if (!stream.TryFindGroup(context[3], out group))
        {
            StreamErrorText.NoGroup(context.Reply, context[2], context[3]);
            return false;
        }
        return true;
    }
}
