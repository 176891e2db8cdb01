using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>Deleting entries by their ids: XDEL, and XDELEX, which cares for the groups that know them.</summary>
public sealed class XDel
{
    /// <summary>The replies of XDELEX and XACKDEL for an id.</summary>
    internal const int NotFound = -1;
    internal const int Deleted = 1;
    internal const int StillReferenced = 2;

    [Command(
        "xdel", Group = "stream", Since = "5.0.0", Arity = -3,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(log(N)) for each id, with N the number of entries",
        Summary = "Deletes entries of a stream.",
        Syntax = "key id ...")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        if (!IdList.TryReadRest(context, 2, out IdList ids))
        {
            return;
        }
        var stream = new StreamValue(context.Database.Edit(at));
        int count = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            count += stream.TryDelete(ids.At(context, i)) ? 1 : 0;
        }
        if (count > 0)
        {
            context.Changed(context[1], KeyEventClass.Stream, "xdel"u8, count);
        }
        context.Reply.Integer(count);
    }

    [Command(
        "xdelex", Group = "stream", Since = "8.2.0", Arity = -5,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(log(N)) for each id, with N the number of entries",
        Summary = "Deletes entries of a stream, if a condition holds.",
        Syntax = "key [condition: KEEPREF | DELREF | ACKED] IDS (ids: numids:integer id ...)")]
    public void XDelEx(CommandContext context)
    {
        if (!IdList.TryReadOptions(context, 2, out IdList ids))
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        StreamValue stream = at.Exists ? new StreamValue(context.Database.Edit(at)) : default;
        context.Reply.Array(ids.Count);
        int count = 0;
        for (int i = 0; i < ids.Count; i++)
        {
            bool isDeleted = false;
            context.Reply.Integer(at.Exists ? DeleteByPolicy(context, stream, ids.At(context, i), ids.Policy, out isDeleted) : NotFound);
            count += isDeleted ? 1 : 0;
        }
        if (count > 0)
        {
            context.Changed(context[1], KeyEventClass.Stream, "xdel"u8, count);
        }
    }

    /// <summary>Deletes an entry if the policy allows; returns what is answered for it.</summary>
    internal static int DeleteByPolicy(
        CommandContext context, StreamValue stream, StreamId id, ReferencePolicy policy, out bool isDeleted)
    {
        isDeleted = false;
        if (policy == ReferencePolicy.Delete)
        {
            // Also those that outlived their entry.
            context.CountDirty(ReferencePolicies.TryRemoveReferences(context, stream, id) ? 1 : 0);
        }
        else if (policy == ReferencePolicy.Acknowledged && stream.Contains(id) && ReferencePolicies.IsReferenced(stream, id))
        {
            return StillReferenced;
        }
        isDeleted = stream.TryDelete(id);
        if (isDeleted)
        {
            StreamEffects.WriteDeleted(context, id);
        }
        return isDeleted ? Deleted : NotFound;
    }
}
