using System.Text;
using Bixbite.Cluster.Routing;
using Bixbite.Cluster.Statistics;
using Bixbite.Commands.Cluster.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;

namespace Bixbite.Commands.Cluster;

/// <summary>How much the slots of this node's shard are used: CLUSTER SLOT-STATS.</summary>
public sealed class ClusterSlotStats(ClusterState cluster, SlotStatistics statistics, Databases databases)
{
    private enum Metric
    {
        None,
        KeyCount,
        CpuUs,
        BytesIn,
        BytesOut,
    }

    [Command(
        "cluster|slot-stats", Group = "cluster", Since = "8.0.0", Arity = -4, Flags = "loading stale",
        Tips = "nondeterministic_output request_policy:all_shards",
        Complexity = "O(N) with N the number of slots in the range, O(N log N) with N the slots of the shard where they are ordered",
        Summary = "Returns how many keys the slots of this shard have and, with cluster-slot-stats-enabled, what their requests took.",
        Syntax = "(filter: SLOTSRANGE (slotsrange: start-slot:integer end-slot:integer) "
            + "| ORDERBY (orderby: metric [LIMIT limit:integer] [order: ASC | DESC]))")]
    public void SlotStats(CommandContext context)
    {
        if (!ClusterAccess.IsEnabled(context, cluster))
        {
            return;
        }
        if (context.Count == 5 && Ascii.EqualsIgnoreCase(context[2], "slotsrange"u8))
        {
            AnswerRange(context);
        }
        else if (Ascii.EqualsIgnoreCase(context[2], "orderby"u8))
        {
            AnswerOrdered(context);
        }
        else
        {
            ErrorText.SubcommandSyntax(context.Reply, "CLUSTER"u8, context[1]);
        }
    }

    private void AnswerRange(CommandContext context)
    {
        if (!ClusterAccess.TryReadSlot(context, 3, out int first) || !ClusterAccess.TryReadSlot(context, 4, out int last))
        {
            return;
        }
        if (first > last)
        {
            ClusterErrorText.SlotsInDisorder(context.Reply, first, last);
            return;
        }
        int mark = context.Reply.BeginArray();
        int count = 0;
        for (int slot = first; slot <= last; slot++)
        {
            if (cluster.View.IsOfOwnShard(slot))
            {
                Answer(context.Reply, slot);
                count++;
            }
        }
        context.Reply.EndArray(mark, count);
    }

    private void AnswerOrdered(CommandContext context)
    {
        Metric metric = MetricOf(context[3]);
        if (metric == Metric.None)
        {
            context.Reply.Error(ClusterErrorText.UnknownMetric);
            return;
        }
        if (!TryReadOrder(context, out long limit, out bool isAscending))
        {
            return;
        }
        (long Value, int Slot)[] slots =
        [
            .. Enumerable.Range(0, HashSlot.Count).Where(cluster.View.IsOfOwnShard).Select(slot => (ValueOf(metric, slot), slot)),
        ];
        Array.Sort(slots, (one, other) =>
        {
            int order = isAscending ? one.Value.CompareTo(other.Value) : other.Value.CompareTo(one.Value);
            return order != 0 ? order : one.Slot.CompareTo(other.Slot);
        });
        int count = (int)Math.Min(limit, slots.Length);
        context.Reply.Array(count);
        foreach ((_, int slot) in slots.AsSpan(0, count))
        {
            Answer(context.Reply, slot);
        }
    }

    private static bool TryReadOrder(CommandContext context, out long limit, out bool isAscending)
    {
        var arguments = new ArgumentReader(context, 4);
        limit = HashSlot.Count;
        isAscending = false;
        bool hasLimit = false;
        bool hasDirection = false;
        while (!arguments.IsAtEnd)
        {
            bool isAgain;
            if (arguments.Match("limit"u8, valueCount: 1))
            {
                limit = arguments.Integer(1, HashSlot.Count, ClusterErrorText.LimitOfSlots);
                isAgain = hasLimit;
                hasLimit = true;
            }
            else if (arguments.Match("asc"u8) || arguments.Match("desc"u8))
            {
                isAscending = Ascii.EqualsIgnoreCase(context[arguments.Position - 1], "asc"u8);
                isAgain = hasDirection;
                hasDirection = true;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
                break;
            }
            if (isAgain)
            {
                arguments.Fail(ClusterErrorText.FilterTwice);
            }
        }
        return !arguments.AnswerFailure();
    }

    /// <summary>Numbers that are not counted now are no metric.</summary>
    private Metric MetricOf(ReadOnlySpan<byte> name)
    {
        if (Ascii.EqualsIgnoreCase(name, "key-count"u8))
        {
            return Metric.KeyCount;
        }
        return !statistics.IsOn ? Metric.None
            : Ascii.EqualsIgnoreCase(name, "cpu-usec"u8) ? Metric.CpuUs
            : Ascii.EqualsIgnoreCase(name, "network-bytes-in"u8) ? Metric.BytesIn
            : Ascii.EqualsIgnoreCase(name, "network-bytes-out"u8) ? Metric.BytesOut
            : Metric.None;
    }

    private long ValueOf(Metric metric, int slot) => metric switch
    {
        Metric.CpuUs => statistics[slot].CpuUs,
        Metric.BytesIn => statistics[slot].BytesIn,
        Metric.BytesOut => statistics[slot].BytesOut,
        _ => databases.CountInSlot(slot),
    };

    private void Answer(ReplyWriter reply, int slot)
    {
        reply.Array(2);
        reply.Integer(slot);
        reply.Map(statistics.IsOn ? 4 : 1);
        reply.Bulk("key-count"u8);
        reply.Integer(databases.CountInSlot(slot));
        if (!statistics.IsOn)
        {
            return;
        }
        SlotUse use = statistics[slot];
        reply.Bulk("cpu-usec"u8);
        reply.Integer(use.CpuUs);
        reply.Bulk("network-bytes-in"u8);
        reply.Integer(use.BytesIn);
        reply.Bulk("network-bytes-out"u8);
        reply.Integer(use.BytesOut);
    }
}
