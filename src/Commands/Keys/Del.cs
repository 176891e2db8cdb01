using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;

namespace Bixbite.Commands.Keys;

/// <summary>Removing keys: DEL and UNLINK. A string is freed at once either way, since that takes no longer than removing its key.</summary>
public sealed class Del
{
    [Command("del")]
    public void Delete(CommandContext context) => RemoveAll(context);

    [Command("unlink")]
    public void Unlink(CommandContext context) => RemoveAll(context);

    private static void RemoveAll(CommandContext context)
    {
        int count = 0;
        for (int i = 1; i < context.Count; i++)
        {
            KeyRef at = context.Write(i);
            if (at.Exists)
            {
                context.Database.Remove(ref at);
                context.Changed(context[i], KeyEventClass.Generic, "del"u8);
                count++;
            }
        }
        context.Reply.Integer(count);
    }
}
