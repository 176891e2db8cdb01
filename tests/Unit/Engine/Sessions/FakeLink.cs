using Bixbite.Engine.Sessions;

namespace Bixbite.Unit.Engine.Sessions;

/// <summary>A link to nobody, which says that it holds what it is told.</summary>
internal sealed class FakeLink : ILink
{
    public string PeerAddress => "peer:1";

    public bool IsLocal => true;

    public int Descriptor => -1;

    public bool IsUnixSocket => false;

    public long PendingInput => InputMemory;

    public long BytesSent => 0;

    public long PendingOutput => OutputMemory;

    public long InputMemory { get; init; }

    public long OutputMemory { get; init; }

    public bool IsAborted { get; private set; }

    public int FormatPeerAddress(Span<byte> text) => Put("peer:1"u8, text);

    public int FormatLocalAddress(Span<byte> text) => Put("local:1"u8, text);

    private static int Put(ReadOnlySpan<byte> address, Span<byte> text)
    {
        address.CopyTo(text);
        return address.Length;
    }

    public void Send(ReadOnlySpan<byte> bytes, long shared)
    {
    }

    public void CloseAfterFlush()
    {
    }

    public void Abort() => IsAborted = true;

    public void Resume()
    {
    }
}
