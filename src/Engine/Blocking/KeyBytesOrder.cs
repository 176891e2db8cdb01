namespace Bixbite.Engine.Blocking;

/// <summary>Keys in the order of their bytes; a shorter one before those that begin with it.</summary>
internal sealed class KeyBytesOrder : IComparer<byte[]>
{
    public static readonly KeyBytesOrder Instance = new();

    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
