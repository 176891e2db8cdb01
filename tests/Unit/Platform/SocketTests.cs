using System.Runtime.InteropServices;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class SocketTests
{
    [Theory]
    [InlineData("127.0.0.1", 6379, "127.0.0.1:6379", true)]
    [InlineData("127.9.0.1", 1, "127.9.0.1:1", true)]
    [InlineData("*", 6379, "0.0.0.0:6379", false)]
    [InlineData("::*", 6379, "[::]:6379", false)]
    [InlineData("::1", 6379, "[::1]:6379", true)]
    [InlineData("::ffff:1.2.3.4", 65535, "[::ffff:1.2.3.4]:65535", false)]
    [InlineData("2001:DB8:0:0:1:0:0:1", 80, "[2001:db8::1:0:0:1]:80", false)]
    [InlineData("::1.2.3.4", 1, "[::1.2.3.4]:1", false)]
    [InlineData("1::", 1, "[1::]:1", false)]
    [InlineData("0:1:0:0:0:2:0:0", 1, "[0:1::2:0:0]:1", false)]
    [InlineData("1:0:2:3:4:5:6:7", 1, "[1:0:2:3:4:5:6:7]:1", false)]
    [InlineData("fe80::5efe:1.2.3.4", 1, "[fe80::5efe:102:304]:1", false)]
    public void AddressesAreReadAndPrintedAsRedisPrintsThem(string text, int port, string printed, bool isLoopback)
    {
        Assert.True(SocketAddress.TryParse(text, port, out SocketAddress address));
        Assert.Equal(printed, address.ToString());
        Assert.Equal(port, address.Port);
        Assert.Equal(isLoopback, address.IsLoopback);
    }

    [Theory]
    [InlineData("")]
    [InlineData("localhost")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("::1::")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.")]
    [InlineData(" 1.2.3.4")]
    [InlineData("0x1.2.3.4")]
    [InlineData("1")]
    [InlineData("[::1]")]
    [InlineData("::1%lo")]
    [InlineData("::1/64")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    public void WhatIsNoAddressIsRefused(string text)
    {
        Assert.False(SocketAddress.TryParse(text, 1, out SocketAddress address));
        Assert.Equal("?:0", address.ToString());
    }

    [Fact]
    public void DotNetHasTheSameAddresses()
    {
        Random random = new(20260131);
        byte[] bytes = new byte[16];
        for (int round = 0; round < 1000; round++)
        {
            for (int group = 0; group < 8; group++)
            {
                bytes[group * 2] = 0;
                bytes[(group * 2) + 1] = (byte)random.Next(3);
            }
            System.Net.IPEndPoint end = new(new System.Net.IPAddress(bytes), random.Next(65536));
            SocketAddress address = SocketAddress.Of(end);
            Assert.Equal(end, address.ToEndPoint());
            Assert.True(SocketAddress.TryParse(end.Address.ToString(), end.Port, out SocketAddress parsed));
            Assert.True(parsed.Is(address));
            Assert.Equal(end, System.Net.IPEndPoint.Parse(address.ToString()));
        }
        System.Net.IPEndPoint ofOld = new(System.Net.IPAddress.Parse("203.0.113.7"), 6379);
        Assert.Equal("203.0.113.7:6379", SocketAddress.Of(ofOld).ToString());
        Assert.Equal(ofOld, SocketAddress.Of(ofOld).ToEndPoint());
    }

    [Fact]
    public void ErrorsHaveTheNumbersOfLinux()
    {
        Assert.Equal(0, SocketErrors.Number(System.Net.Sockets.SocketError.Success));
        Assert.Equal(Errno.EAGAIN, SocketErrors.Number(System.Net.Sockets.SocketError.WouldBlock));
        Assert.Equal(Errno.EMFILE, SocketErrors.Number(System.Net.Sockets.SocketError.TooManyOpenSockets));
        Assert.Equal(Errno.ECONNREFUSED, SocketErrors.Number(System.Net.Sockets.SocketError.ConnectionRefused));
        Assert.Equal(Errno.EIO, SocketErrors.Number(System.Net.Sockets.SocketError.SystemNotReady));
        using System.Net.Sockets.Socket socket = new(
            System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        var failure = Assert.Throws<System.Net.Sockets.SocketException>(
            () => socket.Connect(new System.Net.Sockets.UnixDomainSocketEndPoint("/no/such/path")));
        Assert.Equal(Errno.ENOENT, SocketErrors.NumberOfPath(failure.SocketErrorCode));
        Assert.Equal(Errno.ECONNREFUSED, SocketErrors.NumberOfPath(System.Net.Sockets.SocketError.ConnectionRefused));
    }

    [Fact]
    public void NamesAreResolved()
    {
        List<SocketAddress> found = [];
        Assert.Null(Sockets.getaddrinfo("localhost", 6379, SocketAddress.AF_INET, found));
        Assert.Equal("127.0.0.1:6379", found[0].ToString());
        found.Clear();
        Assert.NotEqual("", Sockets.getaddrinfo("no.such.name.invalid", 1, SocketAddress.AF_UNSPEC, found) ?? "");
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void BytesTravelBothWaysAndNamesAreKnown(string host)
    {
        Assert.True(SocketAddress.TryParse(host, 0, out SocketAddress any));
        int listener = Sockets.socket(any.Family);
        Assert.Equal(0, Sockets.setsockopt(listener, Sockets.SOL_SOCKET, Sockets.SO_REUSEADDR, 1));
        Assert.Equal(0, Sockets.bind(listener, any));
        Assert.Equal(0, Sockets.listen(listener, 16));
        Assert.Equal(-Errno.EAGAIN, Sockets.accept4(listener, out _));
        Assert.Equal(0, Sockets.getsockname(listener, out SocketAddress bound));

        using System.Net.Sockets.TcpClient client = new(any.Family == SocketAddress.AF_INET
            ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6);
        client.Connect(host, bound.Port);
        SocketAddress peer = default;
        int accepted = (int)Awaited(() => Sockets.accept4(listener, out peer));
        Assert.True(accepted > 0);
        Assert.Equal(client.Client.LocalEndPoint!.ToString(), peer.ToString());
        Assert.Equal(0, Sockets.getpeername(accepted, out SocketAddress again));
        Assert.Equal(peer.ToString(), again.ToString());

        ulong buffer = (ulong)Marshal.AllocHGlobal(16);
        Assert.Equal(-Errno.EAGAIN, Sockets.recv(accepted, buffer, 16));
        client.Client.Send("hello"u8);
        Assert.Equal(5, Awaited(() => Sockets.recv(accepted, buffer, 16)));
        Assert.Equal(5, Sockets.send(accepted, buffer, 5));
        byte[] answer = new byte[16];
        Assert.Equal(5, client.Client.Receive(answer));
        Assert.Equal("hello"u8, answer.AsSpan(0, 5));
        client.Client.Send("gone"u8);
        Assert.Equal(4, Awaited(() => Sockets.recv_discard(accepted, 1 << 20)));
        client.Close();
        Assert.Equal(0, Awaited(() => Sockets.recv(accepted, buffer, 16)));
        Marshal.FreeHGlobal((nint)buffer);
        Files.close(accepted);
        Files.close(listener);
    }

    /// <summary>The kernel may bring what was sent a little later, also from the same machine.</summary>
    private static long Awaited(Func<long> call)
    {
        long result = 0;
        SpinWait.SpinUntil(() => (result = call()) != -Errno.EAGAIN, 60_000);
        return result;
    }

    [Fact]
    public void TooLongUnixPathsAreRefused()
    {
        int descriptor = Sockets.socket(SocketAddress.AF_UNIX);
        Assert.Equal(-Errno.ENAMETOOLONG, Sockets.bind(descriptor, new string('x', 108)));
        Files.close(descriptor);
    }
}
