using System.Globalization;
using System.Text;

namespace Bixbite.Protocol;

/// <summary>The errors of the commands that look into the server, as <see cref="ErrorText"/> has those of all others.</summary>
public static class ObservabilityErrorText
{
    public static ReadOnlySpan<byte> CommandLogType => "ERR type should be one of the following: slow, large-request, large-reply"u8;
    public static ReadOnlySpan<byte> HotKeysInProgress => "ERR hotkey tracking session already in progress"u8;
    public static ReadOnlySpan<byte> HotKeysNotStopped => "ERR hotkey tracking session in progress, stop tracking first"u8;
    public static ReadOnlySpan<byte> MetricsMissing => "ERR METRICS parameter is required"u8;
    public static ReadOnlySpan<byte> MetricsCount => "ERR METRICS count must be > 0 and <= 2"u8;
    public static ReadOnlySpan<byte> MetricsMismatch => "ERR METRICS count does not match number of metric types provided"u8;
    public static ReadOnlySpan<byte> MetricsNone => "ERR METRICS no valid metrics passed. Supported: CPU|NET"u8;
    public static ReadOnlySpan<byte> MetricsCpuTwice => "ERR METRICS CPU defined more than once!"u8;
    public static ReadOnlySpan<byte> MetricsNetTwice => "ERR METRICS NET defined more than once!"u8;
    public static ReadOnlySpan<byte> HotKeysCount => "ERR COUNT must be between 1 and 64"u8;
    public static ReadOnlySpan<byte> HotKeysDuration => "ERR DURATION must be between 1 and 1000000"u8;
    public static ReadOnlySpan<byte> HotKeysSample => "ERR SAMPLE ratio must be positive"u8;
    public static ReadOnlySpan<byte> HotKeysSlots => "ERR SLOTS parameter cannot be used in non-cluster mode"u8;
    public static ReadOnlySpan<byte> HotKeysSlotsTwice => "ERR SLOTS parameter already specified"u8;
    public static ReadOnlySpan<byte> HotKeysSlotCount => "ERR SLOTS count must be between 1 and 16384"u8;
    public static ReadOnlySpan<byte> HotKeysSlotsMissing => "ERR not enough slot numbers provided"u8;
    public static ReadOnlySpan<byte> HotKeysSlotTwice => "ERR duplicate slot number"u8;
    public static ReadOnlySpan<byte> ReportCount => "ERR COUNT must be between 1 and 128"u8;
    public static ReadOnlySpan<byte> BigKeyCount => "ERR COUNT must be between 1 and 64"u8;
    public static ReadOnlySpan<byte> PrefixCount => "ERR COUNT must be between 1 and 1000"u8;
    public static ReadOnlySpan<byte> Delimiter => "ERR the delimiter must have 1 to 16 bytes"u8;

    public static byte[] HotKeysSlotOfAnother(long slot) =>
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"ERR slot {slot} not handled by this node"));
}
