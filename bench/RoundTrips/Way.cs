using System.Diagnostics;

namespace Bixbite.RoundTrips;

/// <summary>One way to a server: how a GET goes there, and how long rounds of them took.</summary>
internal sealed class Way(string name, Func<Task> call)
{
    private readonly List<double> _us = [];
    private readonly List<double> _bytes = [];

    internal string Name => name;

    /// <summary>So many make calls at a time, each one after the other.</summary>
    internal int CallerCount { get; init; } = 1;

    /// <summary>Microseconds of a call, the median of the rounds: of all the time, a call's share.</summary>
    internal double Us => Median(_us);

    /// <summary>Bytes that a call allocates on the managed heap of this process, whoever does, the median of the rounds.</summary>
    internal double Bytes => Median(_bytes);

    /// <summary>Makes so many calls in all.</summary>
    internal async Task RunAsync(int count, bool isCounted)
    {
        long bytes = GC.GetTotalAllocatedBytes();
        long begun = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, CallerCount).Select(_ => Task.Run(() => CallAsync(count / CallerCount))));
        if (isCounted)
        {
            _us.Add(Stopwatch.GetElapsedTime(begun).TotalMicroseconds / count);
            _bytes.Add((GC.GetTotalAllocatedBytes() - bytes) / (double)count);
        }
    }

    private async Task CallAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await call();
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
