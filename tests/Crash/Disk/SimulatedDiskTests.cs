using System.Text;
using Bixbite.Platform;

namespace Bixbite.Crash.Disk;

/// <summary>The disk that all proofs here rest on, by itself.</summary>
public sealed class SimulatedDiskTests
{
    private const int SeedCount = 200;

    [Fact]
    public void WhatWasSyncedSurvivesUnderASyncedName()
    {
        SimulatedDisk disk = new();
        Write(disk, "a", "whole", isSynced: true);
        Assert.Equal(0, disk.SyncFolder(SimulatedDisk.Root));

        Assert.All(Survivors(disk), survivor => Assert.Equal("whole", Text(survivor, "a")));
    }

    [Fact]
    public void ANameThatWasNotSyncedMayBeLost()
    {
        SimulatedDisk disk = new();
        Write(disk, "a", "whole", isSynced: true);

        Assert.Equal(["", "whole"], Survivors(disk).Select(survivor => Text(survivor, "a") ?? "").Distinct().Order());
    }

    [Fact]
    public void UnsyncedBytesAreLostKeptTornOrZero()
    {
        SimulatedDisk disk = new();
        disk.Put("a", "old"u8.ToArray());
        disk.Append("a", out IDiskFile? file);
        Assert.Equal(0, file!.Write("new!"u8));
        Assert.Equal(0, file.Write("more"u8));

        string[] contents = [.. Survivors(disk).Select(survivor => Text(survivor, "a")!).Distinct()];

        Assert.All(contents, content => Assert.StartsWith("old", content, StringComparison.Ordinal));
        Assert.Contains("old", contents);
        Assert.Contains("oldnew!more", contents);
        Assert.Contains("oldnew!mo", contents);
        Assert.Contains("oldn", contents);
        Assert.Contains("old\0\0\0\0\0\0\0\0", contents);
        Assert.Contains("oldnew\0\0\0\0\0", contents);
    }

    [Fact]
    public void BlocksReachTheDiskInAnyOrder()
    {
        SimulatedDisk disk = new();
        disk.Put("a", []);
        disk.Append("a", out IDiskFile? file);
        file!.Write(Encoding.ASCII.GetBytes(new string('x', 3 * StoredFile.BlockSize)));

        Assert.Contains(
            Survivors(disk).Select(survivor => survivor.Content("a")!),
            content => content.Length == 3 * StoredFile.BlockSize && content[0] == 0 && content[StoredFile.BlockSize] == 'x');
    }

    [Fact]
    public void ARenameHappensWhollyOrNotAtAll()
    {
        SimulatedDisk disk = new();
        disk.Put("a", "old"u8.ToArray());
        disk.CreateFolder("folder");
        disk.SyncFolder(SimulatedDisk.Root);
        Write(disk, "folder/t", "new", isSynced: true);
        Assert.Equal(0, disk.Rename("folder/t", "a"));

        IEnumerable<string> states = Survivors(disk).Select(survivor => $"{Text(survivor, "a")}, {Text(survivor, "folder/t")}");
        Assert.Equal(["new, ", "old, ", "old, new"], states.Distinct().Order());

        disk.SyncFolder(SimulatedDisk.Root);
        Assert.All(Survivors(disk), survivor => Assert.Equal("new", Text(survivor, "a")));
    }

    [Fact]
    public void NamesOfAFolderSurviveInTheirOrder()
    {
        SimulatedDisk disk = new();
        Write(disk, "a", "1", isSynced: true);
        Write(disk, "b", "2", isSynced: true);
        disk.Delete("a");

        string[] states = [.. Survivors(disk).Select(survivor => string.Concat(survivor.List(SimulatedDisk.Root))).Distinct().Order()];
        Assert.Equal(["", "a", "ab", "b"], states);
    }

