using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Bixbite.Cluster.Document;

/// <summary>
/// Reads what <see cref="DocumentWriter"/> wrote, from bytes that anybody may have sent. After the first thing that is wrong all else reads
/// as zero or empty, and <see cref="IsFailed"/> says so; whoever reads a list asks before each element.
/// </summary>
public ref struct DocumentReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool IsFailed { get; private set; }

    /// <summary>The bytes that were not read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>Whether all was read, to the last byte.</summary>
    public readonly bool IsComplete => !IsFailed && _rest.IsEmpty;

    public int Byte() => Take(1) is [var value] ? value : 0;

    public int Short() => Take(2) is { Length: 2 } taken ? BinaryPrimitives.ReadUInt16LittleEndian(taken) : 0;

    public long Long() => Take(8) is { Length: 8 } taken ? BinaryPrimitives.ReadInt64LittleEndian(taken) : 0;

    public ClusterId Id() => Take(ClusterId.Size) is { Length: ClusterId.Size } taken ? ClusterId.Read(taken) : default;

    public string Name()
    {
        ReadOnlySpan<byte> taken = Take(Byte());
        if (taken.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
        {
            IsFailed = true;
            return "";
        }
        return Encoding.ASCII.GetString(taken);
    }

    public SlotSet Slots()
    {
        int count = Short();
        if (count > _rest.Length / 4)
        {
            IsFailed = true;
            return SlotSet.Empty;
        }
        ImmutableArray<SlotRange>.Builder ranges = ImmutableArray.CreateBuilder<SlotRange>(count);
        for (int i = 0; i < count; i++)
        {
            ranges.Add(new SlotRange(Short(), Short()));
        }
        SlotSet? slots = SlotSet.TryFrom(ranges.MoveToImmutable());
        IsFailed |= slots is null;
        return slots ?? SlotSet.Empty;
    }

    /// <summary>For values that are read well and mean nothing.</summary>
    public void Fail() => IsFailed = true;

    private ReadOnlySpan<byte> Take(int size)
    {
        if (IsFailed || _rest.Length < size)
        {
            IsFailed = true;
            return [];
        }
        ReadOnlySpan<byte> taken = _rest[..size];
        _rest = _rest[size..];
        return taken;
    }
}
