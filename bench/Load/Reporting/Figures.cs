using System.Globalization;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Reporting;

/// <summary>How figures are written.</summary>
internal static class Figures
{
    public static string Thousands(double value) => (value / 1000).ToString("N0", CultureInfo.InvariantCulture);

    public static string Number(double value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Megabytes(double bytes) => Number(bytes / 1e6, 1);

    public static string Ratio(double value) => Number(value, 2) + " x";

    /// <summary>User and system part of a command's processor time, in microseconds.</summary>
    public static string Cpu(CpuTime perCommand) => $"{Number(perCommand.UserUs, 2)} + {Number(perCommand.SystemUs, 2)}";

    public static string AtLeast(double value, double goal, string format) => Verdict(value >= goal, $">= {format}");

    public static string AtMost(double value, double goal, string format) => Verdict(value <= goal, $"<= {format}");

    private static string Verdict(bool isMet, string goal) => isMet ? $"{goal}: met" : $"{goal}: **missed**";
}
