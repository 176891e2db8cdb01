namespace Bixbite.Persistence.Saving;

/// <summary>Some bytes of a snapshot on their way to its file, and where in them strings begin that are to be compressed.</summary>
internal sealed class SnapshotBlock(int size)
{
    private readonly List<TextMark> _texts = [];

    public byte[] Bytes { get; } = GC.AllocateUninitializedArray<byte>(size);

    /// <summary>Bytes in use.</summary>
    public int Length { get; set; }

    public int Room => Bytes.Length - Length;

    /// <summary>The strings that begin here, in order; the last may end in a later block.</summary>
    public IReadOnlyList<TextMark> Texts => _texts;

    public void BeginText(long length) => _texts.Add(new TextMark(Length, length));

    public void Clear()
    {
        Length = 0;
        _texts.Clear();
    }
}

/// <summary>A string among the bytes of a block.</summary>
internal readonly record struct TextMark(int Offset, long Length);
