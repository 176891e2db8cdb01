using System.Text;

namespace Bixbite.Engine.Observability;

/// <summary>One command that took long. Times in Unix seconds and microseconds.</summary>
public sealed record SlowLogEntry(long Id, long UnixSeconds, long DurationUs, byte[][] Arguments, string PeerAddress, byte[] ClientName);

/// <summary>
/// The last commands that took longer than a threshold, the newest first; long arguments and long lists are cut as in Redis.
/// </summary>
public sealed class SlowLog
{
    private const int ArgumentCountMax = 32;
    private const int ArgumentLengthMax = 128;

    private readonly LinkedList<SlowLogEntry> _entries = [];
    private long _nextId;
    private int _capacity = 128;

    /// <summary>Commands at least this long are kept; negative switches the log off.</summary>
    public long ThresholdUs { get; set; } = 10_000;

    /// <summary>Entries kept at most.</summary>
    public int Capacity
    {
        get => _capacity;
        set
        {
            _capacity = value;
            Trim();
        }
    }

    public int Count => _entries.Count;

    public IEnumerable<SlowLogEntry> Newest => _entries;

    public bool IsSlow(long durationUs) => ThresholdUs >= 0 && durationUs >= ThresholdUs && _capacity > 0;

    public void Add(in LoggedRequest request, long unixSeconds, long durationUs, string peerAddress, byte[] clientName)
    {
        int kept = Math.Min(request.Count, ArgumentCountMax);
        byte[][] copies = new byte[kept][];
        for (int i = 0; i < kept; i++)
        {
            bool isLast = i == kept - 1 && kept < request.Count;
            copies[i] = isLast
                ? Encoding.ASCII.GetBytes($"... ({request.Count - kept + 1} more arguments)")
                : Cut(request[i]);
        }
        _entries.AddFirst(new SlowLogEntry(_nextId++, unixSeconds, durationUs, copies, peerAddress, clientName));
        Trim();
    }

    public void Reset() => _entries.Clear();

    private static byte[] Cut(ReadOnlySpan<byte> argument)
    {
        if (argument.Length <= ArgumentLengthMax)
        {
            return argument.ToArray();
        }
        byte[] rest = Encoding.ASCII.GetBytes($"... ({argument.Length - ArgumentLengthMax} more bytes)");
        return [.. argument[..ArgumentLengthMax], .. rest];
    }

    private void Trim()
    {
        while (_entries.Count > _capacity)
        {
            _entries.RemoveLast();
        }
    }
}
