using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Points;

/// <summary>
/// Tells a story again and again, each time with a machine that stops one file operation later, and starts the server on what the disk may
/// look like then. It must start, hold what the story promises, and go on from there.
/// </summary>
internal sealed class CrashPoints
{
    private const int UsualSurvivorCount = 6;

    private readonly Story _story;
    private readonly int _seed;
    private readonly SimulatedDisk _origin;
    private readonly string[] _digests;

    private CrashPoints(Story story, int seed)
    {
        _story = story;
        _seed = seed;
        _digests = Digests(story);
        _origin = Origin(story);
    }

    /// <summary>Disks looked at per moment; BIXBITE_CRASH_SURVIVORS asks for more.</summary>
    private static int SurvivorCount =>
        Environment.GetEnvironmentVariable("BIXBITE_CRASH_SURVIVORS") is { Length: > 0 } text
            ? int.Parse(text, CultureInfo.InvariantCulture)
            : UsualSurvivorCount;

    /// <summary>Checks all moments; returns how many there were.</summary>
    public static int Check(Story story, Random random)
    {
        CrashPoints points = new(story, random.Next());
        for (int number = 1; ; number++)
        {
            if (!points.HasCrashedAt(number))
            {
                return number - 1;
            }
        }
    }

    /// <summary>The digest after each number of writes.</summary>
    private static string[] Digests(Story story)
    {
        using LocalServer server = LocalServer.StartReady(new SimulatedDisk());
        List<string> digests = [server.Digest()];
        IEnumerable<string> undamaged = story.Before.Where(Story.IsWrite).SkipLast(story.DamagedCount);
        foreach (string step in undamaged.Concat(story.Steps.Where(Story.IsWrite)))
        {
            foreach (string command in step.Split("; "))
            {
                Assert.False(server.Call(command).IsError, command);
            }
            digests.Add(server.Digest());
        }

        return [.. digests];
    }

    private static SimulatedDisk Origin(Story story)
    {
        SimulatedDisk disk = new();
        if (story.Before.Length > 0)
        {
            StoryRun.Tell(story with { Steps = [.. story.Before, Story.Rest], Before = [], DamagedCount = 0 }, disk);
        }
        SimulatedDisk copy = disk.Copy();
        story.Damage(copy);
        return copy;
    }

    private bool HasCrashedAt(int number)
    {
        SimulatedDisk disk = _origin.Copy();
        disk.Faults.IsLying = !_story.IsDiskHonest;
        disk.CrashAt(number);
        StoryRun run = StoryRun.Tell(_story, disk);
        bool hasCrashed = disk.IsCrashed;
        disk.Crash();
        for (int i = 0; i < SurvivorCount; i++)
        {
            int survivorSeed = unchecked(_seed + (number * 1000) + i);
            try
            {
                CheckSurvivor(disk.Survivor(survivorSeed), run, isContinued: i == 0);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException(
                    $"stopped at operation {number}, survivor {i}: {exception.Message}\n{string.Join('\n', disk.Operations)}", exception);
            }
        }

        return hasCrashed;
    }

    private void CheckSurvivor(SimulatedDisk survivor, StoryRun run, bool isContinued)
    {
        string found = string.Join(", ", survivor.Names());
        using LocalServer server = LocalServer.StartReady(survivor, run.RestartOptions);
        string digest = server.Digest();
        int[] possible = [.. run.PossibleCounts.Distinct()];
        int actual = Array.FindIndex(_digests, known => known == digest);
        Assert.True(
            possible.Any(count => _digests[count] == digest),
            $"{string.Join(" or ", possible)} writes of {_digests.Length - 1} were to be there, not {actual}, "
                + $"on a disk with {found}\n{server.Log}");
        if (isContinued)
        {
            CheckGoingOn(server, survivor, run);
        }
    }

    /// <summary>What comes back is a state to work on, not only to look at.</summary>
    private static void CheckGoingOn(LocalServer server, SimulatedDisk disk, StoryRun run)
    {
        Reply written = server.Call("SET later 1");
        Assert.False(written.IsError, $"{written}\n{server.Log}");
        bool isKeptAtOnce = run.RestartOptions.Contains("always") && run.RestartOptions.Contains("yes");
        Assert.False(!isKeptAtOnce && server.Call("SAVE").IsError, server.Log);
        string digest = server.Digest();
        disk.Crash();
        bool isLoadedFromSave = !run.RestartOptions.Contains("yes");
        using LocalServer next = LocalServer.StartReady(disk.Survivor(1), run.RestartOptions);
        Assert.True(!(isKeptAtOnce || isLoadedFromSave) || next.Digest() == digest, $"what was written later is not there:\n{next.Log}");
    }
}
