using System.Text;

namespace Bixbite.Engine.Observability;

/// <summary>One command of a log. The value is what the log is about: microseconds or bytes.</summary>
public sealed record LoggedCommand(long Id, long UnixSeconds, long Value, byte[][] Arguments, string PeerAddress, byte[] ClientName);

/// <summary>
/// The last commands whose value (how long they took, how large their request or reply was) reached a threshold, the newest first; long
/// arguments and long lists are cut as in Redis.
/// </summary>
public sealed class CommandLog
{
    private const int ArgumentCountMax = 32;
    private const int ArgumentLengthMax = 128;

    private readonly LinkedList<LoggedCommand> _entries = [];
    private readonly Action _changed;
    private long _nextId;

    /// <param name="threshold">Commands of at least this value are kept; negative switches the log off.</param>
    /// <param name="changed">Called when the limit of the log has changed.</param>
    internal CommandLog(long threshold, Action changed)
    {
        Threshold = threshold;
        _changed = changed;
    }

    /// <summary>Commands of at least this value are kept; negative switches the log off.</summary>
    public long Threshold
    {
        get;
        set
        {
            field = value;
            _changed?.Invoke();
        }
    }

    /// <summary>Entries kept at most.</summary>
    public int Capacity
    {
        get;
        set
        {
            field = value;
            Trim();
            _changed();
        }
    } = 128;

    public int Count => _entries.Count;

    public IEnumerable<LoggedCommand> Newest => _entries;

    /// <summary>Commands of a greater value are kept.</summary>
    internal long Limit => Threshold >= 0 && Capacity > 0 ? Threshold - 1 : long.MaxValue;

    public void Reset() => _entries.Clear();

    internal void Add(in LoggedRequest request, long unixSeconds, long value, string peerAddress, byte[] clientName)
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
        _entries.AddFirst(new LoggedCommand(_nextId++, unixSeconds, value, copies, peerAddress, clientName));
        Trim();
    }

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
        while (_entries.Count > Capacity)
        {
            _entries.RemoveLast();
        }
    }
}
