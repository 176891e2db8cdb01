using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XSETID: what a stream remembers of the entries that are no longer there. Logs and replicas need it.</summary>
public sealed class XSetId
{
    [Command(
        "xsetid", Group = "stream", Since = "5.0.0", Arity = -3,
        Flags = "write denyoom fast", Keys = "rw update; 1",
        History = "7.0.0 Added the `entries_added` and `max_deleted_entry_id` arguments.",
        Complexity = "O(1)",
        Summary = "Sets the last id of a stream, and what it counts.",
        Syntax = "key last-id [ENTRIESADDED entries-added:integer@7.0.0] [MAXDELETEDID max-deleted-id@7.0.0]")]
    public void Run(CommandContext context)
    {
        if (!TryRead(context, out StreamId id, out StreamId? maxDeletedId, out long? entriesAdded))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.NoSuchKey);
            return;
        }
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        var stream = new StreamValue(context.Database.Edit(at));
        ReadOnlySpan<byte> error = Check(stream, id, entriesAdded);
        if (!error.IsEmpty)
        {
            context.Reply.Error(error);
            return;
        }
        stream.LastId = id;
        stream.EntriesAdded = entriesAdded ?? stream.EntriesAdded;
        stream.MaxDeletedId = maxDeletedId is { IsZero: false } given ? given : stream.MaxDeletedId;
        context.Changed(context[1], KeyEventClass.Stream, "xsetid"u8);
        context.Reply.Ok();
    }

    private static bool TryRead(CommandContext context, out StreamId id, out StreamId? maxDeletedId, out long? entriesAdded)
    {
        maxDeletedId = null;
        entriesAdded = null;
        var arguments = new ArgumentReader(context, 2);
        id = arguments.Id();
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("entriesadded"u8, valueCount: 1))
            {
                entriesAdded = arguments.Integer();
                if (entriesAdded < 0)
                {
                    arguments.Fail(StreamErrorText.EntriesAddedNegative);
                }
            }
            else if (arguments.Match("maxdeletedid"u8, valueCount: 1))
            {
                maxDeletedId = arguments.Id();
                if (id < maxDeletedId)
                {
                    arguments.Fail(StreamErrorText.XSetIdBelowGiven);
                }
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return !arguments.AnswerFailure();
    }

    /// <summary>The error if ids would go backwards.</summary>
    private static ReadOnlySpan<byte> Check(StreamValue stream, StreamId id, long? entriesAdded)
    {
        if (id < stream.MaxDeletedId)
        {
            return StreamErrorText.XSetIdBelowDeleted;
        }
        StreamEntryReader reader = stream.ReadBackward(StreamId.Max, StreamId.Min);
        if (!reader.MoveNext())
        {
            return default;
        }
        if (id < reader.Id)
        {
            return StreamErrorText.XSetIdBelowTop;
        }
        return entriesAdded < stream.Count ? StreamErrorText.XSetIdTooFewAdded : default;
    }
}
