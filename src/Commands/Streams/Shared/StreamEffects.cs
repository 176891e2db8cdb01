using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams.Shared;

/// <summary>
/// Requests propagated in place of stream commands that depend on the time, on other clients or on how entries are packed.
/// <code>
///   XADD s MAXLEN ~ 1000 * f v         ->  XADD s MAXLEN = 1042 1764000000000-0 f v
///   XREADGROUP GROUP g c STREAMS s >   ->  XGROUP CREATECONSUMER s g c                                                  if it is new
///                                          XCLAIM s g c 0 5-0 TIME 1764000000000 RETRYCOUNT 1 FORCE JUSTID LASTID 5-0   for each entry
///                                          XGROUP SETID s g 5-0 ENTRIESREAD 5
///   XCLAIM, XAUTOCLAIM                 ->  XCLAIM as above, for each entry
///   XACKDEL, XDELEX                    ->  XACK s g 5-0, XDEL s 5-0 for what was acknowledged, and what was deleted
///   XADD, XTRIM with DELREF, ACKED     ->  the same without the word, and XACK, XDEL as above for what no trimming does
/// </code>
/// </summary>
internal static class StreamEffects
{
    /// <summary>
    /// XADD or XTRIM again: with the id that was chosen, if its position is not 0, and with the trimming that was done, without the word
    /// for what becomes of references.
    /// </summary>
    public static void WriteExactly(CommandContext context, StreamValue stream, in TrimOptions trim, int idIndex, StreamId id)
    {
        Effects effects = context.Effects;
        if (!effects.IsWanted)
        {
            return;
        }
        int thresholdIndex = trim.IsApproximate ? trim.ThresholdIndex : 0;
        // Where acknowledged entries went from between others, the first id does not tell how many, and the length does.
        bool isByLength = trim.Kind == TrimKind.MaxLength || trim.Policy == ReferencePolicy.Acknowledged;
        effects.Begin(context.Count - (trim.PolicyIndex == 0 ? 0 : 1));
        for (int i = 0; i < context.Count; i++)
        {
            if (i == trim.PolicyIndex && i != 0)
            {
                continue;
            }
            if (i == 0 || (i != idIndex && (thresholdIndex == 0 || i < thresholdIndex - 2 || i > thresholdIndex)))
            {
                effects.Add(context.Arguments[i]);
            }
            else if (i == idIndex)
            {
                AddId(effects, id);
            }
            else if (i == thresholdIndex - 2)
            {
                effects.Add(isByLength ? "MAXLEN"u8 : "MINID"u8);
            }
            else if (i == thresholdIndex - 1)
            {
                effects.Add("="u8);
            }
            else if (isByLength)
            {
                effects.Add(stream.Count);
            }
            else
            {
                AddId(effects, stream.Count == 0 ? StreamId.Max : stream.FirstId);
            }
        }
    }

    /// <summary>XADD with this id, and the fields and values from an argument on.</summary>
    public static void WriteAdded(CommandContext context, StreamId id, int fieldIndex)
    {
        Effects effects = context.Effects;
        effects.Begin(3 + context.Count - fieldIndex);
        effects.Add("XADD"u8);
        effects.Add(context[1]);
        AddId(effects, id);
        for (int i = fieldIndex; i < context.Count; i++)
        {
            effects.Add(context.Arguments[i]);
        }
    }

    /// <summary>An entry is gone.</summary>
    public static void WriteDeleted(CommandContext context, StreamId id)
    {
        Effects effects = context.Effects;
        effects.Begin(3);
        effects.Add("XDEL"u8);
        effects.Add(context[1]);
        AddId(effects, id);
    }

    /// <summary>Entries are gone.</summary>
    public static void WriteDeleted(CommandContext context, List<StreamId> ids)
    {
        foreach (StreamId id in ids)
        {
            WriteDeleted(context, id);
        }
    }

    /// <summary>An entry is not pending in the group any more.</summary>
    public static void WriteAcknowledged(CommandContext context, StreamGroup group, StreamId id)
    {
        Effects effects = context.Effects;
        effects.Begin(4);
        effects.Add("XACK"u8);
        effects.Add(context[1]);
        effects.Add(group.Name);
        AddId(effects, id);
    }

    /// <summary>A consumer came into being.</summary>
    public static void WriteConsumer(
        CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, ReadOnlySpan<byte> consumer)
    {
        Effects effects = context.Effects;
        effects.Begin(5);
        effects.Add("XGROUP"u8);
        effects.Add("CREATECONSUMER"u8);
        effects.Add(key);
        effects.Add(group.Name);
        effects.Add(consumer);
    }

    /// <summary>How far the group has come.</summary>
    public static void WritePosition(CommandContext context, ReadOnlySpan<byte> key, StreamGroup group)
    {
        Effects effects = context.Effects;
        effects.Begin(7);
        effects.Add("XGROUP"u8);
        effects.Add("SETID"u8);
        effects.Add(key);
        effects.Add(group.Name);
        AddId(effects, group.LastDeliveredId);
        effects.Add("ENTRIESREAD"u8);
        effects.Add(group.EntriesRead);
    }

    /// <summary>An entry is pending, or was until now.</summary>
    public static void WriteClaim(CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, PendingEntry entry)
    {
        if (context.Effects.IsWanted)
        {
            Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
            WriteClaim(context, key, group, entry, text[..entry.Id.Format(text)]);
        }
    }

    /// <summary>The same with the id as the client wrote it.</summary>
    public static void WriteClaim(
        CommandContext context, ReadOnlySpan<byte> key, StreamGroup group, PendingEntry entry, ReadOnlySpan<byte> idText)
    {
        Effects effects = context.Effects;
        if (!effects.IsWanted)
        {
            return;
        }
        effects.Begin(14);
        effects.Add("XCLAIM"u8);
        effects.Add(key);
        effects.Add(group.Name);
        effects.Add(entry.Consumer.Name);
        effects.Add("0"u8);
        effects.Add(idText);
        effects.Add("TIME"u8);
        effects.Add(entry.DeliveryMs);
        effects.Add("RETRYCOUNT"u8);
        effects.Add(entry.DeliveryCount);
        effects.Add("FORCE"u8);
        effects.Add("JUSTID"u8);
        effects.Add("LASTID"u8);
        AddId(effects, group.LastDeliveredId);
    }

    private static void AddId(Effects effects, StreamId id)
    {
        Span<byte> text = stackalloc byte[StreamId.TextSizeMax];
        effects.Add(text[..id.Format(text)]);
    }
}
