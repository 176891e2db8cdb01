using Bixbite.Commands.HyperLogLogs.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Sketches;
using Bixbite.Types;

namespace Bixbite.Commands.HyperLogLogs;

/// <summary>Counting different elements approximately: PFADD, PFCOUNT, PFMERGE.</summary>
public sealed class PfAdd(ValueSettings settings)
{
    private int SparseSizeMax => (int)Math.Min(settings.HyperLogLogSparseMax.Value, HyperLogLog.DenseSize);

    [Command(
        "pfadd", Group = "hyperloglog", Since = "2.8.9", Arity = -2,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        Complexity = "O(1) for each element",
        Summary = "Adds elements to a HyperLogLog; a missing key is created.",
        Syntax = "key [element ...]")]
    public void Run(CommandContext context)
    {
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.KeyToWrite(1);
        if (!Sketch.IsMissingOrSketch(context, at))
        {
            return;
        }
        bool isNew = !at.Exists;
        int changeCount;
        SketchChange change;
        if (!isNew && HyperLogLog.IsDense(at.Record.Text(default)))
        {
            var holder = new FixedBytes(Sketch.EditDense(context, ref at, key));
            change = AddAll(context, ref holder, out changeCount);
        }
        else
        {
            ScratchHolder holder = Sketch.CopyOf(at);
            change = AddAll(context, ref holder, out changeCount);
            if (change == SketchChange.Changed || isNew)
            {
                HyperLogLog.InvalidateCached(holder.Bytes);
                Sketch.Store(context, ref at, key, holder.Bytes);
            }
            holder.Dispose();
        }
        if (change == SketchChange.Corrupt)
        {
            context.Reply.Error(ErrorText.CorruptedHyperLogLog);
            return;
        }
        bool isChanged = isNew || change == SketchChange.Changed;
        if (isChanged)
        {
            context.Changed(key, KeyEventClass.String, "pfadd"u8, changeCount + (isNew ? 1 : 0));
        }
        context.Reply.Integer(isChanged ? 1 : 0);
    }

    [Command(
        "pfcount", Group = "hyperloglog", Since = "2.8.9", Arity = -2,
        Flags = "readonly may_replicate",
        Keys = "rw access; 1..-1 -- RW because it may change the internal representation of the key, and propagate to replicas",
        Complexity = "O(N) with N the number of keys",
        Summary = "Estimates how many different elements HyperLogLogs have seen.",
        Syntax = "key ...")]
    public void PfCount(CommandContext context)
    {
        if (context.Count > 2)
        {
            CountUnion(context);
            return;
        }
        KeyRef at = context.KeyToRead(1);
        if (!Sketch.IsMissingOrSketch(context, at))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        ReadOnlySpan<byte> value = at.Record.Text(default);
        if (!HyperLogLog.TryGetCached(value, out ulong cardinality))
        {
            if (!HyperLogLog.TryCount(value, out cardinality))
            {
                context.Reply.Error(ErrorText.CorruptedHyperLogLog);
                return;
            }
            HyperLogLog.SetCached(context.Database.EditText(ref at, context[1], 0), cardinality);
            // No event, as in Redis, but the bytes are others.
            context.Changed(context[1], KeyEventClass.None, default);
        }
        context.Reply.Integer((long)cardinality);
    }

    [Command(
        "pfmerge", Group = "hyperloglog", Since = "2.8.9", Arity = -2,
        Flags = "write denyoom", Keys = "rw access insert; 1 | ro access; 2..-1",
        Complexity = "O(N) with N the number of keys",
        Summary = "Merges HyperLogLogs into one.",
        Syntax = "destkey:key [sourcekey:key ...]")]
    public void PfMerge(CommandContext context)
    {
        Span<byte> registers = stackalloc byte[HyperLogLog.RegisterCount];
        registers.Clear();
        if (!TryMergeAll(context, registers, out bool isAnyDense))
        {
            return;
        }
        ReadOnlySpan<byte> key = context[1];
        KeyRef at = context.KeyToWrite(1);
        ScratchHolder holder = Sketch.CopyOf(at);
        bool isSound = !isAnyDense || HyperLogLog.TryMakeDense(ref holder);
        if (!isSound || HyperLogLog.RaiseAll(ref holder, registers, SparseSizeMax) == SketchChange.Corrupt)
        {
            holder.Dispose();
            context.Reply.Error(ErrorText.CorruptedHyperLogLog);
            return;
        }
        Sketch.Store(context, ref at, key, holder.Bytes);
        holder.Dispose();
        context.Changed(key, KeyEventClass.String, "pfadd"u8);
        context.Reply.Ok();
    }

    private static void CountUnion(CommandContext context)
    {
        Span<byte> registers = stackalloc byte[HyperLogLog.RegisterCount];
        registers.Clear();
        if (TryMergeAll(context, registers, out _))
        {
            context.Reply.Integer((long)HyperLogLog.Count(registers));
        }
    }

    /// <summary>Merges all keys of the command; missing ones count as empty. Answers the error where one is no sketch, or broken.</summary>
    private static bool TryMergeAll(CommandContext context, Span<byte> registers, out bool isAnyDense)
    {
        isAnyDense = false;
        for (int i = 1; i < context.Count; i++)
        {
            KeyRef at = context.KeyToRead(i);
            if (!Sketch.IsMissingOrSketch(context, at))
            {
                return false;
            }
            if (!at.Exists)
            {
                continue;
            }
            ReadOnlySpan<byte> value = at.Record.Text(default);
            isAnyDense |= HyperLogLog.IsDense(value);
            if (!HyperLogLog.TryMerge(value, registers))
            {
                context.Reply.Error(ErrorText.CorruptedHyperLogLog);
                return false;
            }
        }
        return true;
    }

    private SketchChange AddAll<THolder>(CommandContext context, ref THolder holder, out int changeCount)
        where THolder : IByteHolder, allows ref struct
    {
        changeCount = 0;
        for (int i = 2; i < context.Count; i++)
        {
            SketchChange change = HyperLogLog.Add(ref holder, context[i], SparseSizeMax);
            if (change == SketchChange.Corrupt)
            {
                return change;
            }
            if (change == SketchChange.Changed)
            {
                changeCount++;
            }
        }
        return changeCount > 0 ? SketchChange.Changed : SketchChange.None;
    }
}
