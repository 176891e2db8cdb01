namespace Bixbite.Types.Streams;

/// <summary>Takes nodes that were stored elsewhere and may be wrong in any way.</summary>
internal static class NodeLoading
{
    internal static bool TryAppend(StreamNodes nodes, StreamId masterId, ReadOnlySpan<byte> pack)
    {
        var check = new NodeCheck(masterId, pack);
        if (!check.IsSound() || (nodes.HasTail && masterId <= LastIdOf(nodes)))
        {
            return false;
        }
        if (check.LiveCount == 0)
        {
            return true;
        }
        nodes.AppendNode(masterId, pack);
        ref StreamRoot root = ref nodes.Root;
        if (root.Count == 0)
        {
            root.FirstId = check.FirstLiveId;
        }
        root.Count += check.LiveCount;
        return true;
    }

    private static StreamId LastIdOf(StreamNodes nodes)
    {
        var reader = new StreamEntryReader(nodes, StreamId.Min, StreamId.Max, isBackward: true);
        return reader.MoveNext() ? reader.Id : StreamId.Min;
    }
}
