using System.Diagnostics;
using Bixbite.Hosting;
using Bixbite.Platform;

namespace Bixbite.Embedded;

/// <summary>The time that a server takes to its first reply, in a process that has had none and in one that has; what it leaves.</summary>
internal static class Costs
{
    private const int TimedCount = 200;

    /// <summary>Starts after which a process has grown to what it needs, its code compiled once more included.</summary>
    private const int SettledCount = 1000;

    internal static IEnumerable<(string Name, double Value)> Measure(int startCount, int liveCount)
    {
        List<double> startsMs = [];
        List<double> stopsMs = [];
        for (int i = 0; i < TimedCount; i++)
        {
            (double startMs, double stopMs) = StartAndStop();
            startsMs.Add(startMs);
            stopsMs.Add(stopMs);
        }
        yield return ("first-start-ms", startsMs[0]);
        startsMs.RemoveAt(0);
        startsMs.Sort();
        stopsMs.Sort();
        yield return ("start-median-ms", startsMs[startsMs.Count / 2]);
        yield return ("start-longest-ms", startsMs[^1]);
        yield return ("stop-median-ms", stopsMs[stopsMs.Count / 2]);
        yield return ("idle-server-bytes", IdleServerBytes(liveCount));
        Repeat(SettledCount);
        long before = ResidentBytes();
        long managedBefore = GC.GetTotalMemory(forceFullCollection: true);
        Repeat(startCount);
        yield return ("growth-bytes-per-start", (ResidentBytes() - before) / (double)startCount);
        long managed = GC.GetTotalMemory(forceFullCollection: true) - managedBefore;
        yield return ("managed-growth-bytes-per-start", managed / (double)startCount);
        yield return ("descriptors", Directory.GetFiles("/proc/self/fd").Length);
        yield return ("threads", Directory.GetDirectories("/proc/self/task").Length);
    }

    private static void Repeat(int count)
    {
        for (int i = 0; i < count; i++)
        {
            StartAndStop();
        }
    }

    private static (double StartMs, double StopMs) StartAndStop()
    {
        long begun = Stopwatch.GetTimestamp();
        (ServerInstance server, Stream client) = Start();
        double startMs = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        begun = Stopwatch.GetTimestamp();
        client.Dispose();
        server.Dispose();
        return (startMs, Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
    }

    /// <summary>A server that has answered.</summary>
    private static (ServerInstance Server, Stream Client) Start()
    {
        ServerInstance server = ServerInstance.Create(new ServerOptions().Set("save", ""));
        server.Start();
        Stream client = server.Connect();
        client.Write("PING\r\n"u8);
        byte[] reply = new byte[7];
        client.ReadExactly(reply);
        return reply.AsSpan().SequenceEqual("+PONG\r\n"u8)
            ? (server, client)
            : throw new InvalidDataException("the first reply is not +PONG");
    }

    private static double IdleServerBytes(int count)
    {
        long before = ResidentBytes();
        List<(ServerInstance Server, Stream Client)> live = [];
        for (int i = 0; i < count; i++)
        {
            live.Add(Start());
        }
        double bytes = (ResidentBytes() - before) / (double)count;
        foreach ((ServerInstance server, Stream client) in live)
        {
            client.Dispose();
            server.Dispose();
        }
        return bytes;
    }

    private static long ResidentBytes()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return ProcessFacts.ResidentBytes();
    }
}
