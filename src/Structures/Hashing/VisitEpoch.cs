using System.Runtime.CompilerServices;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// One walk that visits every segment once, of several under way at a time, each in a lane of its own. Numbers rise from walk to walk, in
/// all lanes together.
/// </summary>
/// <param name="Lane">From 0 to below <see cref="LaneCount"/>.</param>
/// <param name="Number">The walk's number, greater than that of every walk before.</param>
public readonly record struct VisitEpoch(int Lane, uint Number)
{
    public const int LaneCount = PinnedBlocks.LaneCount;
}

/// <summary>
/// The last visits of a segment, which has been visited in an epoch if the number in its lane is not less:
/// <code>
///   | lane 0: number | lane 1: number | lane 2: number | lane 3: number |     4 bytes each
/// </code>
/// </summary>
[InlineArray(VisitEpoch.LaneCount)]
internal struct VisitedEpochs
{
    private uint _first;

    internal readonly bool Has(VisitEpoch epoch) => this[epoch.Lane] >= epoch.Number;

    internal void Note(VisitEpoch epoch) => this[epoch.Lane] = epoch.Number;

    internal readonly bool IsSameAs(in VisitedEpochs other) => ((ReadOnlySpan<uint>)this).SequenceEqual(other);
}
