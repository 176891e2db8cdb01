using Bixbite.Cluster.Routing;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;

namespace Bixbite.Commands.Cluster;

/// <summary>
/// Walking through the keys of a cluster: CLUSTERSCAN. Its cursors lead clients from node to node, slot by slot; a call goes through all
/// slots that follow one another on its node. As with SCAN a key that is there from the first call to the last is returned; once only,
/// while its slot stays where it is.
/// </summary>
public sealed class ClusterScan(ClusterState cluster)
{
    private const int StepSize = 1000;

    /// <summary>A longer list of matches is not kept for the next command.</summary>
    private const int KeptCapacityMax = 10_000;

    private readonly List<Record> _found = [];
    private readonly List<Record> _matches = [];
    private SlotTags? _tags;

    private SlotTags Tags => _tags ??= new SlotTags();

    [Command(
        "clusterscan", Group = "cluster", Since = "9.1.0", Arity = -2,
        Flags = "readonly touches_arbitrary_keys", Categories = "keyspace", Keys = "not_key; 1",
        Tips = "nondeterministic_output request_policy:special response_policy:special",
        Complexity = "O(N) with N the number of keys that are looked at",
        Summary = "Walks through the names of the keys of a cluster, a few at a time.",
        Syntax = "cursor:string [MATCH match-pattern:pattern] [COUNT count] [TYPE type] [SLOT slot:integer]")]
    public void Run(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster)
            || !KeyWalkOptions.TryRead(context, 2, isOfCluster: true, out KeyWalkOptions options))
        {
            return;
        }
        int ofPattern = HashSlot.OfPattern(options.Pattern);
        int only = options.Slot >= 0 ? options.Slot : ofPattern;
        bool isNowhere = options.Slot >= 0 && ofPattern >= 0 && ofPattern != options.Slot;
        if (context[1] is [(byte)'0'])
        {
            AnswerNothing(context.Reply, isNowhere ? HashSlot.Count : Math.Max(only, 0));
            return;
        }
        if (!ClusterCursor.TryParse(context[1], out ClusterCursor cursor))
        {
            context.Reply.Error(ClusterErrorText.InvalidCursor);
        }
        else if (options.Slot >= 0 && cursor.Slot != options.Slot)
        {
            context.Reply.Error(ClusterErrorText.CursorOfOtherSlot);
        }
        else if (isNowhere || (only >= 0 && cursor.Slot != only))
        {
            AnswerNothing(context.Reply, isNowhere || cursor.Slot > only ? HashSlot.Count : only);
        }
        else
        {
            Walk(context, cursor, options, only >= 0 ? cursor.Slot + 1 : EndOfRange(cursor.Slot), isOfOne: only >= 0);
        }
    }

    private void Walk(CommandContext context, ClusterCursor cursor, KeyWalkOptions options, int end, bool isOfOne)
    {
        Database database = context.Database;
        ulong order = database.Order;
        ulong position = cursor.PositionIn(order);
        int slot = cursor.Slot;
        long left = options.Count;
        _matches.Clear();
        do
        {
            _found.Clear();
            position = database.ScanSlot(slot, position, (int)Math.Min(left, StepSize), _found);
            left -= _found.Count;
            foreach (Record record in _found)
            {
                if (options.Matches(record))
                {
                    _matches.Add(record);
                }
            }
            slot = position == 0 ? NextWithKeys(database, slot + 1, end) : slot;
        }
        while (slot < end && left > 0);
        context.Reply.Array(2);
        AnswerCursor(context.Reply, order, slot == end && isOfOne ? HashSlot.Count : slot, slot == end ? null : position);
        KeyWalkOptions.Answer(context, _matches);
        _found.Clear();
        _matches.Clear();
        _matches.Capacity = Math.Min(_matches.Capacity, KeptCapacityMax);
    }

    /// <summary>The first slot that does not follow this one on this node.</summary>
    private int EndOfRange(int slot)
    {
        bool isOwn = cluster.View.IsOfOwnShard(slot);
        int end = slot + 1;
        while (isOwn && end < HashSlot.Count && cluster.View.IsOfOwnShard(end))
        {
            end++;
        }
        return end;
    }

    private static int NextWithKeys(Database database, int slot, int end)
    {
        while (slot < end && database.CountInSlot(slot) == 0)
        {
            slot++;
        }
        return slot;
    }

    /// <summary>No keys, and the cursor of the beginning of a slot; behind the last slot the walk is over.</summary>
    private void AnswerNothing(ReplyWriter reply, int slot)
    {
        reply.Array(2);
        AnswerCursor(reply, 0, slot, null);
        reply.Array(0);
    }

    private void AnswerCursor(ReplyWriter reply, ulong order, int slot, ulong? position)
    {
        if (slot == HashSlot.Count)
        {
            reply.Bulk("0"u8);
            return;
        }
        Span<byte> text = stackalloc byte[ClusterCursor.SizeMax];
        int size = position is { } reached
            ? ClusterCursor.Write(order, slot, reached, Tags, text)
            : ClusterCursor.WriteBeginning(slot, Tags, text);
        reply.Bulk(text[..size]);
    }
}
