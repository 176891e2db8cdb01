using System.Text;
using Bixbite.Memory;
using Bixbite.Types;
using Bixbite.Types.Sets;
using Xunit;

namespace Bixbite.Unit.Types.Sets;

/// <summary>One set at the end of a block, as it lies in a record, and whatever it owns.</summary>
internal sealed class SetFixture : IDisposable
{
    private const int Offset = 16;

    private Link _link;

    public SetFixture(int seed = 1)
    {
        Context = new ValueContext(Heap, seed: 7) { Random = new Random(seed) };
        _link = new Link(Heap.Allocate(Offset + ValueSlot.EmptySize));
        ValueSlot.WriteEmpty(_link.Address + Offset);
    }

    public Heap Heap { get; } = new();

    public ValueContext Context { get; }

    public ValueSlot Slot => new(Context, ref _link, Offset);

    public SetValue Set => new(Slot);

    public string Encoding => System.Text.Encoding.ASCII.GetString(Context.Types.Collection(KeyType.Set).EncodingName(Slot.Layout));

    public static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    public bool Add(string member) => Set.Add(Bytes(member));

    public void AddAll(IEnumerable<string> members)
    {
        foreach (string member in members)
        {
            Add(member);
        }
    }

    public List<string> Members()
    {
        var members = new List<string>();
        SetReader reader = Set.Read();
        while (reader.MoveNext())
        {
            members.Add(System.Text.Encoding.Latin1.GetString(reader.Member));
        }
        return members;
    }

    /// <summary>Frees all, and finds that nothing else was allocated.</summary>
    public void Dispose()
    {
        if (Slot.Layout == ValueLayout.Root)
        {
            ulong root = Slot.Root;
            while (SetRoot.ReleaseSome(Context, root, 1000))
            {
            }
        }
        Heap.Free(_link.Address);
        Assert.Equal(0, Heap.UsedBytes);
        Heap.Dispose();
    }
}
