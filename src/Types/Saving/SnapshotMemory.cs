using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Saving;

/// <summary>
/// The memory that one snapshot takes beside the data, and how much of it there may be; and the snapshot's lane and number among others.
/// It is bounded by making those who change data wait for the snapshot, not by copying less: first a little, so that they go at the pace
/// of the disk, and where that is not enough as long as it takes.
/// <code>
///   0 ........ tight ........ full         everybody goes on | who writes goes on now and then | who writes waits
///
///   aside      bytes on their way to the file, copies of what was overwritten, bytes encoded before their turn, and their objects
///   orphans    what was removed, replaced or copied and is still to be handed over; it belongs to the data's heap
/// </code>
/// Orphans count as far as the data's heap has grown since the beginning: what was there then and is kept longer takes no more memory.
/// An orphan that several snapshots are still to have counts for each of them. See <see cref="SnapshotMemories"/> for their sum.
/// </summary>
public sealed class SnapshotMemory
{
    /// <summary>From so many bytes on who changes data has to wait. One command more may come on top.</summary>
    public const long FullSize = 40 << 20;

    /// <summary>From so many bytes on who changes data is slowed down, so that what is left lasts while the disk hesitates.</summary>
    public const long TightSize = 24 << 20;

    /// <summary>About how many bytes of managed objects a value costs that is handed over in pieces.</summary>
    private const long ValueSize = 1024;

    private readonly SnapshotMemories _all;
    private readonly Heap _data;
    private readonly PinnedBlocks _pinned;
    private long _objectBytes;
    private long _keptBytes;
    private long _valueCount;
    private long _startBytes;

    /// <summary>Of those that segments may have in this lane; 0 if there was no snapshot in it.</summary>
    private uint _oldestNumber;

    internal SnapshotMemory(SnapshotMemories all, Heap data, PinnedBlocks pinned, int lane)
    {
        _all = all;
        _data = data;
        _pinned = pinned;
        Epoch = new VisitEpoch(lane, 0);
    }

    /// <summary>Of all that is not the data's; it belongs to whoever holds the execution lock.</summary>
    public Heap Aside { get; } = new();

    /// <summary>The lane, and the number of the last snapshot in it.</summary>
    public VisitEpoch Epoch { get; private set; }

    public int Lane => Epoch.Lane;

    /// <summary>The snapshot is under way: what changes may cost it memory.</summary>
    public bool IsActive { get; private set; }

    /// <summary>Somebody has taken it from <see cref="SnapshotMemories"/> and not given it back.</summary>
    public bool IsTaken { get; internal set; }

    /// <summary>The last snapshot has visited some segments and not all.</summary>
    public bool IsUneven { get; private set; }

    /// <summary>Who is about to change data has to wait.</summary>
    public bool IsFull => IsActive && CountedBytes >= FullSize;

    /// <summary>Who is about to change data is slowed down.</summary>
    public bool IsTight => IsActive && CountedBytes >= TightSize;

    /// <summary>Bytes of the data's heap that nobody but snapshots has any more, this one among them.</summary>
    public long OrphanBytes => _pinned.SavedOrphanBytesOf(Lane) + _keptBytes;

    /// <summary>All bytes that would be free without the snapshot, and without others that keep the same.</summary>
    public long UsedBytes => AsideBytes + OrphanBytes;

    /// <summary>The most that <see cref="UsedBytes"/> has been since the snapshot began, as far as it was looked at.</summary>
    public long PeakBytes { get; private set; }

    internal long AsideBytes => Aside.UsedBytes + _objectBytes + (_valueCount * ValueSize);

    private long CountedBytes => AsideBytes + Math.Min(OrphanBytes, Math.Max(_data.UsedBytes - _startBytes, 0));

    /// <summary>A snapshot begins.</summary>
    public void Begin()
    {
        Debug.Assert(IsTaken && !IsActive && OrphanBytes == 0 && _valueCount == 0, "One snapshot in a lane, and it leaves nothing.");
        Epoch = Epoch with { Number = _all.NextNumber(_oldestNumber) };
        _oldestNumber = _oldestNumber == 0 ? Epoch.Number : _oldestNumber;
        IsActive = true;
        _startBytes = _data.UsedBytes;
        PeakBytes = 0;
        NotePeak();
        _all.NoteActive();
    }

    /// <summary>Nothing is handed over any more; what is aside may still be on its way.</summary>
    /// <param name="isWhole">All was handed over, and so every segment was visited.</param>
    public void End(bool isWhole)
    {
        IsUneven = !isWhole;
        _oldestNumber = isWhole ? Epoch.Number : _oldestNumber;
        NotePeak();
        IsActive = false;
        _all.NoteActive();
    }

    /// <summary>To be called when the sum may have grown.</summary>
    public void NotePeak() => PeakBytes = Math.Max(PeakBytes, UsedBytes);

    /// <summary>So many bytes more, or less, of managed objects.</summary>
    public void AddObjects(long bytes)
    {
        _objectBytes += bytes;
        Debug.Assert(_objectBytes >= 0, "No more objects end than have begun.");
    }

    /// <summary>A value is being handed over in pieces from now on.</summary>
    public void AddValue() => _valueCount++;

    /// <summary>It is not any more.</summary>
    public void RemoveValue()
    {
        _valueCount--;
        Debug.Assert(_valueCount >= 0, "No more values end than have begun.");
    }

    /// <summary>So many bytes, or so many less, are kept for snapshots alone: see <see cref="KeptOrphan"/>.</summary>
    internal void Keep(long bytes)
    {
        _keptBytes += bytes;
        Debug.Assert(_keptBytes >= 0, "No more is given back than was kept.");
        NotePeak();
    }
}
