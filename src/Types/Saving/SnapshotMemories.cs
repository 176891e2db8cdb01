using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Saving;

/// <summary>
/// The memories of all snapshots under way, one for each lane: each has its own heap and its own bound, and what several keep alive is
/// counted once here. It belongs to whoever holds the execution lock.
/// <code>
///   Take ──> SnapshotMemory: Begin ... End ──> Return
/// </code>
/// What a snapshot that was cancelled has left in the segments keeps some of them from joining until another one has visited all, so its
/// lane is the next to be taken.
/// </summary>
public sealed class SnapshotMemories(Heap data, PinnedBlocks pinned) : IDisposable
{
    /// <summary>So many snapshots at a time: a segment of an index has room for as many numbers, and a record for as many bits.</summary>
    public const int CountMax = VisitEpoch.LaneCount;

    private readonly SnapshotMemory?[] _lanes = new SnapshotMemory?[CountMax];
    private readonly List<SnapshotMemory> _taken = new(CountMax);
    private long _keptBytes;
    private long _peakBytes;

    /// <summary>Told when a snapshot begins or ends.</summary>
    public Action? ActiveChanged { get; set; }

    /// <summary>One more may begin.</summary>
    public bool HasRoom => _taken.Count < CountMax;

    /// <summary>A snapshot is under way: what changes may cost it memory.</summary>
    public bool IsActive => _taken.Exists(static memory => memory.IsActive);

    /// <summary>Who is about to change data has to wait for one of them.</summary>
    public bool IsFull
    {
        get
        {
            foreach (SnapshotMemory memory in _taken)
            {
                if (memory.IsFull)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Who is about to change data is slowed down for one of them.</summary>
    public bool IsTight => _taken.Exists(static memory => memory.IsTight);

    /// <summary>Bytes of the data's heap that nobody but snapshots has any more.</summary>
    public long OrphanBytes => pinned.SavedOrphanBytes + _keptBytes;

    /// <summary>Bytes of the heaps of their own.</summary>
    public long AsideHeapBytes
    {
        get
        {
            long bytes = 0;
            foreach (SnapshotMemory? memory in _lanes)
            {
                bytes += memory?.Aside.UsedBytes ?? 0;
            }
            return bytes;
        }
    }

    /// <summary>All bytes that would be free without them.</summary>
    public long UsedBytes
    {
        get
        {
            long bytes = OrphanBytes;
            foreach (SnapshotMemory memory in _taken)
            {
                bytes += memory.AsideBytes;
            }
            return bytes;
        }
    }

    /// <summary>The most that <see cref="UsedBytes"/> has been since there was no snapshot, as far as it was looked at.</summary>
    public long PeakBytes
    {
        get
        {
            NotePeak();
            return _peakBytes;
        }
    }

    /// <summary>The memory for one more snapshot; <see cref="HasRoom"/> must say that there is.</summary>
    public SnapshotMemory Take()
    {
        Invariant.Require(HasRoom, "more snapshots are begun at once than there are lanes");
        _peakBytes = _taken.Count == 0 ? 0 : _peakBytes;
        int lane = FreeLane();
        SnapshotMemory memory = _lanes[lane] ??= new SnapshotMemory(this, data, pinned, lane);
        memory.IsTaken = true;
        _taken.Add(memory);
        return memory;
    }

    /// <summary>One that a cancelled snapshot had, or any.</summary>
    private int FreeLane()
    {
        int uneven = Array.FindIndex(_lanes, static memory => memory is { IsTaken: false, IsUneven: true });
        return uneven >= 0 ? uneven : Array.FindIndex(_lanes, static memory => memory is not { IsTaken: true });
    }

    /// <summary>Takes back the memory of a snapshot that is over and has given everything back.</summary>
    public void Return(SnapshotMemory memory)
    {
        Debug.Assert(memory.IsTaken && !memory.IsActive, "It was taken, and its snapshot is over.");
        NotePeak();
        memory.IsTaken = false;
        memory.Aside.Trim();
        _taken.Remove(memory);
    }

    /// <summary>To be called when the sums may have grown.</summary>
    public void NotePeak()
    {
        foreach (SnapshotMemory memory in _taken)
        {
            memory.NotePeak();
        }
        _peakBytes = Math.Max(_peakBytes, UsedBytes);
    }

    public void Dispose()
    {
        foreach (SnapshotMemory? memory in _lanes)
        {
            memory?.Aside.Dispose();
        }
    }

    /// <summary>The number of the last snapshot; a test may begin with another one.</summary>
    internal uint LastNumber { get; set; }

    /// <summary>The number for a snapshot in a lane where segments may have this one still.</summary>
    internal uint NextNumber(uint oldest)
    {
        LastNumber = VisitEpoch.NumberAfter(LastNumber);
        Invariant.Require(VisitEpoch.MayFollow(LastNumber, oldest), "no snapshot has come to its end for too long");
        return LastNumber;
    }

    internal void NoteActive() => ActiveChanged?.Invoke();

    /// <summary>So many bytes, or so many less, are kept for snapshots alone: see <see cref="KeptOrphan"/>.</summary>
    internal void Keep(long bytes)
    {
        _keptBytes += bytes;
        Debug.Assert(_keptBytes >= 0, "No more is given back than was kept.");
        NotePeak();
    }
}
