using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes.Shared;

/// <summary>Propagates the changes of the fields that a command names.</summary>
internal static class FieldEffects
{
    /// <summary>HDEL with all of the fields: for those that did not exist it does nothing.</summary>
    public static void Delete(CommandContext context, FieldList fields)
    {
        context.Effects.Begin(2 + fields.Count);
        context.Effects.Add("HDEL"u8);
        context.Effects.Add(context[1]);
        AddAll(context, fields);
    }

    /// <summary>HSET with the fields and values from this argument on.</summary>
    public static void Store(CommandContext context, int first)
    {
        context.Effects.Begin(2 + context.Count - first);
        context.Effects.Add("HSET"u8);
        context.Effects.Add(context[1]);
        for (int i = first; i < context.Count; i++)
        {
            context.Effects.Add(context.Arguments[i]);
        }
    }

    /// <summary>HPEXPIREAT with one field.</summary>
    public static void ExpireOne(CommandContext context, ReadOnlySpan<byte> field, long deadlineMs)
    {
        BeginExpire(context, deadlineMs, count: 1);
        context.Effects.Add(field);
    }

    /// <summary>HPEXPIREAT with the fields that stand, each before its value, from this argument on.</summary>
    public static void ExpireStored(CommandContext context, int first, long deadlineMs)
    {
        BeginExpire(context, deadlineMs, (context.Count - first) / 2);
        for (int i = first; i < context.Count; i += 2)
        {
            context.Effects.Add(context[i]);
        }
    }

    /// <summary>HPERSIST with all of the fields.</summary>
    public static void Persist(CommandContext context, FieldList fields)
    {
        context.Effects.Begin(4 + fields.Count);
        context.Effects.Add("HPERSIST"u8);
        context.Effects.Add(context[1]);
        context.Effects.Add("FIELDS"u8);
        context.Effects.Add(fields.Count);
        AddAll(context, fields);
    }

    /// <summary>HPEXPIREAT with the fields that have the deadline now, on the condition at this argument, if any.</summary>
    public static void Expire(CommandContext context, in HashValue hash, FieldList fields, long deadlineMs, int conditionIndex = 0)
    {
        Effects effects = context.Effects;
        if (!effects.IsWanted)
        {
            return;
        }
        int count = 0;
        for (int i = fields.First; i < context.Count; i++)
        {
            count += HasDeadline(hash, context[i], deadlineMs) ? 1 : 0;
        }
        BeginExpire(context, deadlineMs, count, conditionIndex);
        for (int i = fields.First; i < context.Count; i++)
        {
            if (HasDeadline(hash, context[i], deadlineMs))
            {
                effects.Add(context[i]);
            }
        }
    }

    /// <summary>HPEXPIREAT up to its fields, which are so many.</summary>
    private static void BeginExpire(CommandContext context, long deadlineMs, int count, int conditionIndex = 0)
    {
        Effects effects = context.Effects;
        effects.Begin(5 + (conditionIndex == 0 ? 0 : 1) + count);
        effects.Add("HPEXPIREAT"u8);
        effects.Add(context[1]);
        effects.Add(deadlineMs);
        if (conditionIndex != 0)
        {
            effects.Add(context[conditionIndex]);
        }
        effects.Add("FIELDS"u8);
        effects.Add(count);
    }

    private static bool HasDeadline(in HashValue hash, ReadOnlySpan<byte> field, long deadlineMs) =>
        hash.TryGetDeadline(field, out long actualMs) && actualMs == deadlineMs;

    private static void AddAll(CommandContext context, FieldList fields)
    {
        for (int i = fields.First; i < context.Count; i++)
        {
            context.Effects.Add(context[i]);
        }
    }
}
