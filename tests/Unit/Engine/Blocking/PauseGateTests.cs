using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Types.Saving;
using Bixbite.Unit.Engine.Sessions;
using Bixbite.Unit.Keyspace;
using Xunit;

namespace Bixbite.Unit.Engine.Blocking;

/// <summary>Who writes goes on now and then where a snapshot's memory is tight, and not at all where it is full.</summary>
public sealed class PauseGateTests : IDisposable
{
    /// <summary>Longer than anybody is slowed down.</summary>
    private const long LongUs = 4000;

    private readonly Heap _heap = new(isFenced: false);
    private readonly KeyspaceFixture _keyspace = new();
    private readonly SnapshotMemory _memory;
    private readonly PauseGate _gate;
    private readonly Session _session;
    private long _nowUs = 1_000_000;

    public PauseGateTests()
    {
        _memory = new SnapshotMemory(_heap, new PinnedBlocks(_heap));
        _memory.Begin();
        _gate = new PauseGate(_memory);
        _session = new Session(1, new FakeLink(), _keyspace.Databases[0], nowMs: 0);
    }

    public void Dispose()
    {
        _memory.Aside.Dispose();
        _heap.Dispose();
        _keyspace.Dispose();
    }

    [Fact]
    public void NobodyWaitsWhereThereIsRoom()
    {
        _memory.Aside.Allocate(SnapshotMemory.TightSize - 100_000);
        Tick(LongUs);
        Assert.False(Writes());
        Assert.False(_gate.IsOn);
    }

    [Fact]
    public void WritersGoOnNowAndThenWhereItIsTight()
    {
        _memory.Aside.Allocate(SnapshotMemory.TightSize);
        for (int i = 0; i < 10; i++)
        {
            Tick(1);
            Assert.True(Writes());
            Assert.False(_gate.Holds(_session, CommandFlags.None));
            Tick(1);
            Assert.True(_session.Has(SessionFlags.Postponed));
            Tick(LongUs);
            Assert.False(_session.Has(SessionFlags.Postponed));
            Assert.Equal(0, _gate.WaitingCount);
            // It has to come back before anybody is held again, unless it stays away.
            Tick(1);
            Assert.False(Writes());
            Assert.False(Writes());
        }
        _gate.Forget(_session);
        Tick(1);
        Assert.True(_gate.IsOn);
    }

    [Fact]
    public void WhoeverDoesNotComeBackDoesNotKeepItOpen()
    {
        _memory.Aside.Allocate(SnapshotMemory.TightSize);
        Tick(1);
        Assert.True(Writes());
        Tick(LongUs);
        Tick(1);
        Assert.False(_gate.IsOn);
        _gate.Forget(_session);
        Tick(1);
        Assert.True(_gate.IsOn);
        Assert.True(Writes());
        Tick(LongUs);
        Assert.False(_gate.IsOn);
        Tick(1_000_000);
        Assert.True(_gate.IsOn);
        Assert.True(Writes());
    }

    [Fact]
    public void NobodyGoesOnWhereItIsFull()
    {
        ulong block = _memory.Aside.Allocate(SnapshotMemory.FullSize);
        Assert.True(Writes());
        Tick(1_000_000);
        Tick(1_000_000);
        Assert.True(_session.Has(SessionFlags.Postponed));
        _memory.Aside.Free(block);
        Tick(1);
        Assert.False(_session.Has(SessionFlags.Postponed));
        Assert.False(Writes());
    }

    [Fact]
    public void AllGoOnWhenTheSnapshotIsOver()
    {
        _memory.Aside.Allocate(SnapshotMemory.FullSize);
        Assert.True(Writes());
        _memory.End();
        Tick(1);
        Assert.False(_session.Has(SessionFlags.Postponed));
        Assert.False(_gate.IsOn);
    }

    /// <summary>Whether a command that writes has to wait.</summary>
    private bool Writes() => _gate.Holds(_session, CommandFlags.Write);

    private void Tick(long us) => _gate.RunSaving(_nowUs += us);
}
