using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Types.Saving;
using Bixbite.Unit.Engine.Commands;
using Bixbite.Types;
using Xunit;

namespace Bixbite.Unit.Engine.Blocking;

/// <summary>Who writes goes on now and then where a snapshot's memory is tight, and not at all where it is full.</summary>
public sealed class PauseGateTests : IDisposable
{
    /// <summary>Longer than anybody is slowed down.</summary>
    private const long LongUs = 4000;

    private readonly EngineFixture _engine = new();
    private readonly RequestBatch _batch;
    private readonly SnapshotMemory _memory;
    private readonly PauseGate _gate;
    private readonly Session _session;
    private long _nowUs = 1_000_000;

    public PauseGateTests()
    {
        _batch = new RequestBatch(_engine.Workspace);
        _batch.Add(PinnedRequest.Of("set k v"));
        _memory = _engine.Get<ValueContext>().Saving.Take();
        _memory.Begin();
        _gate = _engine.Pause;
        _session = _engine.Connect().Session;
    }

    public void Dispose()
    {
        _memory.Aside.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public void NobodyIsAskedWithoutASnapshotOrAPause()
    {
        Assert.True(_engine.Raised.Has(Concern.Pause));
        _memory.End(isWhole: true);
        Assert.False(_engine.Raised.Has(Concern.Pause));
        _gate.Pause(endMs: 5000, forAll: true);
        Assert.True(Holds(CommandFlags.None));
        Assert.Equal(5000, _gate.RunTimeout(4999));
        Assert.Equal(long.MaxValue, _gate.RunTimeout(5000));

        // Until it has come back.
        Assert.True(_engine.Raised.Has(Concern.Pause));
        Assert.False(Holds(CommandFlags.None));
        Assert.False(_engine.Raised.Has(Concern.Pause));
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
            Assert.False(Holds(CommandFlags.None));
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
        _memory.End(isWhole: true);
        Tick(1);
        Assert.False(_session.Has(SessionFlags.Postponed));
        Assert.False(_gate.IsOn);
    }

    /// <summary>Whether a command that writes has to wait.</summary>
    private bool Writes() => Holds(CommandFlags.Write);

    private bool Holds(CommandFlags flags)
    {
        _engine.Context.Begin(_session, _batch, 0);
        return _gate.Ask(_engine.Context, flags) == Verdict.Postponed;
    }

    private void Tick(long us) => _gate.RunSaving(_nowUs += us);
}
