using Bixbite.Engine.Execution;
using Bixbite.Engine.Sampling;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The arguments of HOTKEYS START, and its errors in Redis' order.</summary>
internal static class HotKeysStart
{
    private const int MetricCountMax = 2;
    private const int KeyCountDefault = 10;
    private const int KeyCountMax = 64;
    private const int SecondsMax = 1_000_000;

    public static HotKeyTrackingOptions Read(ref ArgumentReader arguments)
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
            options = ReadOption(ref arguments, options);
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

    private static HotKeyTrackingOptions ReadOption(ref ArgumentReader arguments, HotKeyTrackingOptions options)
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
        arguments.Fail(arguments.Match("slots"u8, valueCount: 1) ? ObservabilityErrorText.HotKeysSlots : ErrorText.Syntax);
        return options;
    }

    private static void FailIf(ref ArgumentReader arguments, bool isWrong, ReadOnlySpan<byte> error)
    {
        if (isWrong)
        {
            arguments.Fail(error);
        }
    }
}
