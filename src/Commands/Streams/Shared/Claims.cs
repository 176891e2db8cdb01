using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>Shared by XCLAIM and XAUTOCLAIM.</summary>
internal static class Claims
{
    private const int MinIdleIndex = 4;

    /// <summary>Reads for how long entries must have been pending; on failure answers the error.</summary>
    public static bool TryReadMinIdle(CommandContext context, ReadOnlySpan<byte> command, out long minIdleMs)
    {
        if (!Integers.TryParse(context[MinIdleIndex], out minIdleMs))
        {
            StreamErrorText.InvalidMinIdle(context.Reply, command);
            return false;
        }
        return true;
    }

    /// <summary>The reader's current entry, or its id alone.</summary>
    public static void Answer(ReplyWriter reply, ref StreamEntryReader reader, bool isJustId)
    {
        if (isJustId)
        {
            EntryReply.Id(reply, reader.Id);
        }
        else
        {
            EntryReply.Entry(reply, ref reader);
        }
    }

    /// <summary>An entry that is no longer in the stream is not pending either; false if it was not.</summary>
    public static bool TryForget(CommandContext context, StreamGroup group, StreamId id, ReadOnlySpan<byte> idText)
    {
        if (!group.TryFindPending(id, out PendingEntry entry))
        {
            return false;
        }
        StreamEffects.WriteClaim(context, context[1], group, entry, idText);
        group.Acknowledge(id);
        return true;
    }
}
