using Bixbite.Engine.Durability;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Durable on this server's disk: what everybody's output waits for with <c>appendfsync always</c>. Its positions are those of the log, and
/// its owner is the log. While the log cannot be written or synced, what waits goes on waiting; when the log is switched off, it goes.
/// </summary>
internal sealed class AofLine(AofWriter log) : DurabilityLine(concernsAll: true)
{
    public override long End => log.AppendedEnd;

    public override long EndTurn() => log.EndRound();

    /// <summary>The log was opened or closed, or is synced in another way from now on.</summary>
    public void Update() => Use(log.IsAlways);
}
