using System.Text;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Lists;
using Xunit;

namespace Bixbite.Unit.Types.Lists;

/// <summary>One list without a key, and its own heap.</summary>
internal sealed class ListFixture : IDisposable
{
    private Link _link;

    public ListFixture(int nodeFill, Heap? heap = null)
    {
        Heap = heap ?? new Heap();
        Context = new ValueContext(Heap, seed: 7);
        Context.Limits.ListNodeFill = nodeFill;
        ulong block = Heap.Allocate(ValueSlot.EmptySize);
        ValueSlot.WriteEmpty(block);
        _link = new Link(block);
    }

    public Heap Heap { get; }

    public ValueContext Context { get; }

    public bool IsBig => Slot.Layout == ValueLayout.Root;

    public ulong Root => Slot.Root;

    public ValueSlot Slot => new(Context, ref _link, 0);

    public ListValue Open() => new(Slot);

    public List<string> ToList(bool isBackward = false)
    {
        ListValue list = Open();
        long count = list.Count;
        var items = new List<string>();
        ListReader reader = list.Read(isBackward ? count - 1 : 0, count, isBackward);
        Span<byte> scratch = stackalloc byte[24];
        while (reader.MoveNext())
        {
            items.Add(Encoding.Latin1.GetString(reader.Current.Text(scratch)));
        }
        return items;
    }

    /// <summary>Frees the list; the heap must be empty then.</summary>
    public void Dispose()
    {
        if (IsBig)
        {
            while (ListRoot.ReleaseSome(Context, Slot.Root, 16))
            {
            }
        }
        Heap.Free(_link.Address);
        Assert.Equal(0, Heap.UsedBytes);
        Heap.Dispose();
    }
}
