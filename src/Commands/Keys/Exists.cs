using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;

namespace Bixbite.Commands.Keys;

/// <summary>Asking whether keys exist and what they are: EXISTS, TOUCH, TYPE.</summary>
public sealed class Exists
{
    [Command(
        "exists", Group = "generic", Since = "1.0.0", Arity = -2,
        Flags = "readonly fast", Keys = "ro; 1..-1", Tips = "request_policy:multi_shard response_policy:agg_sum",
        History = "3.0.3 Accepts multiple `key` arguments.",
        Complexity = "O(N) with N the number of keys",
        Summary = "Counts how many of the keys exist.",
        Syntax = "key ...")]
    public void Run(CommandContext context)
    {
        int count = 0;
        for (int i = 1; i < context.Count; i++)
        {
            count += context.KeyToInspect(i).Exists ? 1 : 0;
        }
        context.Reply.Integer(count);
    }

    [Command(
        "touch", Group = "generic", Since = "3.2.1", Arity = -2,
        Flags = "readonly fast", Keys = "ro; 1..-1", Tips = "request_policy:multi_shard response_policy:agg_sum",
        Complexity = "O(N) with N the number of keys",
        Summary = "Counts how many of the keys exist and marks them as used now.",
        Syntax = "key ...")]
    public void Touch(CommandContext context)
    {
        // Even for a client in no-touch mode: this is what the command is for.
        BoundKeys keys = context.Keys.Touching;
        int count = 0;
        for (int i = 1; i < context.Count; i++)
        {
            count += keys.Read(context.Database, context[i]).Exists ? 1 : 0;
        }
        context.Reply.Integer(count);
    }

    [Command(
        "type", Group = "generic", Since = "1.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the type of what is stored at a key.",
        Syntax = "key")]
    public void Type(CommandContext context)
    {
        KeyRef at = context.KeyToInspect(1);
        context.Reply.Simple(at.Exists ? context.Database.Types[at.Record.Type].Name : "none"u8);
    }
}
