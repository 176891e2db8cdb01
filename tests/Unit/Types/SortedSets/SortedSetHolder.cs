using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Unit.Types.SortedSets;

/// <summary>A block with a sorted set at its end, as a record has it, and nothing else.</summary>
internal sealed class SortedSetHolder : IDisposable
{
    private const int HeaderSize = 16;

    private Link _link;

    public SortedSetHolder(Heap heap)
    {
        Context = new ValueContext(heap, seed: 11);
        _link = new Link(heap.Allocate(HeaderSize + ValueSlot.EmptySize));
        ValueSlot.WriteEmpty(_link.Address + HeaderSize);
    }

    public ValueContext Context { get; }

    public SortedSetValue Set => new(Slot);

    public bool IsLarge => Slot.Layout == ValueLayout.Root;

    public ulong Root => Slot.Root;

    public ValueSlot Slot => new(Context, ref _link, HeaderSize);

    /// <summary>Checks a large set's structures against each other.</summary>
    public void Verify()
    {
        if (IsLarge)
        {
            var set = new SortedSetRoot(Context, Root);
            set.Index.Verify();
            set.Tree.Verify();
            set.Verify();
        }
    }

    public void Dispose()
    {
        if (IsLarge)
        {
            while (Context.Types.Collection(KeyType.SortedSet).ReleaseSome(Context, Root, 100))
            {
            }
        }
        Context.Heap.Free(_link.Address);
    }
}
