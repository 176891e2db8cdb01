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
internal sealed class StoredFile(byte[] durable)
{
    public const int BlockSize = 4096;

    private readonly List<Change> changes = [];
    private byte[] durable = durable;
    private byte[] now = [.. durable];
    private int length = durable.Length;
    private bool hasForgotten;

    public long Length => length;

    /// <summary>The content as programs see it.</summary>
    public ReadOnlySpan<byte> Now => now.AsSpan(0, length);

    /// <summary>What a sync that begins now makes durable; hand it to <see cref="Settle"/>.</summary>
    public int ChangeCount => changes.Count;

    public void Write(long offset, ReadOnlySpan<byte> bytes) => Make(new Change(offset, bytes.ToArray()));

    public void Truncate(long size) => Make(new Change(size, null));

    /// <summary>The first so many changes are durable.</summary>
    public void Settle(int count)
    {
        if (count == changes.Count && !hasForgotten)
        {
            durable = Now.ToArray();
            changes.Clear();
            return;
        }

        foreach (Change change in changes.Take(count))
            durable = change.On(durable);
        changes.RemoveRange(0, count);
    }

    /// <summary>
    /// A sync of the first so many changes failed: the system shows what it had, marks it clean and never writes it, as Linux does.
    /// </summary>
    public void Forget(int count)
    {
        hasForgotten = true;
        changes.RemoveRange(0, count);
    }

    /// <summary>One of the contents that may be found after the machine stopped.</summary>
    public byte[] Surviving(Random random) => random.Next(5) switch
    {
        0 => [.. durable],
        1 => Kept(),
        2 => Torn(random, isZeroFilled: false),
        3 => Torn(random, isZeroFilled: true),
        _ => InBlocks(random),
    };

    private void Make(Change change)
    {
        changes.Add(change);
        if (change.Bytes is null)
        {
            now = change.On(Now.ToArray());
            length = now.Length;
            return;
        }

        int end = (int)change.Offset + change.Bytes.Length;
        if (end > now.Length)
            Array.Resize(ref now, Math.Max(end, now.Length * 2));
        change.Bytes.CopyTo(now, change.Offset);
        length = Math.Max(length, end);
    }

    private byte[] Kept() => changes.Aggregate(durable.ToArray(), (content, change) => change.On(content));

    /// <summary>Everything up to some byte; behind it nothing, or as many zeros as were to be written.</summary>
    private byte[] Torn(Random random, bool isZeroFilled)
    {
        long size = changes.Sum(change => (long)(change.Bytes?.Length ?? 1));
        long left = random.NextInt64(size + 1);
        byte[] content = [.. durable];
        foreach (Change change in changes)
        {
            long changeSize = change.Bytes?.Length ?? 1;
            if (left < changeSize)
            {
                content = change.Bytes is null ? content : new Change(change.Offset, change.Bytes[..(int)left]).On(content);
                break;
            }

            content = change.On(content);
            left -= changeSize;
        }

        int sizeKept = content.Length;
        if (isZeroFilled && sizeKept < length)
            Array.Resize(ref content, length);
        return content;
    }

    /// <summary>The new length, and each block as it should be, or as it was, with zeros where nothing was.</summary>
    private byte[] InBlocks(Random random)
    {
        byte[] content = Kept();
        for (int start = 0; start < content.Length; start += BlockSize)
        {
            if (random.Next(2) == 0)
                continue;
            int end = Math.Min(start + BlockSize, content.Length);
            int endOfOld = Math.Clamp(durable.Length, start, end);
            durable.AsSpan(Math.Min(start, durable.Length)..Math.Min(endOfOld, durable.Length)).CopyTo(content.AsSpan(start));
            content.AsSpan(endOfOld..end).Clear();
        }

        return content;
    }

    /// <summary>Bytes that come to lie at an offset, or, without bytes, the length to which the file is cut.</summary>
    private readonly record struct Change(long Offset, byte[]? Bytes)
    {
        public byte[] On(byte[] content)
        {
            Array.Resize(ref content, Bytes is null ? (int)Offset : Math.Max(content.Length, (int)Offset + Bytes.Length));
            Bytes?.CopyTo(content, Offset);
            return content;
        }
    }
}
