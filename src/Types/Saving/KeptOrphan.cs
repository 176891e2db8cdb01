using System.Diagnostics;

namespace Bixbite.Types.Saving;

/// <summary>
/// Something that nobody has any more but one snapshot or several, which are still to hand it over: a value, a consumer group, the
/// content of a database. The last of them to let go gives it up.
/// </summary>
/// <param name="all">Counts the bytes once.</param>
/// <param name="bytes">About how many there are.</param>
/// <param name="release">Frees it, now or in slices.</param>
public sealed class KeptOrphan(SnapshotMemories all, long bytes, Action release)
{
    private int _holderCount;

    /// <summary>This snapshot is still to have it.</summary>
    public void Hold(SnapshotMemory memory)
    {
        if (_holderCount == 0)
        {
            all.Keep(bytes);
        }
        _holderCount++;
        memory.Keep(bytes);
    }

    /// <summary>This snapshot has it, or wants it no more.</summary>
    public void LetGo(SnapshotMemory memory)
    {
        Debug.Assert(_holderCount > 0, "Nobody lets go who has not held.");
        memory.Keep(-bytes);
        _holderCount--;
        if (_holderCount == 0)
        {
            all.Keep(-bytes);
            release();
        }
    }
}
