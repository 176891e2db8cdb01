using System.Diagnostics;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>
/// A server in a folder that is killed again and again at a random moment, while clients write and its files are rewritten, and that each
/// time must come back with what it had acknowledged.
/// </summary>
internal sealed class KillTrial : IDisposable
{
    private const int ClientCount = 4;

    private readonly TempFolder folder = new();
    private readonly Witness witness = new();
    private readonly string[] options;
    private readonly TimeSpan lossMax;
    private readonly Random random;
    private readonly WritingClient[] clients;
    private ServerProcess server;

    /// <param name="random">From which all follows but what two cores make of it.</param>
    /// <param name="lossMax">
    /// What was acknowledged in this time before the end may be lost; if that is infinite, a save at the start of each round is all that
    /// must be kept.
    /// </param>
    /// <param name="options">How the server keeps its data.</param>
    public KillTrial(Random random, TimeSpan lossMax, params string[] options)
    {
        this.random = random;
        this.lossMax = lossMax;
        this.options = [.. options, "--enable-debug-command", "yes"];
        clients = [.. Enumerable.Range(0, ClientCount).Select(database => new WritingClient(database, new Random(random.Next())))];
        server = ServerProcess.StartIn(folder, Programs.Server, this.options);
    }

    private bool IsSavedFirst => lossMax == Timeout.InfiniteTimeSpan;

    /// <summary>Requests acknowledged in all rounds.</summary>
    public long AcknowledgedCount { get; private set; }

    /// <summary>Rewrites and snapshots begun in all rounds.</summary>
    public int DisturbanceCount { get; private set; }

    /// <summary>Load for a while, the end, a new start, and the comparison of all that came back.</summary>
    public void RunRound(int loadMsMax)
    {
        if (IsSavedFirst)
        {
            using RespConnection saving = RespConnection.OpenUnix(server.Address);
            Assert.Equal("OK", saving.Call("SAVE").Text);
        }

        foreach (WritingClient client in clients)
            client.Start(server);
        long endOfLoad = Stopwatch.GetTimestamp() + random.Next(20, loadMsMax) * Stopwatch.Frequency / 1000;
        Disturb(endOfLoad);
        long killedAt = Stopwatch.GetTimestamp();
        server.Kill();
        foreach (WritingClient client in clients)
            client.Wait();

        server.Dispose();
        server = ServerProcess.StartIn(folder, Programs.Server, options);
        using RespConnection connection = RespConnection.OpenUnix(server.Address);
        long mustBeThereFrom = killedAt - (long)(lossMax.TotalSeconds * Stopwatch.Frequency);
        foreach (WritingClient client in clients)
        {
            int keptMin = lossMax == TimeSpan.Zero ? client.AcknowledgedCount : client.AcknowledgedBy(mustBeThereFrom);
            witness.Check(client, connection, IsSavedFirst ? 0 : keptMin);
            AcknowledgedCount += client.AcknowledgedCount;
        }
    }

    public void Dispose()
    {
        server.Dispose();
        witness.Dispose();
        folder.Dispose();
    }

    /// <summary>Until then, every now and then the files are rewritten or a snapshot is saved.</summary>
    private void Disturb(long end)
    {
        using RespConnection connection = RespConnection.OpenUnix(server.Address);
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.Sleep(random.Next(1, 60));
            string? disturbance = random.Next(4) switch { 0 => "BGSAVE", 1 or 2 => "BGREWRITEAOF", _ => null };
            if (disturbance is not null && !connection.Call(disturbance).IsError)
                DisturbanceCount++;
        }
    }
}
