using Bixbite.Types.Saving;

namespace Bixbite.Types.Streams;

/// <summary>Takes a stream in pieces: its nodes, then its groups.</summary>
public interface IStreamSink : IValueSink
{
    /// <summary>The next node.</summary>
    public void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack);

    /// <summary>The next node, which is long: its bytes in this range are to come; false if it was taken as a whole.</summary>
    public bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text);

    /// <summary>All nodes have come; who takes the groups.</summary>
    public IGroupSink EndStreamNodes();
}
