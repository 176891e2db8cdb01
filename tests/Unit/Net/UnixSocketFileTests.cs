using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Bixbite.Net;
using Bixbite.Net.Transports;
using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Net;

/// <summary>The paths of Unix sockets: with their permissions, taken over from the dead alone, removed by their owner alone.</summary>
[SupportedOSPlatform("linux")]
public sealed class UnixSocketFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bixbite-").FullName;
    private readonly List<ServerSocket> _servers = [];

    private string SocketPath => Path.Combine(_folder, "s");

    public void Dispose()
    {
        CloseAll();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void ANativeLayoutHasItsSize()
    {
        Assert.Equal(FileStatus.Size, Marshal.SizeOf<FileStatus>());
        Assert.Equal(PeerCredentials.Size, Marshal.SizeOf<PeerCredentials>());
        Assert.Equal(32, Marshal.SizeOf<Groups.Group>());
    }

    [Theory]
    [InlineData(0b111_000_000)]
    [InlineData(0b110_110_000)]
    [InlineData(0b111_111_111)]
    [InlineData(0b110_000_010)]
    public void ItHasThePermissionsThatWereAskedFor(int permissions)
    {
        Assert.NotNull(Listen(permissions));
        Assert.Equal((UnixFileMode)permissions, File.GetUnixFileMode(SocketPath));
        Assert.Equal(0, Files.statx(SocketPath, out FileStatus status));
        Assert.Equal((true, permissions), (status.IsSocket, status.Permissions));
    }

    [Fact]
    public void ItBelongsToItsGroup()
    {
        AssertRefused("the group 'no such group': No such file or directory", "no such group");
        Assert.False(File.Exists(SocketPath));
        Assert.Equal(-Errno.ENOENT, Groups.getgrnam("no such group"));
        Assert.Equal(0, Groups.getgrnam("root"));
        BindResult result = Listen("nogroup", 0, out UnixSocketFile? file);
        // Who is not root may give it to no group of others.
        Assert.Equal(Environment.IsPrivilegedProcess && Groups.getgrnam("nogroup") >= 0, file is not null);
        Assert.Equal(file is not null, result.IsBound);
        if (file is not null)
        {
            Assert.Equal(0, Files.statx(SocketPath, out FileStatus status));
            // .NET does not tell the group of a file.
            Assert.Equal(Portability.IsOn ? 0 : Groups.getgrnam("nogroup"), status.GroupId);
        }
    }

    [Fact]
    public void WhatIsNoSocketStays()
    {
        File.WriteAllText(SocketPath, "precious");
        AssertRefused($"there is a file at {SocketPath} that is no socket, and it is not removed");
        Assert.Equal("precious", File.ReadAllText(SocketPath));

        string other = Path.Combine(_folder, "other");
        File.Move(SocketPath, other);
        File.CreateSymbolicLink(SocketPath, other);
        AssertRefused($"there is a file at {SocketPath} that is no socket, and it is not removed");
        Assert.Equal(other, new FileInfo(SocketPath).LinkTarget);

        File.Delete(SocketPath);
        Directory.CreateDirectory(SocketPath);
        AssertRefused($"there is a file at {SocketPath} that is no socket, and it is not removed");
    }

    [Fact]
    public void ASocketThatIsServedStays()
    {
        Assert.NotNull(Listen());
        AssertRefused("bind: Address already in use");
        using Socket client = Connect();
        AssertRefused("bind: Address already in use");
    }

    [Fact]
    public void ASocketOfAnotherKindStays()
    {
        using Socket datagrams = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        datagrams.Bind(new UnixDomainSocketEndPoint(SocketPath));
        AssertRefused("bind: Address already in use");
        Assert.True(File.Exists(SocketPath));
    }

    [Fact]
    public void ASocketThatWasLeftIsReplaced()
    {
        Assert.NotNull(Listen());
        CloseAll();
        Assert.True(File.Exists(SocketPath));
        Assert.NotNull(Listen());
        using Socket client = Connect();
        Assert.True(client.Connected);
    }

    [Fact]
    public void WhatTookItsPlaceIsNotRemoved()
    {
        UnixSocketFile first = Listen()!;
        File.Delete(SocketPath);
        UnixSocketFile second = Listen()!;
        first.Remove();
        Assert.True(File.Exists(SocketPath));
        second.Remove();
        Assert.False(File.Exists(SocketPath));
        File.WriteAllText(SocketPath, "precious");
        second.Remove();
        Assert.Equal("precious", File.ReadAllText(SocketPath));
    }

    [Fact]
    public void ItIsKnownWhoConnects()
    {
        using LineServer server = new(address: SocketPath);
        using Socket client = server.Connect();
        Patience.Until(() => server.OpenedCount == 1);
        PeerCredentials? peer = server.OnLoop(() => server.Handler.Open.Single().PeerCredentials);
        Assert.Equal(Environment.ProcessId, peer?.ProcessId);
    }

    [Fact]
    public void OfTcpNobodyKnowsWhoConnects()
    {
        using LineServer server = new();
        using Socket client = server.Connect();
        Patience.Until(() => server.OpenedCount == 1);
        Assert.Null(server.OnLoop(() => server.Handler.Open.Single().PeerCredentials));
    }

    private UnixSocketFile? Listen(int permissions = 0)
    {
        BindResult result = Listen("", permissions, out UnixSocketFile? file);
        Assert.Equal("", result.Message);
        return file;
    }

    private void AssertRefused(string reason, string group = "")
    {
        BindResult result = Listen(group, 0, out UnixSocketFile? file);
        Assert.Equal("Failed opening Unix socket: " + reason, result.Message);
        Assert.Null(file);
    }

    private BindResult Listen(string group, int permissions, out UnixSocketFile? file)
    {
        BindResult result = UnixSocketFile.Listen(
            SocketPath, group, permissions, backlog: 16, SocketTransport.Standard, out ServerSocket? server, out file);
        if (file is not null)
        {
            _servers.Add(server!);
        }
        return result;
    }

    private Socket Connect()
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
        return socket;
    }

    private void CloseAll()
    {
        _servers.ForEach(static server => server.Dispose());
        _servers.Clear();
    }
}
