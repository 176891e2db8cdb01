using System.Diagnostics;

namespace Bixbite.RoundTrips;

/// <summary>One way to a server: how a GET goes there, and how long rounds of them took.</summary>
internal sealed class Way(string name, Func<Task> call)
{
    private readonly List<double> _us = [];
    private readonly List<double> _bytes = [];

    internal string Name => name;

    /// <summary>Microseconds of a call, the median of the rounds.</summary>
    internal double Us => Median(_us);

    /// <summary>Bytes that a call allocates on the managed heap of this process, whoever does, the median of the rounds.</summary>
    internal double Bytes => Median(_bytes);

    /// <summary>Makes calls, one after the other as one caller does.</summary>
    internal async Task RunAsync(int count, bool isCounted)
    {
        long bytes = GC.GetTotalAllocatedBytes();
        long begun = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            await call();
        }
        if (isCounted)
        {
            _us.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / count);
            _bytes.Add((GC.GetTotalAllocatedBytes() - bytes) / (double)count);
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
