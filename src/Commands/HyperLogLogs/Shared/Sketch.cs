using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Sketches;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Commands.HyperLogLogs.Shared;

/// <summary>
/// Reaches the HyperLogLog stored at a key: dense ones are edited where they are, sparse ones in a copy that is written back.
/// </summary>
internal static class Sketch
{
    /// <summary>True for a missing key and for a HyperLogLog; otherwise answers the error.</summary>
    public static bool IsMissingOrSketch(CommandContext context, in KeyRef at)
    {
        if (context.IsWrongType(at, KeyType.String))
        {
            return false;
        }
        if (at.Exists && !(at.Record.StringEncoding != StringEncoding.Integer && HyperLogLog.IsValid(at.Record.Text(default))))
        {
            context.Reply.Error(ErrorText.NotAHyperLogLog);
            return false;
        }
        return true;
    }

    /// <summary>The stored bytes of a dense sketch, for editing in place.</summary>
    public static Span<byte> EditDense(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key) =>
        context.Database.EditText(ref at, key, 0);

    /// <summary>A copy of a sparse sketch, or of an empty one for a missing key.</summary>
    public static ScratchHolder CopyOf(in KeyRef at)
    {
        if (at.Exists)
        {
            return new ScratchHolder(at.Record.Text(default));
        }
        var holder = new ScratchHolder(default);
        holder.Resize(HyperLogLog.EmptySize);
        HyperLogLog.WriteEmpty(holder.Bytes);
        return holder;
    }

    /// <summary>Writes a copy back.</summary>
    public static void Store(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes) =>
        context.Database.Put(ref at, key, StringForm.OfRaw(bytes), Deadline.Keep);
}
