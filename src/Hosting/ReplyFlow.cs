using Bixbite.Memory;
using Bixbite.Net;
using Bixbite.Protocol;

namespace Bixbite.Hosting;

/// <summary>Brings what a client's replies have grown to into its connection's queue, which its output limit watches.</summary>
internal sealed class ReplyFlow(PinnedBlocks pinned) : IReplySink
{
    /// <summary>Whose replies are written.</summary>
    public Connection Connection { get; set; } = null!;

    public bool Take(ReadOnlySpan<byte> bytes) => Connection.WriteReply(bytes);

    public bool TakeStored(ulong block, ReadOnlySpan<byte> bytes)
    {
        pinned.Pin(block);
        return Connection.WritePinnedReply(block, bytes);
    }

    public ulong TakePlace() => Connection.WriteReplyPlace();

    public void Fill(ulong place, ReadOnlySpan<byte> bytes) => Connection.FillReplyPlace(place, bytes);
}
