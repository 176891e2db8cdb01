using Bixbite.Engine.Blocking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Hosting.Modules;

/// <summary>Clients that wait: within a command, for the end of CLIENT PAUSE, or for a snapshot's memory.</summary>
internal sealed class BlockingModule : Module
{
    private const long RemovalSliceUs = 1000;

    public override void Add(ServerBuilder server)
    {
        LazyRemoval removal = server.Add(new LazyRemoval());
        PauseGate pause = server.AddPart(new PauseGate(server.Get<ValueContext>().Saving, server.Raised));
        server.AddGate(pause);
        BlockedSessions blocked = server.AddPart(
            new BlockedSessions(new NativeBuffer(server.Workspace, 64), server.Workspace, server.Get<CommandRecorder>()));
        CronAlarm alarm = server.Add(new CronAlarm());
        blocked.DeadlineMovedUp = deadlineMs => alarm.RingWithin(deadlineMs - (server.Clock.WaitingUs / 1000));
        KeyWaits waits = server.Add(new KeyWaits(blocked, removal, server.Clock));
        server.Get<ChangeFeed>().Subscribe(waits);
        AddFacts(server, blocked, waits, pause);
        AddCron(server, blocked, pause, removal);
    }

    private static void AddFacts(ServerBuilder server, BlockedSessions blocked, KeyWaits waits, PauseGate pause)
    {
        InfoSection section = server.Info["Clients"];
        section.Gauge("blocked_clients", () => blocked.Count + pause.WaitingCount);
        section.Gauge("clients_in_timeout_table", () => blocked.TimedCount);
        section.Gauge("total_blocking_keys", () => waits.KeyCount);
        section.Gauge("total_blocking_keys_on_nokey", () => waits.MissingKeyCount);
        section.Text("paused_reason", () => ReasonOf(pause));
        section.Text("paused_actions", () => !pause.IsPaused ? "none" : pause.IsForAll ? "all" : "write");
        section.Gauge(
            "paused_timeout_milliseconds",
            () => pause.IsPaused ? Math.Max(pause.EndMs - (server.Clock.WaitingUs / 1000), 0) : 0,
            FactUnit.Milliseconds);
    }

    private static string ReasonOf(PauseGate pause) => !pause.IsPaused ? "none" : pause.Purpose switch
    {
        PausePurpose.Shutdown => "shutdown_in_progress",
        PausePurpose.Failover => "failover_in_progress",
        _ => "client_pause",
    };

    private static void AddCron(ServerBuilder server, BlockedSessions blocked, PauseGate pause, LazyRemoval removal)
    {
        server.AddCron(new CronTask(CronStage.Waits, _ => RunTimeouts(server.Clock.WaitingUs / 1000, blocked, pause))
        {
            IgnoresSwitch = true,
            IgnoresLoading = true,
        });
        server.AddCron(new CronTask(CronStage.Changes, nowUs => RunSaving(nowUs, pause)) { IgnoresSwitch = true, IgnoresLoading = true });
        server.AddCron(CronTask.Freeing(server.Clock, RemovalSliceUs, () => removal.IsIdle, removal.Run));
    }

    /// <summary>Ends what is over.</summary>
    private static long RunTimeouts(long nowMs, BlockedSessions blocked, PauseGate pause)
    {
        long nextMs = Math.Min(blocked.RunTimeouts(nowMs), pause.RunTimeout(nowMs));
        return nextMs == long.MaxValue ? CronTask.Never : nextMs - nowMs;
    }

    private static long RunSaving(long nowUs, PauseGate pause)
    {
        pause.RunSaving(nowUs);
        return CronTask.Never;
    }
}
