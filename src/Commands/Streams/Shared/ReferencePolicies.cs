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

    /// <summary>Makes the entry pending in no group; false if it was in none.</summary>
    public static bool TryRemoveReferences(StreamValue stream, StreamId id)
    {
        bool isAny = false;
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            isAny |= groups.Current.Acknowledge(id);
        }
        return isAny;
    }

    /// <summary>Removes entries from the beginning as far as the policy allows; returns how many.</summary>
    public static long Trim(StreamValue stream, in TrimOptions options)
    {
        if (options.Policy == ReferencePolicy.Keep)
        {
            return stream.Trim(options.Trim);
        }
        StreamId maxDeletedId = stream.MaxDeletedId;
        bool isGap = false;
        long count = 0;
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
            RemoveReferencesUpTo(stream, lastRemovedId);
        }
        if (!isGap)
        {
            // What goes from the beginning leaves no gap behind that counting would stumble over.
            stream.MaxDeletedId = maxDeletedId;
        }
        return count;
    }

    /// <summary>Makes everything up to an id pending in no group, also what was deleted before.</summary>
    private static void RemoveReferencesUpTo(StreamValue stream, StreamId last)
    {
        StreamGroupReader groups = stream.ReadGroups();
        while (groups.MoveNext())
        {
            StreamGroup group = groups.Current;
            while (group.PendingCount > 0 && group.FirstPendingId <= last)
            {
                group.Acknowledge(group.FirstPendingId);
            }
        }
    }
}
