using Bixbite.Engine.Execution;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>What is propagated in place of stream commands that depend on the time, on other clients or on how entries are packed.</summary>
internal static class StreamEffects
{
    /// <summary>XADD or XTRIM again, with the id that was chosen, if its position is not 0, and exactly the trimming that was done.</summary>
    public static void WriteExactly(CommandContext context, StreamValue stream, in TrimOptions trim, int idIndex, StreamId id)
    {
    }

    /// <summary>A consumer came into being and claims nothing.</summary>
    public static void WriteConsumer(
        CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, ReadOnlySpan<byte> consumer)
    {
    }

    /// <summary>How far the group has come.</summary>
    public static void WritePosition(CommandContext context, ReadOnlySpan<byte> key, StreamGroup group)
    {
    }

    /// <summary>An entry is pending, or was until now.</summary>
    public static void WriteClaim(CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, PendingEntry entry)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        WriteClaim(context, key, group, entry, text[..entry.Id.Format(text)]);
    }

    /// <summary>The same with the id as the client wrote it.</summary>
    public static void WriteClaim(
        CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, PendingEntry entry, ReadOnlySpan<byte> idText)
    {
    }

    /// <summary>Changes were made that have no event of their own.</summary>
    public static void CountDirty(CommandContext context, long count)
    {
    }

    /// <summary>The command is repeated by its effects alone.</summary>
    public static void End(CommandContext context)
    {
    }
}
