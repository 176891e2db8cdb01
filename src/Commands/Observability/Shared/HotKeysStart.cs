using System.Collections;
using Bixbite.Cluster.Routing;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sampling;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The arguments of HOTKEYS START, and its errors in Redis' order.</summary>
internal static class HotKeysStart
{
    private const int MetricCountMax = 2;
    private const int KeyCountDefault = 10;
    private const int KeyCountMax = 64;
    private const int SecondsMax = 1_000_000;

    public static HotKeyTrackingOptions Read(ref ArgumentReader arguments, ClusterState cluster)
    {
        HotKeyTrackingOptions options = new(Cpu: false, Net: false, KeyCountDefault, DurationMs: 0, Ratio: 1);
        if (!arguments.Match("metrics"u8, valueCount: 1))
        {
            arguments.Fail(ObservabilityErrorText.MetricsMissing);
            return options;
        }
        options = ReadMetrics(ref arguments, options);
        while (!arguments.IsAtEnd)
        {
            options = ReadOption(ref arguments, options, cluster);
        }
        return options;
    }

    /// <summary>Other names are passed over, as in Redis: a later release may know them.</summary>
    private static HotKeyTrackingOptions ReadMetrics(ref ArgumentReader arguments, HotKeyTrackingOptions options)
    {
        long count = arguments.Integer(1, MetricCountMax, ObservabilityErrorText.MetricsCount);
        int left = (int)count;
        for (; left > 0 && !arguments.IsAtEnd; left--)
        {
            if (arguments.Match("cpu"u8))
            {
                FailIf(ref arguments, options.Cpu, ObservabilityErrorText.MetricsCpuTwice);
                options = options with { Cpu = true };
            }
            else if (arguments.Match("net"u8))
            {
                FailIf(ref arguments, options.Net, ObservabilityErrorText.MetricsNetTwice);
                options = options with { Net = true };
            }
            else
            {
                arguments.Next();
            }
        }
        FailIf(ref arguments, left > 0, ObservabilityErrorText.MetricsMismatch);
        FailIf(ref arguments, !options.Cpu && !options.Net, ObservabilityErrorText.MetricsNone);
        return options;
    }

    private static HotKeyTrackingOptions ReadOption(ref ArgumentReader arguments, HotKeyTrackingOptions options, ClusterState cluster)
    {
        if (arguments.Match("count"u8, valueCount: 1))
        {
            return options with { Count = (int)arguments.Integer(1, KeyCountMax, ObservabilityErrorText.HotKeysCount) };
        }
        if (arguments.Match("duration"u8, valueCount: 1))
        {
            return options with { DurationMs = arguments.Integer(1, SecondsMax, ObservabilityErrorText.HotKeysDuration) * 1000 };
        }
        if (arguments.Match("sample"u8, valueCount: 1))
        {
            return options with { Ratio = (int)arguments.Integer(1, int.MaxValue, ObservabilityErrorText.HotKeysSample) };
        }
        if (arguments.Match("slots"u8, valueCount: 1))
        {
            FailIf(ref arguments, !cluster.IsEnabled, ObservabilityErrorText.HotKeysSlots);
            FailIf(ref arguments, options.Slots is not null, ObservabilityErrorText.HotKeysSlotsTwice);
            return arguments.HasFailed ? options : options with { Slots = ReadSlots(ref arguments, cluster.View) };
        }
        arguments.Fail(ErrorText.Syntax);
        return options;
    }

    /// <summary>Slots whose keys are here: those of the shard, also on a replica.</summary>
    private static BitArray ReadSlots(ref ArgumentReader arguments, ClusterView view)
    {
        BitArray slots = new(HashSlot.Count);
        long count = arguments.Integer(1, HashSlot.Count, ObservabilityErrorText.HotKeysSlotCount);
        FailIf(ref arguments, arguments.Left < count, ObservabilityErrorText.HotKeysSlotsMissing);
        bool isAnyTwice = false;
        for (long i = 0; i < count && !arguments.HasFailed; i++)
        {
            int slot = (int)arguments.Integer(0, HashSlot.Count - 1, ClusterErrorText.SlotOutOfRange);
            if (!arguments.HasFailed && !view.IsOfOwnShard(slot))
            {
                arguments.Fail(ObservabilityErrorText.HotKeysSlotOfAnother(slot));
            }
            if (!arguments.HasFailed)
            {
                isAnyTwice |= slots[slot];
                slots[slot] = true;
            }
        }
        FailIf(ref arguments, isAnyTwice, ObservabilityErrorText.HotKeysSlotTwice);
        return slots;
    }

    private static void FailIf(ref ArgumentReader arguments, bool isWrong, ReadOnlySpan<byte> error)
    {
        if (isWrong)
        {
            arguments.Fail(error);
        }
    }
}
