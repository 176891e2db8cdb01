using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// One walk that visits every segment once, of several under way at a time, each in a lane of its own. Numbers rise from walk to walk, in
/// all lanes together; after the greatest comes 1 again, and 0 is the number of no walk. So numbers tell which of two walks was before the
/// other as long as they are not too far apart (<see cref="MayFollow"/>), which whoever gives them sees to.
/// </summary>
/// <param name="Lane">From 0 to below <see cref="LaneCount"/>.</param>
/// <param name="Number">The walk's number, which comes after that of every walk before.</param>
public readonly record struct VisitEpoch(int Lane, uint Number)
{
    public const int LaneCount = PinnedBlocks.LaneCount;

    /// <summary>The number after another one.</summary>
    public static uint NumberAfter(uint number) => number == uint.MaxValue ? 1 : number + 1;

    /// <summary>Whether a walk may have this number where segments may have the other one still from a walk before.</summary>
    public static bool MayFollow(uint number, uint oldest) => oldest == 0 || number - oldest <= int.MaxValue;
}

/// <summary>
/// The last visits of a segment, which has been visited in an epoch if the number in its lane is the same or a later one; 0 means never:
/// <code>
///   | lane 0: number | lane 1: number | lane 2: number | lane 3: number |     4 bytes each
/// </code>
/// </summary>
[InlineArray(VisitEpoch.LaneCount)]
internal struct VisitedEpochs
{
    private uint _first;

    internal readonly bool Has(VisitEpoch epoch) => this[epoch.Lane] is > 0 and var number && (int)(number - epoch.Number) >= 0;

    internal void Note(VisitEpoch epoch) => this[epoch.Lane] = epoch.Number;

    internal readonly bool IsSameAs(in VisitedEpochs other) => ((ReadOnlySpan<uint>)this).SequenceEqual(other);
}
