using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>Entries that a consumer is done with: XACK, and XACKDEL, which also deletes them.</summary>
public sealed class XAck
{
    [Command(
        "xack", Group = "stream", Since = "5.0.0", Arity = -4,
        Flags = "write fast", Keys = "rw update; 1",
        Complexity = "O(log(N)) for each id, with N the number of entries that are pending",
        Summary = "Acknowledges entries that are pending in a consumer group.",
        Syntax = "key group id ...")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists || !new StreamValue(context.Database.Edit(at)).TryFindGroup(context[2], out StreamGroup group))
        {
            context.Reply.Integer(0);
            return;
        }
        if (!IdList.TryReadRest(context, 3, out IdList ids))
        {
            return;
        }
        int count = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            count += group.Acknowledge(ids.At(context, i)) ? 1 : 0;
        }
        context.CountDirty(count);
        context.Reply.Integer(count);
    }

    [Command(
        "xackdel", Group = "stream", Since = "8.2.0", Arity = -6,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(log(N)) for each id, with N the number of entries",
        Summary = "Acknowledges entries that are pending in a consumer group and deletes them, if a condition holds.",
        Syntax = "key group [condition: KEEPREF | DELREF | ACKED] IDS (ids: numids:integer id ...)")]
    public void XAckDel(CommandContext context)
    {
        if (!IdList.TryReadOptions(context, 3, out IdList ids))
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
        bool isGroup = at.Exists && stream.TryFindGroup(context[2], out group);
        context.Reply.Array(ids.Count);
        int acknowledged = 0;
        int deleted = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            StreamId id = ids.At(context, i);
            if (!isGroup || !group.Acknowledge(id))
            {
                context.Reply.Integer(XDel.NotFound);
                continue;
            }
            acknowledged++;
            StreamEffects.WriteAcknowledged(context, group, id);
            int outcome = XDel.DeleteByPolicy(context, stream, id, ids.Policy, out bool isDeleted);
            deleted += isDeleted ? 1 : 0;
            context.Reply.Integer(outcome == XDel.StillReferenced ? outcome : XDel.Deleted);
        }
        context.CountDirty(acknowledged);
        if (deleted > 0)
        {
            context.Changed(context[1], KeyEventClass.Stream, "xdel"u8, deleted);
        }
    }
}
