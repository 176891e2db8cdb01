namespace Bixbite.Structures.Text;

/// <summary>Byte strings in the order of their bytes; a shorter one before those that begin with it.</summary>
public sealed class BytesOrder : IComparer<byte[]>
{
    public static readonly BytesOrder Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
