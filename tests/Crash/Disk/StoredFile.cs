namespace Bixbite.Crash.Disk;

/// <summary>
/// A file's content twice: as programs see it now, and as it was when it was last synced. What lies between the two is at stake when the
/// machine stops.
/// <code>
///   durable   AAAAAAAAAAAA
///   changes               [write BBBB at 12] [write CCCCCC at 16]
///   now       AAAAAAAAAAAABBBBCCCCCC
/// </code>
/// </summary>
internal sealed class StoredFile(byte[] content)
{
    public const int BlockSize = 4096;

    private readonly List<Change> changes = [];
    private readonly StoredBytes durable = new(content);
    private readonly StoredBytes now = new(content);

    public long Length => now.Length;

    /// <summary>The content as programs see it.</summary>
    public ReadOnlySpan<byte> Now => now.Bytes;

    /// <summary>What a sync that begins now makes durable; hand it to <see cref="Settle"/>.</summary>
    public int ChangeCount => changes.Count;

    public void Write(long offset, ReadOnlySpan<byte> bytes) => Make(new Change(offset, bytes.ToArray()));

    public void Truncate(long size) => Make(new Change(size, null));

    /// <summary>The first so many changes are durable.</summary>
    public void Settle(int count)
    {
        foreach (Change change in changes.Take(count))
            change.On(durable);
        changes.RemoveRange(0, count);
    }

    /// <summary>
    /// A sync of the first so many changes failed: the system shows what it had, marks it clean and never writes it, as Linux does.
    /// </summary>
    public void Forget(int count) => changes.RemoveRange(0, count);

    /// <summary>One of the contents that may be found after the machine stopped.</summary>
    public byte[] Surviving(Random random) => random.Next(5) switch
    {
        0 => durable.Bytes.ToArray(),
        1 => Kept().Bytes.ToArray(),
        2 => Torn(random, isZeroFilled: false).Bytes.ToArray(),
        3 => Torn(random, isZeroFilled: true).Bytes.ToArray(),
        _ => InBlocks(random).Bytes.ToArray(),
    };

    private void Make(Change change)
    {
        changes.Add(change);
        change.On(now);
    }

    private StoredBytes Kept()
    {
        var kept = new StoredBytes(durable.Bytes);
        foreach (Change change in changes)
            change.On(kept);
        return kept;
    }

    /// <summary>Everything up to some byte; behind it nothing, or as many zeros as were to be written.</summary>
    private StoredBytes Torn(Random random, bool isZeroFilled)
    {
        long size = changes.Sum(change => (long)(change.Bytes?.Length ?? 1));
        long left = random.NextInt64(size + 1);
        var torn = new StoredBytes(durable.Bytes);
        foreach (Change change in changes)
        {
            long changeSize = change.Bytes?.Length ?? 1;
            if (left < changeSize)
            {
                if (change.Bytes is not null)
                    torn.Write(change.Offset, change.Bytes.AsSpan(0, (int)left));
                break;
            }

            change.On(torn);
            left -= changeSize;
        }

        if (isZeroFilled)
            torn.Resize(Math.Max(torn.Length, now.Length));
        return torn;
    }

    /// <summary>The new length, and each block as it should be, or as it was, with zeros where nothing was.</summary>
    private StoredBytes InBlocks(Random random)
    {
        StoredBytes kept = Kept();
        Span<byte> content = kept.Bytes;
        ReadOnlySpan<byte> old = durable.Bytes;
        for (int start = 0; start < content.Length; start += BlockSize)
        {
            if (random.Next(2) == 0)
                continue;
            int end = Math.Min(start + BlockSize, content.Length);
            int endOfOld = Math.Clamp(old.Length, start, end);
            old[Math.Min(start, old.Length)..Math.Min(endOfOld, old.Length)].CopyTo(content[start..]);
            content[endOfOld..end].Clear();
        }

        return kept;
    }

    /// <summary>Bytes that come to lie at an offset, or, without bytes, the length to which the file is cut.</summary>
    private readonly record struct Change(long Offset, byte[]? Bytes)
    {
        public void On(StoredBytes content)
        {
            if (Bytes is null)
                content.Resize((int)Offset);
            else
                content.Write(Offset, Bytes);
        }
    }
}
