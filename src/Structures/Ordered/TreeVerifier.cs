namespace Bixbite.Structures.Ordered;

/// <summary>Recomputes all that a tree keeps, for tests. Where prefixes are equal it takes the order for granted.</summary>
internal ref struct TreeVerifier<TEntries>
    where TEntries : struct, ITreeEntries
{
    private readonly TreeNodes _nodes;
    private ulong _lastLeaf;
    private ulong _lastPrefix;
    private long _entryCount;
    private long _memoryBytes;

    private TreeVerifier(TreeNodes nodes) => _nodes = nodes;

    internal static void Verify(TreeNodes nodes)
    {
        ref TreeRoot root = ref nodes.Root;
        Check(root.IsWeighted == TEntries.IsWeighted, "the root belongs to another kind of tree");
        var verifier = new TreeVerifier<TEntries>(nodes);
        long count = 0;
        if (root.Top != 0)
        {
            Check(nodes.Top.Parent.IsNone, "the top has a parent");
            count = verifier.VerifyNode(nodes.Top, isFirst: true, isLast: true);
            Check(new TreeNode(verifier._lastLeaf).Header.Next == 0, "the last leaf has a next one");
        }
        Check(root.LastLeaf == verifier._lastLeaf, "the last leaf is another one");
        Check((root.FirstLeaf == 0) == (root.Top == 0), "the first leaf is another one");
        Check(root.Count == count, "the count is wrong");
        Check(root.EntryCount == verifier._entryCount, "the count of entries is wrong");
        Check(root.MemoryBytes == verifier._memoryBytes, "the memory is wrong");
    }

    private long VerifyNode(TreeNode node, bool isFirst, bool isLast)
    {
        ref NodeHeader header = ref node.Header;
        _memoryBytes += _nodes.SizeOf(node);
        Check(header.IsWeighted == TEntries.IsWeighted, "a node belongs to another kind of tree");
        Check(header.Count > 0 && header.Count <= header.Capacity, "a node is empty or too full");
        bool isTop = header.Parent == 0;
        Check(isTop || header.Capacity == NodeSize.CapacityMax(header.Level), "a small node is not at the top");
        Check(!isTop || header.Level == 0 || header.Count > 1, "the top has an only child");
        Check(isFirst || isLast || header.Count >= NodeSize.CountMin(header.Level), "a node amid others is too empty");
        return header.Level == 0 ? VerifyLeaf(node) : VerifyChildren(node, isFirst, isLast);
    }

    private long VerifyChildren(TreeNode node, bool isFirst, bool isLast)
    {
        long weight = 0;
        for (int i = 0; i < node.Count; i++)
        {
            TreeNode child = node.ChildAt(i);
            Check(child.Parent.Address == node.Address, "a child has another parent");
            Check(child.Level == node.Level - 1, "a child is of another level");
            Check(TEntries.IsWeighted || PrefixAt(node, i) == PrefixAt(child, 0), "a separator is wrong");
            long childWeight = VerifyNode(child, isFirst && i == 0, isLast && i == node.Count - 1);
            Check(childWeight == node.WeightAt(i), "a child's weight is wrong");
            weight += childWeight;
        }
        return weight;
    }

    private long VerifyLeaf(TreeNode leaf)
    {
        Check(leaf.Header.Previous == _lastLeaf, "a leaf's previous one is wrong");
        ulong linked = _lastLeaf == 0 ? _nodes.Root.FirstLeaf : new TreeNode(_lastLeaf).Header.Next;
        Check(linked == leaf.Address, "a leaf's next one is wrong");
        _lastLeaf = leaf.Address;
        long weight = 0;
        for (int i = 0; i < leaf.Count; i++)
        {
            Check(leaf.LinkAt(i).Address != 0, "an entry has no element");
            weight += TEntries.IsWeighted ? leaf.WordAt(i) : 1;
            _entryCount++;
            if (TEntries.IsWeighted)
            {
                continue;
            }
            ulong prefix = PrefixAt(leaf, i);
            Check(prefix == TEntries.PrefixOf(leaf.LinkAt(i).Address), "an entry's prefix is wrong");
            Check(prefix >= _lastPrefix, "entries are out of order");
            _lastPrefix = prefix;
        }
        return weight;
    }

    private static ulong PrefixAt(TreeNode node, int index) =>
        ((ulong)node.WordAt(index) << Memory.Link.TagBits) | node.LinkAt(index).Tag;

    private static void Check(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException(what);
        }
    }
}
