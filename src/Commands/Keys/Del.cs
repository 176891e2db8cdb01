using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;

namespace Bixbite.Commands.Keys;

/// <summary>
/// Removing keys: DEL and UNLINK. UNLINK frees large collections in slices, DEL only where lazyfree-lazy-user-del says so. A string is
/// freed at once either way, since that takes no longer than removing its key.
/// </summary>
public sealed class Del(LazyFreeSettings settings)
{
    [Command(
        "del", Group = "generic", Since = "1.0.0", Arity = -2,
        Flags = "write", Keys = "rm delete; 1..-1", Tips = "request_policy:multi_shard response_policy:agg_sum",
        Complexity = "O(N) with N the number of keys",
        Summary = "Deletes keys.",
        Syntax = "key ...")]
    public void Run(CommandContext context) => RemoveAll(context, lazily: settings.UserDel.Value);

    [Command(
        "unlink", Group = "generic", Since = "4.0.0", Arity = -2,
        Flags = "write fast", Keys = "rm delete; 1..-1", Tips = "request_policy:multi_shard response_policy:agg_sum",
        Complexity = "O(N) with N the number of keys",
        Summary = "Deletes keys and frees their memory later.",
        Syntax = "key ...")]
    public void Unlink(CommandContext context) => RemoveAll(context, lazily: true);

    private static void RemoveAll(CommandContext context, bool lazily)
    {
        int count = 0;
        for (int i = 1; i < context.Count; i++)
        {
            KeyRef at = context.KeyToWrite(i);
            if (at.Exists)
            {
                context.Database.Remove(ref at, lazily);
                context.Changed(context[i], KeyEventClass.Generic, "del"u8);
                count++;
            }
        }
        context.Reply.Integer(count);
    }
}
