namespace Bixbite.Cluster.Control.Leases;

/// <summary>
/// The lease of this node's shard, by this node's clock, which must go on while the machine sleeps. One thread takes and gives back; any
/// thread asks.
/// </summary>
public sealed class PrimaryLease(LeaseTimes times)
{
    private Held? _held;

    /// <summary>A grant came for the report that was sent at that time.</summary>
    public void Take(long epoch, long sentUs)
    {
        long untilUs = sentUs + times.LengthUs;
        Held? held = _held;
        if (held is null || (epoch >= held.Epoch && untilUs > held.UntilUs))
        {
            Volatile.Write(ref _held, new Held(epoch, untilUs));
        }
    }

    /// <summary>This node serves no longer at that epoch, nor at one before it.</summary>
    public void GiveBack(long epoch)
    {
        if (_held is null || _held.Epoch <= epoch)
        {
            // Later than all grants of that epoch, which may still be under way.
            Volatile.Write(ref _held, new Held(epoch + 1, long.MinValue));
        }
    }

    /// <summary>
    /// Whether nobody else leads the shard at this moment, of which this node is the primary at that epoch. It is asked when a request is
    /// executed, and again when an acknowledgement of a replica is counted: a write that is acknowledged by then was so before any replica
    /// was asked to follow another. A lease of an earlier epoch holds on: it says how long nobody else leads, whatever changes meanwhile.
    /// </summary>
    public bool IsValid(long epoch, long nowUs) => Volatile.Read(ref _held) is { } held && held.Epoch <= epoch && nowUs < held.UntilUs;

    private sealed record Held(long Epoch, long UntilUs);
}
