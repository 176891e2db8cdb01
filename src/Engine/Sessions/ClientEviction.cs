using System.Numerics;
using Bixbite.Engine.Statistics;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Engine.Sessions;

/// <summary>
/// Keeps what all clients hold together under <c>maxmemory-clients</c> by closing those that hold most, except replicas and those that
/// asked not to be (CLIENT NO-EVICT). What clients hold is summed up anyway, so until the limit is exceeded this costs one comparison a
/// round. Then one look at all sessions counts what those of each size class hold, and a second one closes the largest classes, and of the
/// last class no more than needed:
/// <code>
///   class   .. | 1024 1152 1280 .. 1920 | 2048 2304 ..    eight to a doubling, so whoever goes is the largest to within an eighth
///   held    ..     7k    0   2k ..    0     4M    0 ..
///                                           ^ from here down until the excess is covered
/// </code>
/// With very many clients a look goes on a little below the limit, so that the looks cost each closed client a bounded amount of work.
/// </summary>
public sealed class ClientEviction(
    SessionTable sessions, ClientText text, MemoryGauge memory, ServerStatistics statistics, ServerLog log, IClock clock)
{
    /// <summary>A lower limit would shut everybody out, also who wants to raise it.</summary>
    public const long LimitMin = 128 * 1024;

    private const int ClassesPerDoubling = 8;
    private const int ClassCount = 64 * ClassesPerDoubling;

    /// <summary>With more sessions than this, a part of the limit is freed at once.</summary>
    private const int SessionCountFew = 1024;
    private const int SparePart = 64;

    private readonly long[] _held = new long[ClassCount];
    private bool _isHopeless;
    private long _hopelessId;

    /// <summary>The most bytes all clients may hold together; 0 for any amount.</summary>
    public long LimitBytes { get; set; }

    private long ExcessBytes => memory.ClientBytes - sessions.LeavingBytes - LimitBytes;

    /// <summary>To be called before the requests of a round, with the execution lock.</summary>
    public void RunInRound()
    {
        if (LimitBytes > 0 && ExcessBytes > 0 && !(_isHopeless && _hopelessId == sessions.LastId))
        {
            Evict();
        }
    }

    /// <summary>To be called from time to time, with the execution lock: clients grow also while they wait and read nothing.</summary>
    public void Run()
    {
        if (LimitBytes > 0 && ExcessBytes > 0)
        {
            Evict();
        }
        else
        {
            _isHopeless = false;
        }
    }

    private void Evict()
    {
        int last = FindLastClass(out long left, out bool isHopeless);
        foreach (Session session in sessions.All)
        {
            if (!IsEvictable(session))
            {
                continue;
            }
            long held = session.MemoryBytes;
            int sizeClass = ClassOf(held);
            if (sizeClass == last && left > 0)
            {
                left -= held;
                Close(session);
            }
            else if (sizeClass > last)
            {
                Close(session);
            }
        }
        NoteHopelessness(isHopeless);
    }

    /// <summary>
    /// The class whose clients need not all go to cover the excess, and how much of it is left for them. The excess is that of what is seen
    /// here: a buffer that grows on another loop at this moment is counted by its heap before it is by its client, who would be spared
    /// while others went for it. Hopeless is what those hold who may not be closed.
    /// </summary>
    private int FindLastClass(out long left, out bool isHopeless)
    {
        Array.Clear(_held);
        long kept = 0;
        long evictable = 0;
        foreach (Session session in sessions.All)
        {
            long held = session.MemoryBytes;
            if (IsEvictable(session))
            {
                _held[ClassOf(held)] += held;
                evictable += held;
            }
            else
            {
                kept += held;
            }
        }
        isHopeless = kept > LimitBytes;
        left = kept + evictable - LimitBytes;
        if (left <= 0)
        {
            return ClassCount;
        }
        left += sessions.Count > SessionCountFew ? LimitBytes / SparePart : 0;
        for (int last = ClassCount - 1; last >= 0; last--)
        {
            if (_held[last] >= left)
            {
                return last;
            }
            left -= _held[last];
        }
        return -1;
    }

    private void Close(Session session)
    {
        log.Write(LogLevel.Notice, $"Evicting client: {text.Of(session, clock.MonotonicUs / 1000)}");
        session.Cut();
        statistics.ClientsEvicted++;
    }

    /// <summary>Where nobody is left who may be closed, looking again is in vain until somebody comes or some time has passed.</summary>
    private void NoteHopelessness(bool isHopeless)
    {
        if (isHopeless && !_isHopeless)
        {
            log.Write(LogLevel.Warning, "Over client maxmemory after evicting all evictable clients");
        }
        _isHopeless = isHopeless;
        _hopelessId = sessions.LastId;
    }

    private static bool IsEvictable(Session session) => !session.Has(SessionFlags.NoEvict | SessionFlags.Replica | SessionFlags.Primary);

    private static int ClassOf(long bytes)
    {
        ulong size = (ulong)Math.Max(bytes, ClassesPerDoubling);
        int doubling = BitOperations.Log2(size);
        return (doubling * ClassesPerDoubling) + (int)((size >> (doubling - 3)) & (ClassesPerDoubling - 1));
    }
}
