using System.Text;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Unit.Types.Hashes;

/// <summary>A hash in a block of its own, behind some bytes that are not its business.</summary>
internal sealed class HashOwner : IDisposable
{
    private const int Offset = 5;

    private Link _link;

    public HashOwner(long entriesMax = 512, long valueSizeMax = 64)
    {
        Context = new ValueContext(Heap, seed: 42);
        Context.Limits.HashEntriesMax = entriesMax;
        Context.Limits.HashValueSizeMax = valueSizeMax;
        _link = new Link(Heap.Allocate(Offset + ValueSlot.EmptySize));
        ValueSlot.WriteEmpty(_link.Address + Offset);
    }

    public Heap Heap { get; } = new();

    public ValueContext Context { get; }

    public ValueSlot Slot => new(Context, ref _link, Offset);

    public HashValue Value => new(Slot);

    public long NextDeadlineMs => FieldDeadlines.NextMsAt(_link.Address + Offset);

    public bool IsEmpty => Value.IsEmpty;

    public ReadOnlySpan<byte> Packed => ValueSlot.PackedAt(_link.Address + Offset);

    /// <summary>The fields that were told by the last <see cref="RemoveDue"/>.</summary>
    public List<string> Told { get; } = [];

    public int RemoveDue(long nowMs, int countMax = int.MaxValue)
    {
        Told.Clear();
        return FieldDeadlines.RemoveDue(Slot, nowMs, countMax, new Noting(Told), out _);
    }

    /// <summary>Puts a deep copy of the root in its place and gives up the old one.</summary>
    public void ReplaceByCopy()
    {
        ulong root = Slot.Root;
        Slot.BecomeRoot(HashRoot.Duplicate(Context, root));
        Release(root);
    }

    /// <summary>Gives up everything and asserts that nothing is left.</summary>
    public void AssertNothingLeaks()
    {
        if (Slot.Layout == ValueLayout.Root)
        {
            Release(Slot.Root);
        }
        Heap.Free(_link.Address);
        Xunit.Assert.Equal(0, Heap.UsedBytes);
    }

    public void Dispose() => Heap.Dispose();

    private readonly struct Noting(List<string> told) : IDueFields
    {
        public void Remove(ReadOnlySpan<byte> field) => told.Add(Encoding.UTF8.GetString(field));
    }

    private void Release(ulong root)
    {
        while (HashRoot.ReleaseSome(Context, root, countMax: 100))
        {
        }
    }
}
