using System.Text;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Replication.Links;

namespace Bixbite.Fuzz.Targets.Replication;

/// <summary>The way to a client or to another server, which keeps all that is sent.</summary>
internal sealed class SceneLink : ILink, IPeerWire
{
    private readonly List<byte> _sent = [];
    private IByteSource? _source;

    public ILink Link => this;

    /// <summary>All bytes so far.</summary>
    public IReadOnlyList<byte> Sent => _sent;

    public bool IsGone { get; private set; }

    /// <summary>Nothing more is taken from the peer for now.</summary>
    public bool IsPaused => Volatile.Read(ref _isPaused);

    private bool _isPaused;

    public string PeerAddress => "peer:1";

    public bool IsLocal => true;

    public int Descriptor => -1;

    public bool IsUnixSocket => false;

    public long PendingInput => 0;

    public long PendingOutput => 0;

    public long InputMemory => 0;

    public long OutputMemory => 0;

    public long BytesSent => _sent.Count;

    public int Lines { get; set; }

    public bool ReceivesBulk { get; set; }

    public int FormatPeerAddress(Span<byte> text) => Encoding.ASCII.GetBytes(PeerAddress, text);

    public int FormatLocalAddress(Span<byte> text) => Encoding.ASCII.GetBytes("server:1", text);

    public void Send(ReadOnlySpan<byte> bytes, long shared = 0) => _sent.AddRange(bytes);

    public void Hold(int line, long position)
    {
    }

    public void SendFrom(IByteSource source) => _source = source;

    public void NoteSource()
    {
    }

    public void CloseAfterFlush() => IsGone = true;

    public void Abort() => IsGone = true;

    public void Resume() => Volatile.Write(ref _isPaused, false);

    public void Expect(int size)
    {
    }

    public void Pause() => Volatile.Write(ref _isPaused, true);

    /// <summary>Takes what the source has, as the socket of a replica that reads does.</summary>
    public void Pump()
    {
        Span<IoVector> pieces = stackalloc IoVector[4];
        while (_source is { } source)
        {
            int count = source.Peek(pieces, long.MaxValue, out int size);
            if (size == 0)
            {
                return;
            }
            for (int i = 0; i < count; i++)
            {
                _sent.AddRange(Native.Bytes(pieces[i].Address, (int)pieces[i].Size));
            }
            source.Take(size);
        }
    }
}
