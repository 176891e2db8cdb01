using Bixbite.Engine.Sessions;
using Bixbite.Memory;

namespace Bixbite.Persistence.Aof;

/// <summary>The link of a session without a client.</summary>
internal sealed class NoLink : ILink
{
    public string PeerAddress => "";

    public bool IsLocal => false;

    public int FormatPeerAddress(Span<byte> text) => 0;

    public int FormatLocalAddress(Span<byte> text) => 0;

    public int Descriptor => -1;

    public bool IsUnixSocket => false;

    public long PendingInput => 0;

    public long PendingOutput => 0;

    public long InputMemory => 0;

    public long OutputMemory => 0;

    public long BytesSent => 0;

    public int Lines { get; set; }

    public void Hold(int line, long position)
    {
    }

    public void Send(ReadOnlySpan<byte> bytes, long shared)
    {
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

    public void Abort()
    {
    }

    public void Resume()
    {
    }
}
