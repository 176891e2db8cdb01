using Bixbite.Types.Saving;

namespace Bixbite.Types.Lists;

/// <summary>Takes a list in pieces.</summary>
public interface IListSink : IValueSink
{
    /// <summary>The next listpack.</summary>
    public void Node(ReadOnlySpan<byte> pack);

    /// <summary>The next listpack, which is long: its bytes in this range are to come; false if it was taken as a whole.</summary>
    public bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text);
}
