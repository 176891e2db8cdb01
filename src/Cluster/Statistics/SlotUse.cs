namespace Bixbite.Cluster.Statistics;

/// <summary>The time and the bytes on the network that the requests of a slot took.</summary>
/// <param name="CpuUs">Microseconds in which commands ran.</param>
/// <param name="BytesIn">Bytes of requests.</param>
/// <param name="BytesOut">Bytes of replies, of messages to subscribers of its channels, and to replicas.</param>
public readonly record struct SlotUse(long CpuUs, long BytesIn, long BytesOut)
{
    public static SlotUse operator +(SlotUse one, SlotUse other) =>
        new(one.CpuUs + other.CpuUs, one.BytesIn + other.BytesIn, one.BytesOut + other.BytesOut);
}
