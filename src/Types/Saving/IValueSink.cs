using Bixbite.Types.Streams;

namespace Bixbite.Types.Saving;

/// <summary>
/// Takes a value as it was when a snapshot began, piece by piece. What is passed is valid only during the call. A long element comes as a
/// beginning, texts and an end; other elements may come in between.
/// </summary>
public interface IValueSink
{
    /// <summary>The next bytes of a string, or of a long element.</summary>
    public void Text(ReadOnlySpan<byte> piece);

    /// <summary>The next listpack of a list.</summary>
    public void Node(ReadOnlySpan<byte> pack);

    /// <summary>The next node of a stream.</summary>
    public void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack);

    /// <summary>All nodes of a stream have come; who takes its groups.</summary>
    public IGroupSink EndStreamNodes();

    /// <summary>A member of a set.</summary>
    public void Member(ReadOnlySpan<byte> member);

    /// <summary>An element of a sorted set, in no order.</summary>
    public void Scored(ReadOnlySpan<byte> member, double score);

    /// <summary>A field of a hash.</summary>
    public void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs);

    /// <summary>
    /// The next listpack of a list, which is long: its bytes in this range are to come; false if it was taken as a whole.
    /// </summary>
    public bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text);

    /// <summary>As <see cref="TryBeginNode"/>, for a node of a stream.</summary>
    public bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text);

    /// <summary>A member of a set, of so many bytes.</summary>
    public void BeginMember(int length);

    /// <summary>An element of a sorted set whose member has so many bytes.</summary>
    public void BeginScored(int length, double score);

    /// <summary>A field of a hash whose value has so many bytes.</summary>
    public void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs);

    /// <summary>All bytes of the long element have come.</summary>
    public void EndElement();
}
