using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>The behaviour of every disk that is a real one.</summary>
public abstract class DiskTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bixbite-").FullName;

    protected DiskTests(IDisk disk) => Disk = disk;

    protected IDisk Disk { get; }

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
        Assert.Equal(0, Disk.Append(Of("a"), out IDiskFile? file));
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
        Assert.Equal(0, Disk.Rename(Of("a"), Of("b")));
        Assert.Equal(0, Disk.SyncFolder(_folder));
        Assert.Equal(["b"], Disk.List(_folder));
        Assert.Equal("one"u8, Read("b"));
        Assert.True(Disk.Exists(Of("b")));
        Assert.Equal(0, Disk.Delete(Of("b")));
        Assert.False(Disk.Exists(Of("b")));
    }

    [Fact]
    public void Failures_are_numbers()
    {
        Assert.Equal(-Errno.ENOENT, Disk.Open(Of("none"), out IDiskFile? file));
        Assert.Null(file);
        Assert.Equal(-Errno.ENOENT, Disk.Create(Of("none/a"), out _));
        Assert.Equal(-Errno.ENOENT, Disk.Rename(Of("none"), Of("b")));
        Assert.Equal(-Errno.ENOENT, Disk.Delete(Of("none")));
        Assert.Equal(-Errno.ENOENT, Disk.SyncFolder(Of("none")));
        Assert.Equal(0, Disk.CreateFolder(Of("sub")));
        Assert.Equal(0, Disk.CreateFolder(Of("sub")));
        Assert.Empty(Disk.List(Of("none")));
        Assert.Equal(-Errno.ENOENT, Disk.CreateFolder(Of("none/sub")));
        Write("a", "one"u8);
        Assert.Equal(-Errno.ENOTDIR, Disk.CreateFolder(Of("a")));
        Assert.Equal(-Errno.ENAMETOOLONG, Disk.Create(Of(new string('a', 300)), out _));
    }

    [Fact]
    public void Two_that_append_do_not_write_over_each_other()
    {
        Assert.Equal(0, Disk.Append(Of("a"), out IDiskFile? first));
        Assert.Equal(0, Disk.Append(Of("a"), out IDiskFile? second));
        using (first)
        using (second)
        {
            Assert.Equal(0, first!.Write("one "u8));
            Assert.Equal(0, second!.Write("two "u8));
            Assert.Equal(0, first.Write("three"u8));
            first.StartSync();
            first.Reserve(1000);
            Assert.Equal(13, second.Length);
        }
        Assert.Equal("one two three"u8, Read("a"));
    }

    [Fact]
    public void Parts_are_read_from_anywhere()
    {
        Write("a", "0123456789"u8);
        Assert.Equal(0, Disk.Open(Of("a"), out IDiskFile? file));
        using (file)
        {
            Span<byte> bytes = stackalloc byte[4];
            Assert.Equal(4, file!.Read(bytes));
            Assert.Equal(4, file.Read(3, bytes));
            Assert.Equal("3456"u8, bytes);
            Assert.Equal(4, file.Read(bytes));
            Assert.Equal("4567"u8, bytes);
            Assert.Equal(1, file.Read(9, bytes));
            Assert.Equal(0, file.Read(10, bytes));
        }
    }

    [Fact]
    public void A_file_that_is_open_lives_on_when_its_name_goes()
    {
        Write("a", "old"u8);
        Assert.Equal(0, Disk.Open(Of("a"), out IDiskFile? file));
        using (file)
        {
            Write("b", "new"u8);
            Assert.Equal(0, Disk.Rename(Of("b"), Of("a")));
            Span<byte> bytes = stackalloc byte[10];
            Assert.Equal(3, file!.Read(bytes));
            Assert.Equal("old"u8, bytes[..3]);
        }
        Assert.Equal("new"u8, Read("a"));
    }

    [Fact]
    public void Private_files_are_the_owners_and_replace_what_is_there()
    {
        Write("other", "other"u8);
        File.CreateSymbolicLink(Of("private"), Of("other"));
        Assert.Equal(0, Disk.CreatePrivate(Of("private"), out IDiskFile? file));
        using (file)
        {
            Assert.Equal(0, file!.Write("secret"u8));
        }
        Assert.Equal(Files.OwnerOnly, PermissionsOf("private"));
        Assert.Equal("other"u8, Read("other"));

        Assert.Equal(0, Disk.CopyMode(Of("other"), Of("private")));
        Assert.Equal(PermissionsOf("other"), PermissionsOf("private"));
        Assert.NotEqual(Files.OwnerOnly, PermissionsOf("private"));
    }

    [Fact]
    public void A_lock_is_held_by_one()
    {
        Assert.Equal(0, Disk.Lock(Of("lock"), out IDisposable? hold, out _));
        Assert.Equal(-Errno.EAGAIN, Disk.Lock(Of("lock"), out IDisposable? none, out _));
        Assert.Null(none);
        hold!.Dispose();
        Assert.Equal(0, Disk.Lock(Of("lock"), out hold, out _));
        hold!.Dispose();
        Assert.Equal(-Errno.ENOENT, Disk.Lock(Of("none/lock"), out _, out _));
        Assert.True(Disk.Exists(Of("lock")));
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Of(string name) => Path.Combine(_folder, name);

    private int PermissionsOf(string name)
    {
        Assert.Equal(0, Files.statx(Of(name), out FileStatus status));
        return status.Permissions;
    }

    private void Write(string name, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second = default)
    {
        Assert.Equal(0, Disk.Create(Of(name), out IDiskFile? file));
        using (file)
        {
            Assert.Equal(0, file!.Write(first));
            Assert.Equal(0, file.Write(second));
            Assert.Equal(0, file.Sync());
        }
    }

    private ReadOnlySpan<byte> Read(string name)
    {
        Assert.Equal(0, Disk.Open(Of(name), out IDiskFile? file));
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
