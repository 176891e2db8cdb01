using Bixbite.Types.Saving;

namespace Bixbite.Types.SortedSets;

/// <summary>Takes a sorted set in pieces, in no order.</summary>
public interface ISortedSetSink : IValueSink
{
    public void Scored(ReadOnlySpan<byte> member, double score);

    /// <summary>An element whose member has so many bytes, which come as texts.</summary>
    public void BeginScored(int length, double score);
}
