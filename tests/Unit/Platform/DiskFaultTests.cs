using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>What a real disk answers where the file system cannot, call by call: the same number in both ways.</summary>
public abstract class DiskFaultTests : IDisposable
{
    /// <summary>Octal 0755.</summary>
    private const int EverybodyMayLook = 493;

    private readonly TempFolder _folder = new();
    private readonly IDisk _disk;

    protected DiskFaultTests(IDisk disk) => _disk = disk;

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The system's own device that is always full.</summary>
    [Fact]
    public void A_full_device_takes_nothing()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "needs /dev/full");
        Assert.Equal(0, _disk.Append("/dev/full", out IDiskFile? file));
        using (file)
        {
            AssertIs(Errno.ENOSPC, "No space left on device", file!.Write("1"u8));
            AssertIs(Errno.ENOSPC, "No space left on device", file.Write("2"u8));
        }
    }

    /// <summary>A part may have been written; when there is room again all goes on behind it.</summary>
    [Fact]
    public void A_full_disk_goes_on_when_there_is_room()
    {
        using SmallDisk? small = SmallDisk.TryMount(_folder);
        Assert.SkipWhen(small is null, "needs a user who may mount a tmpfs, for a disk that can be full");
        Assert.Equal(0, _disk.Append(Of("log"), out IDiskFile? file));
        using (file)
        {
            Assert.Equal(0, file!.Write("before"u8));
            small.Fill();
            byte[] large = new byte[1 << 20];
            AssertIs(Errno.ENOSPC, "No space left on device", file.Write(large));
            Assert.InRange(file.Length, 6, 6 + large.Length - 1);
            Assert.Equal(0, file.Truncate(6));
            small.Free();
            Assert.Equal(0, file.Write("after"u8));
            Assert.Equal(0, file.Sync());
            Assert.Equal(11, file.Length);
        }
        Assert.Equal("beforeafter", File.ReadAllText(Of("log")));
    }

    [Fact]
    public void A_read_only_disk_refuses_every_change()
    {
        using SmallDisk? small = SmallDisk.TryMount(_folder);
        Assert.SkipWhen(small is null, "needs a user who may mount a tmpfs, for a disk that can be read-only");
        File.WriteAllText(Of("a"), "old");
        Assert.True(small.TryProtect());
        AssertReadOnly(_disk.Create(Of("b"), out IDiskFile? none));
        Assert.Null(none);
        AssertReadOnly(_disk.Create(Of("a"), out _));
        AssertReadOnly(_disk.CreatePrivate(Of("b"), out _));
        AssertReadOnly(_disk.Append(Of("a"), out _));
        AssertReadOnly(_disk.Rename(Of("a"), Of("b")));
        AssertReadOnly(_disk.Delete(Of("a")));
        AssertReadOnly(_disk.CreateFolder(Of("sub")));
        AssertReadOnly(_disk.Lock(Of("lock"), out _, out _));
        Assert.Equal(0, _disk.Open(Of("a"), out IDiskFile? file));
        using (file)
        {
            byte[] bytes = new byte[10];
            Assert.Equal(3, file!.Read(bytes));
            Assert.True(file.Write("new"u8) < 0);
            Assert.True(file.Truncate(0) < 0);
        }
        Assert.Equal("old", File.ReadAllText(Of("a")));
        Assert.Equal(0, _disk.SyncFolder(_folder.Path));
    }

    /// <summary>A file whose folder was removed can still be written; nothing new can be put there.</summary>
    [Fact]
    public void A_folder_that_vanishes_is_told()
    {
        Directory.CreateDirectory(Of("gone"));
        Assert.Equal(0, _disk.Append(Of("gone/a"), out IDiskFile? file));
        Directory.Delete(Of("gone"), recursive: true);
        using (file)
        {
            Assert.Equal(0, file!.Write("written"u8));
            Assert.Equal(0, file.Sync());
            Assert.Equal(7, file.Length);
        }
        foreach (int result in (int[])
            [
                _disk.Create(Of("gone/b"), out _), _disk.CreatePrivate(Of("gone/b"), out _), _disk.Append(Of("gone/a"), out _),
                _disk.Open(Of("gone/a"), out _), _disk.Rename(Of("gone/a"), Of("gone/b")), _disk.Delete(Of("gone/a")),
                _disk.SyncFolder(Of("gone")), _disk.Lock(Of("gone/lock"), out _, out _), _disk.CreateFolder(Of("gone/sub")),
            ])
        {
            AssertIs(Errno.ENOENT, "No such file or directory", result);
        }
        Assert.Empty(_disk.List(Of("gone")));
        Assert.False(_disk.Exists(Of("gone/a")));
    }

    [Fact]
    public void Files_of_others_are_not_touched()
    {
        Directory.CreateDirectory(Of("closed"));
        File.WriteAllText(Of("closed/a"), "theirs");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs a user who can be another one for a while");
        Assert.Equal(0, Files.chmod(_folder.Path, EverybodyMayLook));
        Assert.Equal(0, Files.chmod(Of("closed"), EverybodyMayLook));
        using OtherUser nobody = new();
        foreach (int result in (int[])
            [
                _disk.Create(Of("closed/b"), out _), _disk.CreatePrivate(Of("closed/b"), out _), _disk.Append(Of("closed/a"), out _),
                _disk.Rename(Of("closed/a"), Of("closed/b")), _disk.Delete(Of("closed/a")), _disk.CreateFolder(Of("closed/sub")),
                _disk.Lock(Of("closed/lock"), out _, out _),
            ])
        {
            AssertIs(Errno.EACCES, "Permission denied", result);
        }
    }

    private static void AssertReadOnly(int result) => AssertIs(Errno.EROFS, "Read-only file system", result);

    private static void AssertIs(int errno, string text, int result)
    {
        Assert.Equal(-errno, result);
        Assert.Equal(text, Errno.Text(-result));
        Assert.Equal(text, Errno.KnownText(-result));
    }

    private string Of(string name) => _folder.File(name);
}

/// <summary>By Linux' own calls.</summary>
public sealed class SystemDiskFaultTests() : DiskFaultTests(new SystemDisk());

/// <summary>By what .NET offers.</summary>
public sealed class PortableDiskFaultTests() : DiskFaultTests(new PortableDisk());
