using System.Text;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Points;

/// <summary>Whatever happens while ACL SAVE writes, the old file is there or the new one, whole, and users can be loaded from it.</summary>
public sealed class AclSaveTests
{
    private const string FileName = "users.acl";
    private const int SurvivorCount = 6;

    private static readonly string[] s_options = ["--aclfile", FileName];

    /// <summary>The lines of the users before and after.</summary>
    private readonly string[] _old;
    private readonly string[] _new;

    public AclSaveTests()
    {
        SimulatedDisk disk = NewDisk();
        using LocalServer server = LocalServer.StartReady(disk, s_options);
        Assert.Equal("OK", server.Call("ACL SAVE").Text);
        _old = LinesOf(server);
        Change(server);
        _new = LinesOf(server);
        Assert.NotEqual(_old, _new);
    }

    [Fact]
    public void AMachineThatStopsAtAnyMomentLeavesOneOfThem()
    {
        int seed = Seed.NewRandom().Next();
        bool hasCrashed = true;
        int count = 0;
        for (; hasCrashed; count++)
        {
            SimulatedDisk disk = NewDisk();
            bool isAcknowledged;
            using (LocalServer server = LocalServer.StartReady(disk, s_options))
            {
                Change(server);
                disk.CrashAfter(count);
                isAcknowledged = server.Try("ACL SAVE") is { IsError: false };
                hasCrashed = disk.IsCrashed;
                disk.Crash();
            }
            Assert.True(hasCrashed || isAcknowledged, $"seed {seed}: not saved");
            for (int i = 0; i < SurvivorCount; i++)
            {
                SimulatedDisk survivor = disk.Survivor(unchecked(seed + (count * 1000) + i));
                using LocalServer next = LocalServer.StartReady(survivor, s_options);
                string[] lines = LinesOf(next);
                string story = $"seed {seed}, stopped after {count}, survivor {i}:\n{string.Join('\n', disk.Operations)}";
                Assert.True(lines.SequenceEqual(_new) || (!isAcknowledged && lines.SequenceEqual(_old)), story);
                Assert.Equal("OK", next.Call("ACL SAVE").Text);
            }
        }
        Assert.True(count > 3, "nothing was written");
    }

    [Theory]
    [InlineData(Errno.EIO)]
    [InlineData(Errno.ENOSPC)]
    [InlineData(Errno.EROFS)]
    public void AnOperationThatFailsLeavesOneOfThemAndTheNextSaveGoesWell(int errno)
    {
        bool hasFailed = true;
        for (int count = 1; hasFailed; count++)
        {
            SimulatedDisk disk = NewDisk();
            using LocalServer server = LocalServer.StartReady(disk, s_options);
            // The first call goes well, the second does not.
            Assert.Equal("OK", server.Call("ACL SAVE").Text);
            Change(server);
            int number = disk.Operations.Count + count;
            disk.FailAt(number, errno);
            Reply reply = server.Call("ACL SAVE");
            hasFailed = disk.Operations.Count >= number;
            Assert.Equal(hasFailed, reply.IsError);
            Assert.Contains(ContentOf(disk), new[] { TextOf(_old), TextOf(_new) });
            Assert.DoesNotContain(disk.Names(), static name => name.Contains("tmp", StringComparison.Ordinal));
            if (hasFailed)
            {
                Assert.Contains("could not be saved: " + Errno.Text(errno), server.Log, StringComparison.Ordinal);
            }
            disk.Faults.Heal();
            Assert.Equal("OK", server.Call("ACL SAVE").Text);
            Assert.Equal(TextOf(_new), ContentOf(disk));
        }
    }

    [Fact]
    public void AFullDiskLeavesTheOldFile()
    {
        SimulatedDisk disk = NewDisk();
        using LocalServer server = LocalServer.StartReady(disk, s_options);
        string before = ContentOf(disk);
        Change(server);
        for (int room = 0; room < TextOf(_new).Length; room += 7)
        {
            disk.Faults.CapacityBytes = disk.UsedBytes + room;
            Assert.True(server.Call("ACL SAVE").IsError);
            Assert.Equal(before, ContentOf(disk));
            Assert.DoesNotContain(disk.Names(), static name => name.Contains("tmp", StringComparison.Ordinal));
        }
        disk.Faults.Heal();
        Assert.Equal("OK", server.Call("ACL SAVE").Text);
        Assert.Equal(TextOf(_new), ContentOf(disk));
    }

    [Fact]
    public void AFileThatCannotBeReadChangesNobody()
    {
        SimulatedDisk disk = NewDisk();
        using LocalServer server = LocalServer.StartReady(disk, s_options);
        string[] before = LinesOf(server);
        disk.Put(FileName, Encoding.ASCII.GetBytes(TextOf(_new)[..^30]));
        Assert.True(server.Call("ACL LOAD").IsError);
        Assert.Equal(before, LinesOf(server));
    }

    private static SimulatedDisk NewDisk()
    {
        SimulatedDisk disk = new();
        disk.Put(FileName, "user default on nopass ~* &* +@all\nuser alice on >a ~a:* +@read\nuser bob off -@all (+get ~b)\n"u8.ToArray());
        return disk;
    }

    private static void Change(LocalServer server)
    {
        Assert.Equal("OK", server.Call("ACL SETUSER alice >b %R~c:* &news +set").Text);
        Assert.Equal(":1", server.Call("ACL DELUSER bob").ToString());
        for (int i = 0; i < 5; i++)
        {
            Assert.Equal("OK", server.Call($"ACL SETUSER user:{i} on >p{i} ~user:{i}:* +@all -@dangerous").Text);
        }
    }

    private static string[] LinesOf(LocalServer server) => [.. server.Call("ACL LIST").Items.Select(static user => user.Text)];

    private static string TextOf(string[] lines) => string.Concat(lines.Select(static line => line + "\n"));

    private static string ContentOf(SimulatedDisk disk) => Encoding.ASCII.GetString(disk.Content(FileName)!);
}
