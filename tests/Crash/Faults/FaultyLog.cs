using Bixbite.Configuration;
using Bixbite.Crash.Disk;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>An append only log on a disk that does as a test wants.</summary>
internal sealed class FaultyLog : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Heap _heap = new();
    private readonly ServerLog _serverLog;

    public FaultyLog(AofBounds bounds)
    {
        _serverLog = new ServerLog(Clock, _folder.File("log"));
        Writer = new AofWriter(_heap, Settings, State, new SavingTools(Disk, Clock, _serverLog, new UnlimitedMemory())) { Bounds = bounds };
    }

    public SimulatedDisk Disk { get; } = new();

    public ManualClock Clock { get; } = new();

    public AofSettings Settings { get; } = new(new Settings());

    public DataState State { get; } = new(new RaisedConcerns());

    public AofWriter Writer { get; }

    public void Dispose()
    {
        Disk.Faults.Heal();
        Writer.Dispose();
        _heap.Dispose();
        _serverLog.Dispose();
        _folder.Dispose();
    }
}
