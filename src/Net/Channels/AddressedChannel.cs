using System.Text;
using Bixbite.Platform;

namespace Bixbite.Net.Channels;

/// <summary>A connected socket, of TCP or Unix, as far as its addresses go.</summary>
/// <param name="peer">The other end's address, of TCP.</param>
/// <param name="unixPath">The path that a Unix socket was reached by; null for TCP.</param>
/// <param name="credentials">The process at the other end of a Unix socket, where the system tells it.</param>
internal abstract class AddressedChannel(SocketAddress peer, string? unixPath, PeerCredentials? credentials) : ByteChannel
{
    private byte[]? _local;

    public override bool IsLocal => IsUnixSocket || peer.IsLoopback;

    public override bool IsUnixSocket => unixPath is not null;

    public override PeerCredentials? PeerCredentials => credentials;

    public override int FormatPeerAddress(Span<byte> text) => IsUnixSocket ? FormatUnixPath(text) : peer.Format(text);

    /// <remarks>The system is asked once; two loops may do so at the same time, with the same result.</remarks>
    public override int FormatLocalAddress(Span<byte> text)
    {
        byte[] address = _local ??= LocalAddress();
        address.CopyTo(text);
        return address.Length;
    }

    /// <summary>This end's address, of TCP; none if the socket is closed.</summary>
    protected abstract SocketAddress ReadLocalAddress();

    private byte[] LocalAddress()
    {
        Span<byte> text = stackalloc byte[SocketAddress.TextSizeMax];
        return text[..(IsUnixSocket ? FormatUnixPath(text) : ReadLocalAddress().Format(text))].ToArray();
    }

    private int FormatUnixPath(Span<byte> text)
    {
        int length = Encoding.UTF8.GetBytes(unixPath, text);
        ":0"u8.CopyTo(text[length..]);
        return length + 2;
    }
}
