using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Commands.Keys;

/// <summary>OBJECT: how a key is stored and when it was used, without using it.</summary>
[Command(
    "object", Group = "generic", Since = "2.2.3", Arity = -2,
    Complexity = "Depends on the subcommand",
    Summary = "Inspects how keys are stored.")]
public sealed class Object(AccessClock clock)
{
    [Command(
        "object|encoding", Group = "generic", Since = "2.2.3", Arity = 3,
        Flags = "readonly", Keys = "ro; 2", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns how the value of a key is represented in memory.",
        Syntax = "key")]
    public void Encoding(CommandContext context)
    {
        if (TryFind(context, out Record record))
        {
            context.Reply.Bulk(record.EncodingName(context.Database.Types));
        }
    }

    [Command(
        "object|refcount", Group = "generic", Since = "2.2.3", Arity = 3,
        Flags = "readonly", Keys = "ro; 2", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns how many owners the value of a key has.",
        Syntax = "key")]
    public void RefCount(CommandContext context)
    {
        if (TryFind(context, out _))
        {
            context.Reply.Integer(1);
        }
    }

    [Command(
        "object|idletime", Group = "generic", Since = "2.2.3", Arity = 3,
        Flags = "readonly", Keys = "ro; 2", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns for how many seconds a key was not used.",
        Syntax = "key")]
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

    [Command(
        "object|freq", Group = "generic", Since = "4.0.0", Arity = 3,
        Flags = "readonly", Keys = "ro; 2", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns the logarithmic counter of how often a key was used.",
        Syntax = "key")]
    public void Freq(CommandContext context)
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

    [Command(
        "object|help", Group = "generic", Since = "6.2.0", Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
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
