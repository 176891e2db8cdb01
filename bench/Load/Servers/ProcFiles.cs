using System.Globalization;

namespace Bixbite.Load.Servers;

/// <summary>What the kernel tells about a process under /proc; see proc(5).</summary>
internal static class ProcFiles
{
    private const double UsPerTick = 10_000;

    public static CpuTime Cpu(int processId)
    {
        string stat = File.ReadAllText($"/proc/{processId}/stat");
        // The second field is the program's name in parentheses and may hold blanks; utime and stime are the 14th and 15th.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return new CpuTime(Number(fields[11]) * UsPerTick, Number(fields[12]) * UsPerTick);
    }

    public static long ResidentBytes(int processId)
    {
        string line = File.ReadLines($"/proc/{processId}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
        return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim()) * 1024;
    }

    /// <summary>The proportional set sizes of a process and its children, summed: each page they share counts once.</summary>
    public static long ProportionalBytesWithChildren(int processId)
    {
        IEnumerable<int> children = Directory.GetDirectories($"/proc/{processId}/task")
            .SelectMany(task => Children(task).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(text => (int)Number(text));
        return children.Prepend(processId).Sum(ProportionalBytes);
    }

    private static string Children(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/children");
        }
        catch (IOException)
        {
            // A thread that has just ended.
            return "";
        }
    }

    private static long ProportionalBytes(int processId)
    {
        try
        {
            string line = File.ReadLines($"/proc/{processId}/smaps_rollup")
                .First(text => text.StartsWith("Pss:", StringComparison.Ordinal));
            return Number(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Trim()) * 1024;
        }
        catch (IOException)
        {
            // A child that has just ended.
            return 0;
        }
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
