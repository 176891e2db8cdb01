using Bixbite.Commands.HyperLogLogs.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Sketches;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.HyperLogLogs;

/// <summary>Looking into a HyperLogLog: PFDEBUG, and checking the implementation: PFSELFTEST.</summary>
public sealed class PfDebug(ValueSettings settings)
{
    [Command(
        "pfdebug", Group = "hyperloglog", Since = "2.8.9", Arity = 3,
        Flags = "write denyoom admin syscmd", Keys = "rw access; 2",
        Complexity = "O(N) with N the number of registers",
        Summary = "Looks into a HyperLogLog, for tests.",
        Syntax = "subcommand key")]
    public void Run(CommandContext context)
    {
        ReadOnlySpan<byte> key = context[2];
        KeyRef at = context.KeyToWrite(2);
        if (!at.Exists)
        {
            context.Reply.Error(ErrorText.HyperLogLogMissing);
            return;
        }
        if (!Sketch.IsMissingOrSketch(context, at))
        {
            return;
        }
        bool isDense = HyperLogLog.IsDense(at.Record.Text(default));
        ReadOnlySpan<byte> subcommand = context[1];
        if (Ascii.EqualsIgnoreCase(subcommand, "getreg"u8))
        {
            AnswerRegisters(context, ref at, key, isDense);
        }
        else if (Ascii.EqualsIgnoreCase(subcommand, "decode"u8))
        {
            AnswerOpcodes(context, at, isDense);
        }
        else if (Ascii.EqualsIgnoreCase(subcommand, "encoding"u8))
        {
            context.Reply.Simple(isDense ? "dense"u8 : "sparse"u8);
        }
        else if (Ascii.EqualsIgnoreCase(subcommand, "todense"u8))
        {
            if (isDense || TryMakeDense(context, ref at, key))
            {
                context.Reply.Integer(isDense ? 0 : 1);
            }
        }
        else
        {
            ErrorText.UnknownPfDebug(context.Reply, subcommand);
        }
    }

    [Command(
        "pfselftest", Group = "hyperloglog", Since = "2.8.9", Arity = 1,
        Flags = "admin syscmd",
        Complexity = "O(1), but long",
        Summary = "Checks the HyperLogLog implementation.")]
    public void PfSelfTest(CommandContext context)
    {
        string? problem = HyperLogLogSelfTest.Run(new Random(), (int)settings.HyperLogLogSparseMax.Value);
        if (problem is null)
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(System.Text.Encoding.ASCII.GetBytes(problem));
        }
    }

    private static void AnswerRegisters(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key, bool isDense)
    {
        if (!isDense && !TryMakeDense(context, ref at, key))
        {
            return;
        }
        ReadOnlySpan<byte> value = at.Record.Text(default);
        context.Reply.Array(HyperLogLog.RegisterCount);
        for (int i = 0; i < HyperLogLog.RegisterCount; i++)
        {
            context.Reply.Integer(HyperLogLog.GetRegister(value, i));
        }
    }

    private static void AnswerOpcodes(CommandContext context, in KeyRef at, bool isDense)
    {
        if (isDense)
        {
            context.Reply.Error(ErrorText.HyperLogLogNotSparse);
            return;
        }
        context.Reply.Bulk(System.Text.Encoding.ASCII.GetBytes(HyperLogLog.Describe(at.Record.Text(default))));
    }

    private static bool TryMakeDense(CommandContext context, ref KeyRef at, ReadOnlySpan<byte> key)
    {
        ScratchHolder holder = Sketch.CopyOf(at);
        bool isSound = HyperLogLog.TryMakeDense(ref holder);
        if (isSound)
        {
            Sketch.Store(context, ref at, key, holder.Bytes);
            // No event, as in Redis, but the bytes are others.
            context.Changed(key, KeyEventClass.None, default);
        }
        else
        {
            context.Reply.Error(ErrorText.CorruptedHyperLogLog);
        }
        holder.Dispose();
        return isSound;
    }
}
