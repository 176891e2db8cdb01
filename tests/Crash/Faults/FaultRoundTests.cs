using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Unit.Structures;

namespace Bixbite.Crash.Faults;

/// <summary>
/// Rounds of changes, rewrites and switches on a disk whose operations fail at random, syncs before all, until its machine stops: what was
/// acknowledged with appendfsync always is there, at every start. <c>BIXBITE_CRASH_ROUNDS</c> asks for more rounds.
/// </summary>
public sealed class FaultRoundTests(ITestOutputHelper output)
{
    private const int UsualRoundCount = 10;
    private const int StepCount = 40;
    private const int FaultCountMax = 4;

    private static readonly string[] s_options = ["--appendonly", "yes", "--appendfsync", "always"];

    private static int RoundCount =>
        Environment.GetEnvironmentVariable("BIXBITE_CRASH_ROUNDS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : UsualRoundCount;

    [Fact]
    public void NothingAcknowledgedIsLost()
    {
        Random random = Seed.NewRandom();
        SimulatedDisk disk = new();
        long acknowledged = 0;
        long faults = 0;
        for (int round = 0; round < RoundCount; round++)
        {
            (long written, int failed) = Run(disk, random, acknowledged);
            faults += failed;
            disk.Crash();
            for (int i = 0; i < 4; i++)
            {
                Check(disk.Survivor(random.Next()), written);
            }
            disk = disk.Survivor(random.Next());
            acknowledged = Check(disk, written);
        }

        output.WriteLine($"{RoundCount} rounds, {acknowledged} changes, {faults} operations failed");
    }

    /// <summary>Returns the last number that was acknowledged, and how many operations failed.</summary>
    private static (long Acknowledged, int FaultCount) Run(SimulatedDisk disk, Random random, long start)
    {
        using LocalServer server = LocalServer.StartReady(disk, s_options);
        int faultCount = 0;
        int seed = random.Next();
        disk.Faults.ErrnoOf = operation =>
        {
            bool isFailing = faultCount < FaultCountMax && new Random(seed + operation.Number).Next(100) < Chance(operation.Action);
            faultCount += isFailing ? 1 : 0;
            return !isFailing ? 0 : operation.Action == DiskAction.Write ? Errno.ENOSPC : Errno.EIO;
        };
        long acknowledged = start;
        long next = start;
        for (int step = 0; step < StepCount; step++)
        {
            string? other = random.Next(12) switch
            {
                0 => "BGREWRITEAOF",
                1 => "CONFIG SET appendfsync everysec",
                2 => "CONFIG SET appendfsync no",
                3 or 4 => "CONFIG SET appendfsync always",
                _ => null,
            };
            if (other is not null)
            {
                server.Call(other);
                continue;
            }

            server.Call("CONFIG SET appendfsync always");
            next = Math.Max(next, acknowledged) + 1;
            string command = random.Next(3) == 0 ? $"MULTI; SET n {next}; SET m {next}; EXEC" : $"SET n {next}";
            if (IsDone(server, command))
            {
                acknowledged = next;
            }
        }

        return (acknowledged, faultCount);
    }

    private static int Chance(DiskAction action) => action switch
    {
        DiskAction.Sync => 12,
        DiskAction.SyncFolder or DiskAction.Rename or DiskAction.Write or DiskAction.Truncate => 4,
        _ => 2,
    };

    private static bool IsDone(LocalServer server, string command)
    {
        bool isDone = true;
        foreach (string request in command.Split("; "))
        {
            isDone &= !server.Call(request).IsError;
        }
        return isDone;
    }

    /// <summary>What a start finds; at least what was acknowledged.</summary>
    private static long Check(SimulatedDisk disk, long acknowledged)
    {
        using LocalServer server = LocalServer.StartReady(disk, s_options);
        string found = server.Call("GET n").Text;
        long number = found.Length == 0 ? 0 : long.Parse(found, CultureInfo.InvariantCulture);
        Assert.True(number >= acknowledged, $"{number} is there, though {acknowledged} was acknowledged:\n{server.Log}");
        return number;
    }
}
