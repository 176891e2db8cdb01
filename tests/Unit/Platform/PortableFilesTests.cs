using System.Net.Sockets;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>What .NET tells of paths is what the kernel tells.</summary>
public sealed class PortableFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bixbite-").FullName;

    [Fact]
    public void SocketsAreTold()
    {
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Of("socket")));
        File.WriteAllText(Of("file"), "text");
        File.WriteAllText(Of("empty"), "");
        File.CreateSymbolicLink(Of("link"), Of("socket"));
        Assert.True(Status("socket").IsSocket);
        Assert.False(Status("file").IsSocket);
        Assert.False(Status("empty").IsSocket);
        Assert.False(Status("link").IsSocket);
        Assert.False(Status(".").IsSocket);
        Assert.Equal(-Errno.ENOENT, PortableFiles.Status(Of("none"), followsLinks: false, out _));

        Assert.Equal(0, PortableFiles.ChangeMode(Of("socket"), 0x1C0));
        Assert.Equal(0x1C0, Status("socket").Permissions);
        Assert.Equal(-Errno.ENOENT, PortableFiles.ChangeMode(Of("none"), 0x1C0));
    }

    [Fact]
    public void AFileThatTookTheNameOfAnotherIsAnother()
    {
        File.WriteAllText(Of("a"), "1");
        FileStatus first = Status("a");
        Assert.Equal(0, PortableFiles.ChangeMode(Of("a"), Files.OwnerOnly));
        FileStatus same = Status("a");
        Assert.True(first.IsSameFile(same));
        Assert.Equal(first.Stamp, same.Stamp);

        WaitForAnotherTick(Of("b"), File.GetCreationTimeUtc(Of("a")));
        File.Move(Of("b"), Of("a"), overwrite: true);
        FileStatus second = Status("a");
        Assert.False(first.IsSameFile(second));
        Assert.NotEqual(first.Stamp, second.Stamp);
    }

    [Fact]
    public void LinksAreFollowedWhenThatIsWanted()
    {
        File.WriteAllText(Of("file"), "text");
        File.CreateSymbolicLink(Of("link"), Of("file"));
        Assert.Equal(0, PortableFiles.Status(Of("link"), followsLinks: true, out FileStatus target));
        Assert.Equal(Status("file").Stamp, target.Stamp);
        File.CreateSymbolicLink(Of("nowhere"), Of("none"));
        Assert.Equal(-Errno.ENOENT, PortableFiles.Status(Of("nowhere"), followsLinks: true, out _));
        Assert.Equal(0, PortableFiles.Status(Of("nowhere"), followsLinks: false, out _));
        Assert.Equal(0, PortableFiles.Delete(Of("nowhere")));
        Assert.Equal(-Errno.ENOENT, PortableFiles.Delete(Of("nowhere")));
    }

    [Fact]
    public void FilesAreReadWholeOrNotAtAll()
    {
        File.WriteAllText(Of("file"), "12345");
        Assert.Equal(0, PortableFiles.ReadAll(Of("file"), 5, out byte[] bytes));
        Assert.Equal("12345"u8, bytes);
        Assert.Equal(-Errno.EFBIG, PortableFiles.ReadAll(Of("file"), 4, out bytes));
        Assert.Empty(bytes);
        Assert.Equal(0, Files.ReadAll(Of("file"), 5, out bytes));
        Assert.Equal("12345"u8, bytes);
        Assert.Equal(-Errno.EFBIG, Files.ReadAll(Of("file"), 4, out _));
        Assert.Equal(-Errno.ENOENT, Files.ReadAll(Of("none"), 4, out _));
    }

    [Fact]
    public void FoldersAreSynced()
    {
        File.WriteAllText(Of("file"), "");
        Assert.Equal(0, PortableFiles.SyncFolder(_folder));
        Assert.Equal(-Errno.ENOENT, PortableFiles.SyncFolder(Of("none")));
        Assert.Equal(-Errno.ENOTDIR, PortableFiles.SyncFolder(Of("file")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Makes a file whose time of birth is another; file systems count it in ticks.</summary>
    private static void WaitForAnotherTick(string path, DateTime other)
    {
        do
        {
            File.Delete(path);
            File.WriteAllText(path, "2");
        }
        while (File.GetCreationTimeUtc(path) == other);
    }

    private FileStatus Status(string name)
    {
        Assert.Equal(0, PortableFiles.Status(Of(name), followsLinks: false, out FileStatus status));
        return status;
    }

    private string Of(string name) => Path.Combine(_folder, name);
}
