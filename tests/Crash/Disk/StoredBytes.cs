namespace Bixbite.Crash.Disk;

/// <summary>Bytes that are changed where they lie and grow at the end; what no write has reached is zero.</summary>
internal sealed class StoredBytes(ReadOnlySpan<byte> content)
{
    private byte[] bytes = content.ToArray();

    public int Length { get; private set; } = content.Length;

    public Span<byte> Bytes => bytes.AsSpan(0, Length);

    public void Write(long offset, ReadOnlySpan<byte> written)
    {
        int start = (int)offset;
        if (start + written.Length > Length)
            Resize(start + written.Length);
        written.CopyTo(bytes.AsSpan(start));
    }

    public void Resize(int length)
    {
        if (length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(length, bytes.Length + (bytes.Length / 2)));
        if (length > Length)
            bytes.AsSpan(Length, length - Length).Clear();
        Length = length;
    }
}
