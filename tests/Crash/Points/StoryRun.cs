using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Points;

/// <summary>One telling of a story, up to its end or to the moment when the disk stops.</summary>
internal sealed class StoryRun
{
    private readonly Story _story;
    private readonly SimulatedDisk _disk;
    private int _sentCount;
    private int _acknowledgedCount;
    private int _savedCount;
    private int _savingCount;

    private StoryRun(Story story, SimulatedDisk disk)
    {
        _story = story;
        _disk = disk;
        _sentCount = story.Before.Count(Story.IsWrite) - story.DamagedCount;
        _acknowledgedCount = _savedCount = _savingCount = _sentCount;
        RestartOptions = story.Options;
    }

    /// <summary>The options with which the server starts again: those of the story, as changed in its course.</summary>
    public string[] RestartOptions { get; private set; }

    /// <summary>How many writes, counted from the first on, may be there afterwards.</summary>
    public IEnumerable<int> PossibleCounts => IsFileOfCommands ? Range(Floor, _sentCount) : [_savedCount, _savingCount];

    private bool IsFileOfCommands => _story.Promise != Promise.Saved || RestartOptions != _story.Options;

    private int Floor =>
        _story.Promise == Promise.Beginning ? _story.Before.Count(Story.IsWrite) - _story.DamagedCount : _acknowledgedCount;

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
            {
                break;
            }
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
                _savingCount = _acknowledgedCount;
                return IsDone(server, step, () => _savedCount = _savingCount);
            case "BGSAVE":
                _savingCount = _acknowledgedCount;
                return IsDone(server, step, () => { });
            case "CONFIG":
                bool isSwitch = step.EndsWith("appendonly yes", StringComparison.Ordinal);
                return IsDone(server, step, () => { }) && (!isSwitch || IsSwitchedOn(server));
            case "BGREWRITEAOF":
                return IsDone(server, step, () => { });
            default:
                _sentCount++;
                return IsDone(server, step, () => _acknowledgedCount++);
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
                Assert.True(_disk.IsCrashed, $"no answer to {command}:\n{server.Log}");
                return false;
            }

            if (reply.IsError)
            {
                Assert.True(_disk.IsCrashed, $"{command}: {reply}\n{server.Log}");
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
        {
            return false;
        }
        RestartOptions = [.. _story.Options, "--appendonly", "yes"];
        return true;
    }

    private bool IsRestReached(LocalServer server)
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (!_disk.IsCrashed)
        {
            Assert.True(Environment.TickCount64 < deadline, $"the background work does not end:\n{server.Log}");
            if (server.Try("INFO persistence") is not { } info)
            {
                return false;
            }
            if (Patience.IsAtRest(info.Text))
            {
                bool isSaved = info.Text.Contains("rdb_last_bgsave_status:ok", StringComparison.Ordinal);
                _savedCount = isSaved && !_disk.IsCrashed ? _savingCount : _savedCount;
                return true;
            }

            Thread.Sleep(1);
        }

        return false;
    }
}
