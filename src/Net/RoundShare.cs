using Bixbite.Memory;

namespace Bixbite.Net;

/// <summary>
/// A connection's part in the round under way: the bytes shown to the handler, and the latest range of its output that is not queued. That
/// range lies in the loop's output or among its messages.
/// </summary>
internal struct RoundShare
{
    internal ulong Address;
    internal int Length;
    internal int Consumed;
    internal int OutputStart;
    internal int OutputEnd;

    /// <summary>How much of the range was delivered as excused.</summary>
    internal int ExcusedSize;

    internal NativeBuffer? Source;

    internal readonly int Rest => Length - Consumed;

    internal readonly int OutputSize => OutputEnd - OutputStart;

    internal readonly ReadOnlySpan<byte> Output => Source!.Written(OutputStart)[..OutputSize];

    /// <summary>Forgets the range: it has been queued, or nobody gets it.</summary>
    internal void DropOutput() => OutputStart = OutputEnd = ExcusedSize = 0;
}
