using System.Globalization;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Values;
using Bixbite.Platform;

namespace Bixbite.Launcher.Checking;

/// <summary>Checks an RDB file and reports in the lines of redis-check-rdb.</summary>
internal sealed class CheckRdb(IDisk disk, ValueCodecs codecs, TextWriter output, CheckProgress progress)
{
    /// <summary>Runs with these words of the command line; returns the exit code.</summary>
    public int Run(IReadOnlyList<string> arguments)
    {
        if (arguments.Count != 1)
        {
            output.WriteLine("Usage: bixbite-server --check-rdb <rdb-file-name>");
            return 1;
        }
        using RdbCheck? check = Check(Paths.Full(arguments[0]), arguments[0]);
        if (check is null)
        {
            return 1;
        }
        if (check.Problem is null && check.Offset < check.Length)
        {
            output.WriteLine(Invariant($"[offset {check.Offset}] {check.Length - check.Offset} bytes follow the end of the RDB part"));
        }
        return check.Problem is null ? 0 : 1;
    }

    /// <summary>Checks the RDB part that a log begins with; returns where it ends, or -1.</summary>
    public long CheckPreamble(string path, string shown)
    {
        using RdbCheck? check = Check(path, shown);
        return check is null || check.Problem is not null ? -1 : check.Offset;
    }

    private RdbCheck? Check(string path, string shown)
    {
        output.WriteLine($"[offset 0] Checking RDB file {shown}");
        RdbCheck? check = RdbCheck.Open(disk, path, codecs, SystemClock.Instance.UnixMs, out int result);
        if (check is null)
        {
            output.WriteLine($"Cannot open file {shown}: {Errno.Text(-result)}");
            return null;
        }
        progress.Begin(shown, check.Length);
        check.Noted = (text, offset) => output.WriteLine(Invariant($"[offset {offset}] {text}"));
        while (!check.Run(static () => true))
        {
            progress.Report(check.Offset);
        }
        if (check.Problem is { } problem)
        {
            output.WriteLine("--- RDB ERROR DETECTED ---");
            output.WriteLine(Invariant($"[offset {check.Offset}] {problem}"));
            if (check.LatestKey.Length > 0)
            {
                output.WriteLine($"[additional info] Reading key '{check.LatestKey}'");
            }
        }
        else
        {
            output.WriteLine(Invariant($"[offset {check.Offset}] Checksum OK"));
            output.WriteLine(Invariant($"[offset {check.Offset}] \\o/ RDB looks OK! \\o/"));
        }
        output.WriteLine(Invariant($"[info] {check.Facts.KeyCount} keys read"));
        output.WriteLine(Invariant($"[info] {check.Facts.DeadlineCount} expires"));
        output.WriteLine(Invariant($"[info] {check.Facts.DueCount} already expired"));
        return check;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
