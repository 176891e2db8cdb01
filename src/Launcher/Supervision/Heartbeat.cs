using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Persistence.Saving;

namespace Bixbite.Launcher.Supervision;

/// <summary>
/// Shows to other threads that a server's first loop lives: its cron ticks ten times a second, also while the data is loaded or a command
/// takes long. While a snapshot is saved for which everybody waits it counts as alive.
/// </summary>
internal sealed class Heartbeat : Module
{
    private Saver? _saver;
    private long _count;
    private long _seenCount = -1;

    public override void Add(ServerBuilder server) =>
        server.AddCron(new CronTask(CronStage.Sampling, _ => Beat()) { IgnoresSwitch = true, IgnoresLoading = true });

    public override void Connect(ServerBuilder server) => _saver = server.Get<Saver>();

    /// <summary>It has beaten since it was asked last. By one thread.</summary>
    public bool HasBeaten()
    {
        long count = Interlocked.Read(ref _count);
        bool hasBeaten = count != _seenCount || _saver is { HoldsAll: true };
        _seenCount = count;
        return hasBeaten;
    }

    private long Beat()
    {
        Interlocked.Increment(ref _count);
        return CronTask.Never;
    }
}
