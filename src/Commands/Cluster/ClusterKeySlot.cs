using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Cluster;

/// <summary>The keys of slots: CLUSTER KEYSLOT, COUNTKEYSINSLOT, GETKEYSINSLOT.</summary>
public sealed class ClusterKeySlot(ClusterState cluster)
{
    private const int StepSize = 64;

    private readonly List<Record> _found = [];

    [Command(
        "cluster|keyslot", Group = "cluster", Since = "3.0.0", Arity = 3, Flags = "stale",
        Complexity = "O(N) with N the size of the key",
        Summary = "Returns the slot of a key.",
        Syntax = "key:string")]
    public void KeySlot(CommandContext context)
    {
        if (ClusterAccess.IsEnabled(context, cluster))
        {
            context.Reply.Integer(HashSlot.Of(context[2]));
        }
    }

    [Command(
        "cluster|countkeysinslot", Group = "cluster", Since = "3.0.0", Arity = 3, Flags = "stale",
        Complexity = "O(1)",
        Summary = "Returns how many keys of a slot are in this node's database.",
        Syntax = "slot:integer")]
    public void CountKeysInSlot(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (!Integers.TryParse(context[2], out long slot))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
        }
        else if (slot is < 0 or >= HashSlot.Count)
        {
            context.Reply.Error(ClusterErrorText.InvalidSlot);
        }
        else
        {
            context.Reply.Integer(context.Database.CountInSlot((int)slot));
        }
    }

    [Command(
        "cluster|getkeysinslot", Group = "cluster", Since = "3.0.0", Arity = 4, Flags = "stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of keys returned",
        Summary = "Returns some keys of a slot in this node's database.",
        Syntax = "slot:integer count:integer")]
    public void GetKeysInSlot(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (!Integers.TryParse(context[2], out long slot) || !Integers.TryParse(context[3], out long count))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
        }
        else if (slot is < 0 or >= HashSlot.Count || count < 0)
        {
            context.Reply.Error(ClusterErrorText.InvalidSlotOrCount);
        }
        else
        {
            Answer(context, (int)slot, Math.Min(count, context.Database.CountInSlot((int)slot)));
        }
    }

    private void Answer(CommandContext context, int slot, long count)
    {
        context.Reply.Array(count);
        ulong cursor = 0;
        while (count > 0)
        {
            _found.Clear();
            cursor = context.Database.ScanSlot(slot, cursor, (int)Math.Min(count, StepSize), _found);
            foreach (Record record in _found)
            {
                if (count-- > 0)
                {
                    context.Reply.Bulk(record.Key);
                }
            }
        }
        _found.Clear();
    }
}
