using Bixbite.Engine.Durability;
using Bixbite.Engine.Modules;
using Bixbite.Engine.Propagation;

namespace Bixbite.Unit.Engine.Durability;

/// <summary>A line whose positions count the requests that were propagated; tests advance it.</summary>
internal sealed class StepLine(bool concernsAll) : DurabilityLine(concernsAll), IPropagationSink
{
    private long _end;
    private long _promisedEnd;

    public override long End => _end;

    /// <summary>Whether its changes have to wait for it.</summary>
    public bool IsPromising { get; set; } = true;

    /// <summary>Turns that have ended.</summary>
    public int TurnCount { get; private set; }

    public override long EndTurn()
    {
        TurnCount++;
        long end = _promisedEnd > ReachedEnd ? _promisedEnd : 0;
        _promisedEnd = 0;
        return end;
    }

    public void Append(int database, ReadOnlySpan<byte> request, PropagationTargets targets)
    {
        _end++;
        _promisedEnd = IsInUse && IsPromising ? _end : _promisedEnd;
    }

    public void Continue(ReadOnlySpan<byte> bytes)
    {
    }

    /// <summary>Output comes to wait for it, or does not.</summary>
    public void Switch(bool isInUse) => Use(isInUse);
}

/// <summary>Two lines: one for everybody, one for those who ask.</summary>
internal sealed class StepModule : Module
{
    public StepLine Log { get; } = new(concernsAll: true);

    public StepLine Quorum { get; } = new(concernsAll: false);

    public override void Add(ServerBuilder server)
    {
        server.AddLine(Log);
        server.AddLine(Quorum);
    }

    public override void Connect(ServerBuilder server)
    {
        server.Get<Propagator>().Attach(Log);
        server.Get<Propagator>().Attach(Quorum);
    }
}
