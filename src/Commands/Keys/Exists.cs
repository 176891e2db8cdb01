using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Commands.Keys;

/// <summary>Asking whether keys exist and what they are: EXISTS, TOUCH, TYPE.</summary>
public sealed class Exists
{
    [Command("exists")]
    public void CountExisting(CommandContext context)
    {
        int count = 0;
        for (int i = 1; i < context.Count; i++)
        {
            count += context.Inspect(i).Exists ? 1 : 0;
        }
        context.Reply.Integer(count);
    }

    [Command("touch")]
    public void Touch(CommandContext context)
    {
        int count = 0;
        for (int i = 1; i < context.Count; i++)
        {
            count += context.Read(i).Exists ? 1 : 0;
        }
        context.Reply.Integer(count);
    }

    [Command("type")]
    public void TypeOf(CommandContext context)
    {
        KeyRef at = context.Inspect(1);
        context.Reply.Simple(at.Exists ? KeyTypes.NameOf(at.Record.Type) : "none"u8);
    }
}