    [Fact]
    public void NothingWorksAfterTheCrash()
    {
        SimulatedDisk disk = new();
        disk.CrashAt(3);
        Assert.Equal(0, disk.Create("a", out IDiskFile? file));
        Assert.Equal(0, file!.Write("1"u8));
        Assert.False(disk.IsCrashed);
        Assert.Equal(-Errno.EIO, file.Sync());
        Assert.True(disk.IsCrashed);
        Assert.Equal(-Errno.EIO, file.Write("2"u8));
        Assert.Equal(-Errno.EIO, disk.Create("b", out file));
        Assert.Null(file);
        Assert.Equal(-Errno.EIO, disk.Open("a", out _));
        Assert.Equal(-Errno.EIO, disk.Rename("a", "b"));
        Assert.Equal(3, disk.Operations.Count);
        Assert.Contains(Survivors(disk), survivor => Text(survivor, "a") == "");
    }

    [Fact]
    public void TheSameSeedShowsTheSameDisk()
    {
        SimulatedDisk disk = new();
        Write(disk, "a", new string('x', 1000), isSynced: false);
        Write(disk, "b", new string('y', 1000), isSynced: false);
        for (int seed = 0; seed < 20; seed++)
        {
            Assert.Equal(disk.Survivor(seed).Content("a"), disk.Survivor(seed).Content("a"));
            Assert.Equal(disk.Survivor(seed).Content("b"), disk.Survivor(seed).Content("b"));
        }
    }

    [Fact]
    public void AFullDiskTakesWhatFits()
    {
        SimulatedDisk disk = new();
        disk.Faults.CapacityBytes = 10;
        disk.Append("a", out IDiskFile? file);
        Assert.Equal(0, file!.Write("12345678"u8));
        Assert.Equal(-Errno.ENOSPC, file.Write("abcd"u8));
        Assert.Equal("12345678ab", Text(disk, "a"));
        Assert.Equal(0, file.Truncate(8));
        disk.Faults.Heal();
        Assert.Equal(0, file.Write("abcd"u8));
        Assert.Equal(12, file.Length);
    }

    [Fact]
    public void AFailedSyncLosesWhatItWasFor()
    {
        SimulatedDisk disk = new();
        disk.Put("a", []);
        disk.Append("a", out IDiskFile? file);
        file!.Write("lost"u8);
        disk.Faults.FailSyncs();
        Assert.Equal(-Errno.EIO, file.Sync());
        disk.Faults.Heal();
        Assert.Equal(0, file.Sync());
        Assert.Equal("lost", Text(disk, "a"));
        Assert.Contains(Survivors(disk), survivor => Text(survivor, "a") == "");
    }

    [Fact]
    public void FaultsAreToldByTheirNumbers()
    {
        SimulatedDisk disk = new();
        disk.FailAt(2, Errno.EACCES);
        Assert.Equal(0, disk.CreateFolder("f"));
        Assert.Equal(-Errno.EACCES, disk.Create("f/a", out _));
        Assert.Equal(0, disk.Create("f/a", out _));
        disk.Faults.MakeReadOnly();
        Assert.Equal(-Errno.EROFS, disk.Create("f/b", out _));
        Assert.Equal(0, disk.Open("f/a", out _));
        Assert.Equal(-Errno.ENOENT, disk.Open("g/a", out _));
    }

    private static void Write(SimulatedDisk disk, string path, string text, bool isSynced)
    {
        Assert.Equal(0, disk.Create(path, out IDiskFile? file));
        Assert.Equal(0, file!.Write(Encoding.ASCII.GetBytes(text)));
        if (isSynced)
        {
            Assert.Equal(0, file.Sync());
        }
    }

    private static IEnumerable<SimulatedDisk> Survivors(SimulatedDisk disk) => Enumerable.Range(0, SeedCount).Select(disk.Survivor);

    private static string? Text(SimulatedDisk disk, string path) =>
        disk.Content(path) is { } content ? Encoding.ASCII.GetString(content) : null;
}
