using System.Runtime.InteropServices;
using Bixbite.Memory;

namespace Bixbite.Types.Streams;

/// <summary>
/// A pending entry: one block, which stands in the tree of its group and in that of its consumer. The group owns it.
/// <code>
///   | id: 16 | time of the last delivery: 8 | count of deliveries: 8 | consumer: 8 |
/// </code>
/// While a stored group is read, the consumer may be none (0).
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
internal struct PendingBlock
{
    internal const int SizeOf = 40;

    internal StreamId Id;
    internal long DeliveryMs;
    internal long DeliveryCount;
    internal ulong Consumer;

    internal static ulong Create(Heap heap, StreamId id, long deliveryMs, long deliveryCount)
    {
        ulong block = heap.Allocate(SizeOf);
        Native.At<PendingBlock>(block) = new PendingBlock { Id = id, DeliveryMs = deliveryMs, DeliveryCount = deliveryCount };
        return block;
    }
}
