using Bixbite.Engine.Sampling;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Sketches;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The replies of HOTKEYS: of GET as Redis and as Valkey have it, and of TOP.</summary>
internal static class HotKeysReply
{
    /// <summary>As Redis 8.6 answers HOTKEYS GET: a map in an array, so that replies of several servers may be joined.</summary>
    public static void AnswerTracking(ReplyWriter reply, HotKeyTracking tracking)
    {
        HotKeyTrackingOptions options = tracking.Options;
        reply.Array(1);
        reply.Map(7 + (options.Cpu ? 3 : 0) + (options.Net ? 2 : 0));
        Number(reply, "tracking-active"u8, tracking.IsActive ? 1 : 0);
        Number(reply, "sample-ratio"u8, options.Ratio);
        reply.Bulk("selected-slots"u8);
        reply.Array(1);
        reply.Array(2);
        reply.Integer(0);
        reply.Integer(HashSlot.Count - 1);
        Number(reply, "all-commands-all-slots-us"u8, tracking.CommandUs);
        Number(reply, "net-bytes-all-commands-all-slots"u8, tracking.CommandBytes);
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

    private static void Number(ReplyWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
