using System.Diagnostics;
using Bixbite.Structures.Packed;

namespace Bixbite.Types.Streams;

/// <summary>Deletes and trims: entries are marked in their nodes, and a node whose last entry goes is freed.</summary>
internal static class NodeRemoval
{
    internal static bool TryDelete(StreamNodes nodes, StreamId id)
    {
        NodePosition position = nodes.Find(id);
        if (!position.Exists)
        {
            return false;
        }
        NodeWalk walk = NodeWalk.From(nodes.NodeAt(position), id);
        bool isFound = false;
        while (!isFound && walk.MoveNext() && (walk.IsDeleted || walk.Id <= id))
        {
            isFound = !walk.IsDeleted && walk.Id == id;
        }
        if (!isFound)
        {
            return false;
        }
        Mark(nodes, position, walk.Start);
        NoteDeleted(nodes, position, 1);
        ref StreamRoot root = ref nodes.Root;
        if (id > root.MaxDeletedId)
        {
            root.MaxDeletedId = id;
        }
        if (id == root.FirstId)
        {
            root.FirstId = FirstIdOf(nodes);
        }
        return true;
    }

    internal static long Trim(StreamNodes nodes, in StreamTrim trim)
    {
        ref StreamRoot root = ref nodes.Root;
        long countBefore = root.Count;
        for (NodePosition first = nodes.First; first.Exists; first = nodes.First)
        {
            StreamNode node = nodes.NodeAt(first);
            long liveCount = node.LiveCount;
            bool isShortEnough = trim.IsByLength && root.Count <= trim.LengthMax;
            bool isBeyondLimit = trim.Limit > 0 && countBefore - root.Count + liveCount > trim.Limit;
            if (isShortEnough || isBeyondLimit)
            {
                break;
            }
            if (trim.IsByLength ? root.Count - liveCount < trim.LengthMax : LastIdIn(node) >= trim.MinId)
            {
                TrimNode(nodes, first, trim);
                break;
            }
            root.Count -= liveCount;
            nodes.Remove(first);
        }
        if (root.Count != countBefore)
        {
            root.FirstId = FirstIdOf(nodes);
        }
        return countBefore - root.Count;
    }

    /// <summary>Trims the first node, of which something is to stay.</summary>
    private static void TrimNode(StreamNodes nodes, NodePosition first, in StreamTrim trim)
    {
        if (trim.IsApproximate)
        {
            return;
        }
        long excess = nodes.Root.Count - trim.LengthMax;
        long marked = 0;
        var walk = new NodeWalk(nodes.NodeAt(first), isBackward: false);
        while (walk.MoveNext() && (trim.IsByLength ? marked < excess : walk.Id < trim.MinId))
        {
            if (!walk.IsDeleted)
            {
                Mark(nodes, first, walk.Start);
                marked++;
            }
        }
        if (marked > 0)
        {
            NoteDeleted(nodes, first, marked);
        }
    }

    /// <summary>Sets the flag of the entry that begins here, which takes one byte with it or without.</summary>
    private static void Mark(StreamNodes nodes, NodePosition position, int start)
    {
        ref byte flags = ref nodes.Edit(position).Bytes(start + 1)[start];
        Debug.Assert(flags is 0 or (byte)StreamNode.SameFields, "The entry begins here and is not deleted.");
        flags |= (byte)StreamNode.Deleted;
    }

    /// <summary>Brings the counts up to date when entries of a node were marked; a node that has no others goes.</summary>
    private static void NoteDeleted(StreamNodes nodes, NodePosition position, long count)
    {
        nodes.Root.Count -= count;
        StreamNode node = nodes.NodeAt(position);
        long liveCount = node.LiveCount - count;
        long deletedCount = node.DeletedCount + count;
        if (liveCount == 0)
        {
            nodes.Remove(position);
            return;
        }
        Listpack.Replace(nodes.Edit(position), StreamNode.LiveOffset, liveCount);
        Listpack.Replace(nodes.Edit(position), nodes.NodeAt(position).DeletedOffset, deletedCount);
    }

    /// <summary>The ID of the last entry, deleted or not.</summary>
    private static StreamId LastIdIn(StreamNode node)
    {
        var walk = new NodeWalk(node, isBackward: true);
        bool exists = walk.MovePrevious();
        Debug.Assert(exists, "A node has entries.");
        return walk.Id;
    }

    private static StreamId FirstIdOf(StreamNodes nodes)
    {
        var reader = new StreamEntryReader(nodes, StreamId.Min, StreamId.Max, isBackward: false);
        return reader.MoveNext() ? reader.Id : StreamId.Min;
    }
}
