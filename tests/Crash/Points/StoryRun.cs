using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Points;

/// <summary>One telling of a story, up to its end or to the moment when the disk stops.</summary>
internal sealed class StoryRun
{
    private readonly Story story;
    private readonly SimulatedDisk disk;
    private int sentCount;
    private int acknowledgedCount;
    private int savedCount;
    private int savingCount;

    private StoryRun(Story story, SimulatedDisk disk)
    {
        this.story = story;
        this.disk = disk;
        sentCount = story.Before.Count(Story.IsWrite) - story.DamagedCount;
        acknowledgedCount = savedCount = savingCount = sentCount;
        RestartOptions = story.Options;
    }

    /// <summary>The options with which the server starts again: those of the story, as changed in its course.</summary>
    public string[] RestartOptions { get; private set; }

    /// <summary>How many writes, counted from the first on, may be there afterwards.</summary>
    public IEnumerable<int> PossibleCounts => IsFileOfCommands ? Range(Floor, sentCount) : [savedCount, savingCount];

    private bool IsFileOfCommands => story.Promise != Promise.Saved || RestartOptions != story.Options;

    private int Floor =>
        story.Promise == Promise.Beginning ? story.Before.Count(Story.IsWrite) - story.DamagedCount : acknowledgedCount;

    public static StoryRun Tell(Story story, SimulatedDisk disk)
    {
        StoryRun run = new(story, disk);
        using LocalServer server = LocalServer.Start(disk, story.Options);
        if (!server.IsReadyInTime())
        {
            Assert.True(disk.IsCrashed, $"the server did not start though its disk works:\n{server.Log}");
            return run;
        }

        foreach (string step in story.Steps)
        {
            if (disk.IsCrashed || !run.Take(server, step))
                break;
        }

        return run;
    }

    private static IEnumerable<int> Range(int first, int last) => Enumerable.Range(first, last - first + 1);

    /// <summary>Does a step; false if the story is over.</summary>
    private bool Take(LocalServer server, string step)
    {
        switch (step.Split(' ')[0])
        {
            case Story.Rest:
                return IsRestReached(server);
            case "SAVE":
                savingCount = acknowledgedCount;
                return IsDone(server, step, () => savedCount = savingCount);
            case "BGSAVE":
                savingCount = acknowledgedCount;
                return IsDone(server, step, () => { });
            case "CONFIG":
                bool isSwitch = step.EndsWith("appendonly yes", StringComparison.Ordinal);
                return IsDone(server, step, () => { }) && (!isSwitch || IsSwitchedOn(server));
            case "BGREWRITEAOF":
                return IsDone(server, step, () => { });
            default:
                sentCount++;
                return IsDone(server, step, () => acknowledgedCount++);
        }
    }

    private bool IsDone(LocalServer server, string step, Action note)
    {
        string[] commands = step.Split("; ");
        bool isSent = commands.All(server.TrySend);
        foreach (string command in commands)
        {
            if (!isSent || server.TryRead() is not { } reply)
            {
                Assert.True(disk.IsCrashed, $"no answer to {command}:\n{server.Log}");
                return false;
            }

            if (reply.IsError)
            {
                Assert.True(disk.IsCrashed, $"{command}: {reply}\n{server.Log}");
                return false;
            }
        }

        note();
        return true;
    }

    /// <summary>From when all that was there is in the file of commands, it is what a new start goes by.</summary>
    private bool IsSwitchedOn(LocalServer server)
    {
        if (!IsRestReached(server))
            return false;
        RestartOptions = [.. story.Options, "--appendonly", "yes"];
        return true;
    }

    private bool IsRestReached(LocalServer server)
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (!disk.IsCrashed)
        {
            Assert.True(Environment.TickCount64 < deadline, $"the background work does not end:\n{server.Log}");
            if (server.Try("INFO persistence") is not { } info)
                return false;
            if (Patience.IsAtRest(info.Text))
            {
                bool isSaved = info.Text.Contains("rdb_last_bgsave_status:ok", StringComparison.Ordinal);
                savedCount = isSaved && !disk.IsCrashed ? savingCount : savedCount;
                return true;
            }

            Thread.Sleep(1);
        }

        return false;
    }
}
