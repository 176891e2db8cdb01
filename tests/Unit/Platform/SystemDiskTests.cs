using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

public sealed class SystemDiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bixbite-").FullName;
    private readonly IDisk _disk = SystemDisk.Instance;

    [Fact]
    public void What_is_written_is_read()
    {
        Write("a", "one"u8, "two"u8);
        Assert.Equal("onetwo"u8, Read("a"));

        Write("a", "3"u8);
        Assert.Equal("3"u8, Read("a"));
    }

    [Fact]
    public void Appending_goes_on_where_the_file_ends()
    {
        Write("a", "one"u8);
        Assert.Equal(0, _disk.Append(Of("a"), out IDiskFile? file));
        using (file)
        {
            Assert.Equal(3, file!.Length);
            Assert.Equal(0, file.Write("two"u8));
            Assert.Equal(6, file.Length);
            Assert.Equal(0, file.Truncate(4));
            Assert.Equal(0, file.Write("!"u8));
        }
        Assert.Equal("onet!"u8, Read("a"));
    }

    [Fact]
    public void Files_are_renamed_listed_and_deleted()
    {
        Write("a", "one"u8);
        Write("b", "two"u8);
        Assert.Equal(0, _disk.Rename(Of("a"), Of("b")));
        Assert.Equal(0, _disk.SyncFolder(_folder));
        Assert.Equal(["b"], _disk.List(_folder));
        Assert.Equal("one"u8, Read("b"));
        Assert.True(_disk.Exists(Of("b")));
        Assert.Equal(0, _disk.Delete(Of("b")));
        Assert.False(_disk.Exists(Of("b")));
    }

    [Fact]
    public void Failures_are_numbers()
    {
        Assert.Equal(-Errno.ENOENT, _disk.Open(Of("none"), out IDiskFile? file));
        Assert.Null(file);
        Assert.Equal(-Errno.ENOENT, _disk.Create(Of("none/a"), out _));
        Assert.Equal(-Errno.ENOENT, _disk.Rename(Of("none"), Of("b")));
        Assert.Equal(-Errno.ENOENT, _disk.Delete(Of("none")));
        Assert.Equal(-Errno.ENOENT, _disk.SyncFolder(Of("none")));
        Assert.Equal(0, _disk.CreateFolder(Of("sub")));
        Assert.Equal(0, _disk.CreateFolder(Of("sub")));
        Assert.Empty(_disk.List(Of("none")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Of(string name) => Path.Combine(_folder, name);

    private void Write(string name, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        Assert.Equal(0, _disk.Create(Of(name), out IDiskFile? file));
        using (file)
        {
            Assert.Equal(0, file!.Write(first));
            Assert.Equal(0, file.Write(second));
            Assert.Equal(0, file.Sync());
        }
    }

    private ReadOnlySpan<byte> Read(string name)
    {
        Assert.Equal(0, _disk.Open(Of(name), out IDiskFile? file));
        using (file)
        {
            byte[] bytes = new byte[100];
            int length = 0;
            int count;
            while ((count = file!.Read(bytes.AsSpan(length))) > 0)
            {
                length += count;
            }
            Assert.Equal(0, count);
            return bytes.AsSpan(0, length);
        }
    }
}
