using Bixbite.Engine.Execution;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Reading the policy, and removing single entries by it.</summary>
internal static class ReferencePolicies
{
    /// <summary>Takes the next argument if it is the word of a policy.</summary>
    public static bool TryRead(ref ArgumentReader arguments, out ReferencePolicy policy)
    {
        policy = ReferencePolicy.Keep;
        if (arguments.Match("keepref"u8))
        {
            return true;
        }
        if (arguments.Match("delref"u8))
        {
            policy = ReferencePolicy.Delete;
            return true;
        }
        policy = ReferencePolicy.Acknowledged;
        return arguments.Match("acked"u8);
    }

    /// <summary>Whether a group has the entry pending or will still get it.</summary>
    public static bool IsReferenced(StreamValue stream, StreamId id)
    {
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            if (id > groups.Current.LastDeliveredId || groups.Current.TryFindPending(id, out _))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Makes the entry pending in no group, and has that repeated; false if it was in none.</summary>
    public static bool TryRemoveReferences(CommandContext context, StreamValue stream, StreamId id)
    {
        bool isAny = false;
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            StreamGroup group = groups.Current;
            if (group.Acknowledge(id))
            {
                StreamEffects.WriteAcknowledged(context, group, id);
                isAny = true;
            }
        }
        return isAny;
    }

    /// <summary>
    /// Removes entries from the beginning as far as the policy allows, and has that repeated which is done to groups; returns how many.
    /// </summary>
    /// <param name="context">Of the command.</param>
    /// <param name="stream">Of which entries are removed.</param>
    /// <param name="options">Up to where, and the policy.</param>
    /// <param name="between">
    /// Gets the ids of those that were removed, if one before them stays, so that no trimming removes the same; otherwise null.
    /// </param>
    public static long Trim(CommandContext context, StreamValue stream, in TrimOptions options, out List<StreamId>? between)
    {
        between = null;
        if (options.Policy == ReferencePolicy.Keep)
        {
            return stream.Trim(options.Trim);
        }
        StreamId maxDeletedId = stream.MaxDeletedId;
        bool isGap = false;
        long count = 0;
        List<StreamId>? removed = options.Policy == ReferencePolicy.Acknowledged && context.Effects.IsWanted ? [] : null;
        StreamId from = StreamId.Min;
        StreamId lastRemovedId = StreamId.Min;
        while (options.Limit == 0 || count < options.Limit)
        {
            StreamEntryReader reader = stream.Read(from, StreamId.Max);
            if (!reader.MoveNext() || !options.Reaches(stream, reader.Id))
            {
                break;
            }
            StreamId id = reader.Id;
            if (options.Policy == ReferencePolicy.Acknowledged && IsReferenced(stream, id))
            {
                isGap = true;
            }
            else
            {
                stream.TryDelete(id);
                removed?.Add(id);
                lastRemovedId = id;
                count++;
            }
            if (!id.TryGetNext(out from))
            {
                break;
            }
        }
        if (options.Policy == ReferencePolicy.Delete && count > 0)
        {
            RemoveReferencesUpTo(context, stream, lastRemovedId);
        }
        between = isGap ? removed : null;
        if (!isGap)
        {
            // What goes from the beginning leaves no gap behind that counting would stumble over.
            stream.MaxDeletedId = maxDeletedId;
        }
        return count;
    }

    /// <summary>Makes everything up to an id pending in no group, also what was deleted before.</summary>
    private static void RemoveReferencesUpTo(CommandContext context, StreamValue stream, StreamId last)
    {
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            StreamGroup group = groups.Current;
            while (group.PendingCount > 0 && group.FirstPendingId <= last)
            {
                StreamId id = group.FirstPendingId;
                group.Acknowledge(id);
                StreamEffects.WriteAcknowledged(context, group, id);
            }
        }
    }
}
