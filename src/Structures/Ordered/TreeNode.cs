using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Ordered;

/// <summary>
/// A node by its address, which is a block of the heap:
/// <code>
///   leaf    | header: 32 | word: 4 x capacity | link: 8 x capacity |
///   inner   | header: 32 | word: 4 x capacity | link: 8 x capacity | weight: 8 x capacity |
/// </code>
/// The first count entries of each array are in use. An entry of a leaf is an element, an entry of an inner node is a child: its
/// word and tag are those of the first element below it, its weight is the sum of all weights below it.
/// </summary>
internal readonly struct TreeNode(ulong address)
{
    internal ulong Address { get; } = address;

    internal bool IsNone => Address == 0;

    internal ref NodeHeader Header
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref Native.At<NodeHeader>(Address);
    }

    internal int Count => Header.Count;

    internal int Capacity => Header.Capacity;

    internal int Level => Header.Level;

    internal bool IsLeaf => Header.Level == 0;

    internal TreeNode Parent => new(Header.Parent);

    /// <summary>The address of the words.</summary>
    internal ulong Words => Address + NodeHeader.SizeOf;

    /// <summary>The address of the links.</summary>
    internal ulong Links => Words + ((ulong)Header.Capacity * sizeof(uint));

    /// <summary>The sum of the weights of all entries.</summary>
    internal long Weight => WeightOf(0, Count);

    private ulong Weights => Links + ((ulong)Header.Capacity * Link.SizeOf);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref uint WordAt(int index) => ref Native.At<uint>(Words + ((ulong)(uint)index * sizeof(uint)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref Link LinkAt(int index) => ref Link.At(Links + ((ulong)(uint)index * Link.SizeOf));

    /// <summary>The weight of a child.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref long WeightAt(int index)
    {
        Debug.Assert(!IsLeaf, "Leaves have no weights but their words.");
        return ref Native.At<long>(Weights + ((ulong)(uint)index * sizeof(long)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal TreeNode ChildAt(int index)
    {
        Debug.Assert(!IsLeaf && (uint)index < (uint)Count, "There is no such child.");
        return new TreeNode(LinkAt(index).Address);
    }

    /// <summary>The sum of the weights of so many entries.</summary>
    internal long WeightOf(int index, int count)
    {
        Debug.Assert((uint)index + (uint)count <= (uint)Count, "The entries are there.");
        ref NodeHeader header = ref Header;
        if (header.Level != 0)
        {
            return WordSums.SumLongs(Weights + ((ulong)(uint)index * sizeof(long)), count);
        }
        return header.IsWeighted ? WordSums.SumWords(Words + ((ulong)(uint)index * sizeof(uint)), count) : count;
    }

    /// <summary>Where the child stands.</summary>
    internal int PositionOf(TreeNode child)
    {
        ref ushort hint = ref child.Header.Position;
        if (hint >= Count || LinkAt(hint).Address != child.Address)
        {
            int index = 0;
            while (LinkAt(index).Address != child.Address)
            {
                index++;
            }
            Debug.Assert(index < Count, "The child is its parent's.");
            hint = (ushort)index;
        }
        return hint;
    }

    /// <summary>Puts an entry before the one at the index; there must be room.</summary>
    internal void Insert(int index, in NodeEntry entry)
    {
        Open(index, 1);
        WordAt(index) = entry.Word;
        LinkAt(index) = entry.Link;
        if (IsLeaf)
        {
            return;
        }
        WeightAt(index) = entry.Weight;
        Adopt(index, 1);
    }

    /// <summary>Moves the entries from the index on to make room for some, which are then undefined.</summary>
    internal void Open(int index, int count)
    {
        Debug.Assert((uint)index <= (uint)Count && Count + count <= Capacity, "There is room.");
        Copy(this, index, this, index + count, Count - index);
        Header.Count += (ushort)count;
    }

    /// <summary>Drops entries.</summary>
    internal void Close(int index, int count)
    {
        Debug.Assert((uint)index + (uint)count <= (uint)Count, "The entries are there.");
        Copy(this, index + count, this, index, Count - index - count);
        Header.Count -= (ushort)count;
    }

    /// <summary>Tells children that this is their parent.</summary>
    internal void Adopt(int index, int count)
    {
        if (IsLeaf)
        {
            return;
        }
        for (int i = index; i < index + count; i++)
        {
            ref NodeHeader child = ref ChildAt(i).Header;
            child.Parent = Address;
            child.Position = (ushort)i;
        }
    }

    /// <summary>Copies entries to a node of the same level, or within a node.</summary>
    internal static void Copy(TreeNode source, int sourceIndex, TreeNode target, int targetIndex, int count)
    {
        Debug.Assert(targetIndex + count <= target.Capacity && source.Level == target.Level, "The entries fit.");
        if (count == 0)
        {
            return;
        }
        Native.Copy(source.PlaceOfWord(sourceIndex), target.PlaceOfWord(targetIndex), (long)count * sizeof(uint));
        Native.Copy(source.PlaceOfLink(sourceIndex), target.PlaceOfLink(targetIndex), (long)count * Link.SizeOf);
        if (!source.IsLeaf)
        {
            Native.Copy(source.PlaceOfWeight(sourceIndex), target.PlaceOfWeight(targetIndex), (long)count * sizeof(long));
        }
    }

    private ulong PlaceOfWord(int index) => Words + ((ulong)(uint)index * sizeof(uint));

    internal ulong PlaceOfLink(int index) => Links + ((ulong)(uint)index * Link.SizeOf);

    private ulong PlaceOfWeight(int index) => Weights + ((ulong)(uint)index * sizeof(long));
}
