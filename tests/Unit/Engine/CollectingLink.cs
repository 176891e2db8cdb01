using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;

namespace Bixbite.Unit.Engine;

/// <summary>A link that keeps what it is given, for a test to look at, and says that it holds as much memory as it is told.</summary>
internal sealed class CollectingLink(string address = "peer:1") : ILink
{
    private readonly StringBuilder _sent = new();

    public string PeerAddress => address;

    public bool IsLocal { get; set; } = true;

    public int Descriptor => -1;

    public bool IsUnixSocket => PeerUserId is not null;

    public uint? PeerUserId { get; set; }

    public long PendingInput => InputMemory;

    public long PendingOutput => OutputMemory;

    public long InputMemory { get; init; }

    public long OutputMemory { get; init; }

    public long BytesSent => 0;

    public int Lines { get; set; }

    /// <summary>What its output waits for: the latest position of each line.</summary>
    public Dictionary<int, long> Held { get; } = [];

    public bool IsAborted { get; private set; }

    /// <summary>How often it was told to present again what was left.</summary>
    public int ResumeCount { get; private set; }

    public int FormatPeerAddress(Span<byte> text) => Encoding.ASCII.GetBytes(address, text);

    public int FormatLocalAddress(Span<byte> text) => Encoding.ASCII.GetBytes("server:1", text);

    public void Send(ReadOnlySpan<byte> bytes, long shared = 0) => _sent.Append(Encoding.Latin1.GetString(bytes));

    public void Hold(int line, long position)
    {
        if ((Lines & (1 << line)) != 0)
        {
            Held[line] = position;
        }
    }

    public void SendFrom(IByteSource source)
    {
    }

    public void NoteSource()
    {
    }

    public void CloseAfterFlush()
    {
    }

    public void Abort() => IsAborted = true;

    public void Resume() => ResumeCount++;

    /// <summary>What was sent since the last call.</summary>
    public string Take()
    {
        string sent = _sent.ToString();
        _sent.Clear();
        return sent;
    }
}
