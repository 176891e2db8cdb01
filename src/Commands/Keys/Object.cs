using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Commands.Keys;

/// <summary>OBJECT: how a key is stored and when it was used, without using it.</summary>
public sealed class Object(AccessClock clock)
{
    [Command("object")]
    public void Container(CommandContext context) => ErrorText.WrongArity(context.Reply, "object"u8);

    [Command("object|encoding")]
    public void Encoding(CommandContext context)
    {
        if (TryFind(context, out Record record))
        {
            context.Reply.Bulk(record.EncodingName());
        }
    }

    [Command("object|refcount")]
    public void RefCount(CommandContext context)
    {
        if (TryFind(context, out _))
        {
            context.Reply.Integer(1);
        }
    }

    [Command("object|idletime")]
    public void IdleTime(CommandContext context)
    {
        if (!TryFind(context, out Record record))
        {
            return;
        }
        if (clock.IsLfu)
        {
            context.Reply.Error(ErrorText.IdleTimeNotTracked);
            return;
        }
        context.Reply.Integer(clock.IdleMs(record.Access) / 1000);
    }

    [Command("object|freq")]
    public void Frequency(CommandContext context)
    {
        if (!TryFind(context, out Record record))
        {
            return;
        }
        if (!clock.IsLfu)
        {
            context.Reply.Error(ErrorText.FrequencyNotTracked);
            return;
        }
        context.Reply.Integer(clock.Frequency(record.Access));
    }

    [Command("object|help")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "OBJECT",
        "ENCODING <key>",
        "    The representation that the value of <key> has in memory.",
        "FREQ <key>",
        "    The logarithmic counter of how often <key> was used lately (LFU policies only).",
        "IDLETIME <key>",
        "    Seconds since <key> was last used (not with LFU policies).",
        "REFCOUNT <key>",
        "    How many owners the value of <key> has: always 1.");

    private static bool TryFind(CommandContext context, out Record record)
    {
        record = context.Keys.Peek(context.Database, context[2]).Record;
        if (record.IsNone)
        {
            context.Reply.Null();
        }
        return !record.IsNone;
    }
}
