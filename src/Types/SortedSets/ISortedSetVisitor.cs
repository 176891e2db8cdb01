namespace Bixbite.Types.SortedSets;

/// <summary>Receives elements of a sorted set; must not change it meanwhile, nor keep the member's bytes.</summary>
public interface ISortedSetVisitor
{
    void Visit(scoped ReadOnlySpan<byte> member, double score);
}
