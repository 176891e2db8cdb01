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
internal sealed class StoredFile(StoredBytes content)
{
    public const int BlockSize = 4096;

    private readonly List<Change> _changes = [];
    private readonly StoredBytes _now = content.Copy();
    private StoredBytes _durable = content.Copy();
    private bool _hasForgotten;

    public long Length => _now.Length;

    /// <summary>The content as programs see it.</summary>
    public StoredBytes Now => _now;

    /// <summary>What a sync that begins now makes durable; hand it to <see cref="Settle"/>.</summary>
    public int ChangeCount => _changes.Count;

    public void Write(long offset, StoredBytes bytes) => Make(new Change(offset, bytes));

    public void Truncate(long size) => Make(new Change(size, null));

    /// <summary>The first so many changes are durable.</summary>
    public void Settle(int count)
    {
        if (count == _changes.Count && !_hasForgotten)
        {
            _durable = _now.Copy();
            _changes.Clear();
            return;
        }

        foreach (Change change in _changes.Take(count))
        {
            change.On(_durable);
        }
        _changes.RemoveRange(0, count);
    }

    /// <summary>
    /// A sync of the first so many changes failed: the system shows what it had, marks it clean and never writes it, as Linux does.
    /// </summary>
    public void Forget(int count)
    {
        _hasForgotten |= count > 0;
        _changes.RemoveRange(0, count);
    }

    /// <summary>One of the contents that may be found after the machine stopped.</summary>
    public StoredBytes Surviving(Random random) => random.Next(5) switch
    {
        0 => _durable,
        1 => Kept(),
        2 => Torn(random, isZeroFilled: false),
        3 => Torn(random, isZeroFilled: true),
        _ => InBlocks(random),
    };

    private void Make(Change change)
    {
        _changes.Add(change);
        change.On(_now);
    }

    private StoredBytes Kept()
    {
        StoredBytes kept = _durable.Copy();
        foreach (Change change in _changes)
        {
            change.On(kept);
        }
        return kept;
    }

    /// <summary>Everything up to some byte; behind it nothing, or as many zeros as were to be written.</summary>
    private StoredBytes Torn(Random random, bool isZeroFilled)
    {
        long size = _changes.Sum(change => change.Size);
        long left = random.NextInt64(size + 1);
        StoredBytes torn = _durable.Copy();
        foreach (Change change in _changes)
        {
            if (left < change.Size)
            {
                if (change.Bytes is not null)
                {
                    torn.Write(change.Offset, change.Bytes, left);
                }
                break;
            }

            change.On(torn);
            left -= change.Size;
        }

        if (isZeroFilled)
        {
            torn.Resize(Math.Max(torn.Length, _now.Length));
        }
        return torn;
    }

    /// <summary>The new length, and each block as it should be, or as it was, with zeros where nothing was.</summary>
    private StoredBytes InBlocks(Random random)
    {
        StoredBytes kept = Kept();
        byte[] block = new byte[BlockSize];
        for (long start = 0; start < kept.Length; start += BlockSize)
        {
            if (random.Next(2) == 0)
            {
                continue;
            }
            Array.Clear(block);
            _durable.Read(start, block);
            kept.Write(start, block.AsSpan(0, (int)Math.Min(BlockSize, kept.Length - start)));
        }

        return kept;
    }

    /// <summary>Bytes that come to lie at an offset, or, without bytes, the length to which the file is cut.</summary>
    private readonly record struct Change(long Offset, StoredBytes? Bytes)
    {
        public long Size => Bytes?.Length ?? 1;

        public void On(StoredBytes content)
        {
            if (Bytes is null)
            {
                content.Resize(Offset);
            }
            else
            {
                content.Write(Offset, Bytes, Bytes.Length);
            }
        }
    }
}
