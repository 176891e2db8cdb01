using System.Collections;
using System.Collections.Immutable;
using Bixbite.Cluster.Document;
using Bixbite.Cluster.Routing;
using Bixbite.Engine.Sampling;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Sketches;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The replies of HOTKEYS: of GET as Redis and as Valkey have it, and of TOP.</summary>
internal static class HotKeysReply
{
    /// <summary>As Redis 8.6 answers HOTKEYS GET: a map in an array, so that replies of several servers may be joined.</summary>
    public static void AnswerTracking(ReplyWriter reply, HotKeyTracking tracking, ClusterState cluster)
    {
        HotKeyTrackingOptions options = tracking.Options;
        bool hasSlots = options.Slots is not null;
        bool hasSamples = hasSlots && options.Ratio > 1;
        reply.Array(1);
        reply.Map(7 + (options.Cpu ? 3 : 0) + (options.Net ? 2 : 0) + (hasSlots ? 2 : 0) + (hasSamples ? 2 : 0));
        Number(reply, "tracking-active"u8, tracking.IsActive ? 1 : 0);
        Number(reply, "sample-ratio"u8, options.Ratio);
        reply.Bulk("selected-slots"u8);
        Ranges(reply, SlotsOf(options.Slots, cluster));
        NumberIf(hasSamples, reply, "sampled-commands-selected-slots-us"u8, tracking.Sampled.DurationUs);
        NumberIf(hasSlots, reply, "all-commands-selected-slots-us"u8, tracking.Selected.DurationUs);
        Number(reply, "all-commands-all-slots-us"u8, tracking.All.DurationUs);
        NumberIf(hasSamples, reply, "net-bytes-sampled-commands-selected-slots"u8, tracking.Sampled.Bytes);
        NumberIf(hasSlots, reply, "net-bytes-all-commands-selected-slots"u8, tracking.Selected.Bytes);
        Number(reply, "net-bytes-all-commands-all-slots"u8, tracking.All.Bytes);
        Number(reply, "collection-start-time-unix-ms"u8, tracking.BeganUnixMs);
        Number(reply, "collection-duration-ms"u8, tracking.DurationMs);
        if (options.Cpu)
        {
            Number(reply, "total-cpu-time-user-ms"u8, tracking.Cpu.UserUs / 1000);
            Number(reply, "total-cpu-time-sys-ms"u8, tracking.Cpu.SystemUs / 1000);
        }
        if (options.Net)
        {
            Number(reply, "total-net-bytes"u8, tracking.KeyBytes);
        }
        if (options.Cpu)
        {
            reply.Bulk("by-cpu-time-us"u8);
            Keys(reply, [.. tracking.ByTime]);
        }
        if (options.Net)
        {
            reply.Bulk("by-net-bytes"u8);
            Keys(reply, [.. tracking.ByBytes]);
        }
    }

    /// <summary>As Valkey 9.2 answers HOTKEYS GET: the keys of the last whole window, and how often a second each was used.</summary>
    public static void AnswerWindow(ReplyWriter reply, HotKeys hotKeys, int countMax)
    {
        int count = Math.Min(countMax, hotKeys.LastWindow.Count);
        reply.Array(count);
        foreach (RankedKey key in hotKeys.LastWindow.Take(count))
        {
            reply.Map(3);
            reply.Bulk("key"u8);
            reply.Bulk(key.Key);
            Number(reply, "db"u8, key.Group);
            Number(reply, "qps"u8, PerSecond(key.Count, hotKeys.WindowUs));
        }
    }

    public static void AnswerTop(ReplyWriter reply, HotKeys hotKeys, IReadOnlyList<RankedKey> keys, int countMax)
    {
        long spanUs = hotKeys.SpanUs;
        reply.Map(3);
        Number(reply, "milliseconds"u8, spanUs / 1000);
        Number(reply, "sampled-one-in"u8, hotKeys.Ratio);
        int count = Math.Min(countMax, keys.Count);
        reply.Bulk("keys"u8);
        reply.Array(count);
        foreach (RankedKey key in keys.Take(count))
        {
            reply.Map(6);
            reply.Bulk("key"u8);
            reply.Bulk(key.Key);
            Number(reply, "length"u8, key.Length);
            Number(reply, "db"u8, key.Group);
            Number(reply, "slot"u8, HashSlot.Of(key.Key));
            Number(reply, "count"u8, key.Count);
            Number(reply, "per-second"u8, PerSecond(key.Count, spanUs));
        }
    }

    /// <summary>The slots that were selected; otherwise those of the node, which are all where there is no cluster.</summary>
    private static ImmutableArray<SlotRange> SlotsOf(BitArray? selected, ClusterState cluster)
    {
        if (selected is null)
        {
            return (cluster.IsEnabled ? cluster.View.Shard?.Slots ?? SlotSet.Empty : SlotSet.Full).Ranges;
        }
        var marks = new SlotMarks();
        for (int slot = 0; slot < selected.Length; slot++)
        {
            if (selected[slot])
            {
                marks.Set(slot);
            }
        }
        return SlotSet.From(marks).Ranges;
    }

    /// <summary>A slot that stands alone is an array of one.</summary>
    private static void Ranges(ReplyWriter reply, ImmutableArray<SlotRange> ranges)
    {
        reply.Array(ranges.Length);
        foreach (SlotRange range in ranges)
        {
            reply.Array(range.Count == 1 ? 1 : 2);
            reply.Integer(range.First);
            if (range.Count > 1)
            {
                reply.Integer(range.Last);
            }
        }
    }

    private static long PerSecond(long count, long durationUs) => durationUs <= 0 ? 0 : (long)Math.Round(count * 1e6 / durationUs);

    private static void Keys(ReplyWriter reply, RankedKey[] keys)
    {
        reply.Array(2 * keys.Length);
        foreach (RankedKey key in keys)
        {
            reply.Bulk(key.Key);
            reply.Integer(key.Count);
        }
    }

    private static void NumberIf(bool isTold, ReplyWriter reply, ReadOnlySpan<byte> name, long value)
    {
        if (isTold)
        {
            Number(reply, name, value);
        }
    }

    private static void Number(ReplyWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
