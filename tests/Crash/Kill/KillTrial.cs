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

    private readonly TempFolder _folder = new();
    private readonly Witness _witness = new();
    private readonly string[] _options;
    private readonly Kept _kept;
    private readonly Random _random;
    private readonly WritingClient[] _clients;
    private ServerProcess _server;

    /// <param name="random">From which all follows but what two cores make of it.</param>
    /// <param name="kept">What must be there after the end.</param>
    /// <param name="options">How the server keeps its data.</param>
    public KillTrial(Random random, Kept kept, params string[] options)
    {
        _random = random;
        _kept = kept;
        _options = [.. options, "--enable-debug-command", "yes"];
        _clients = [.. Enumerable.Range(0, ClientCount).Select(database => new WritingClient(database, new Random(random.Next())))];
        _server = ServerProcess.StartIn(_folder, Programs.Server, _options);
    }

    /// <summary>Requests acknowledged in all rounds.</summary>
    public long AcknowledgedCount { get; private set; }

    /// <summary>Requests of all rounds that had to be there after the end.</summary>
    public long PromisedCount { get; private set; }

    /// <summary>Rewrites and snapshots begun in all rounds.</summary>
    public int DisturbanceCount { get; private set; }

    /// <summary>Load for a while, the end, a new start, and the comparison of all that came back.</summary>
    public void RunRound(int loadMsMax)
    {
        if (_kept == Kept.LastSave)
        {
            using RespConnection saving = RespConnection.OpenUnix(_server.Address);
            Assert.Equal("OK", saving.Call("SAVE").Text);
        }

        foreach (WritingClient client in _clients)
        {
            client.Start(_server);
        }
        long endOfLoad = Stopwatch.GetTimestamp() + _random.Next(20, loadMsMax) * Stopwatch.Frequency / 1000;
        long writtenAt = Disturb(endOfLoad);
        _server.Kill();
        foreach (WritingClient client in _clients)
        {
            client.Wait();
        }

        _server.Dispose();
        _server = ServerProcess.StartIn(_folder, Programs.Server, _options);
        using RespConnection connection = RespConnection.OpenUnix(_server.Address);
        foreach (WritingClient client in _clients)
        {
            int keptMin = _kept switch
            {
                Kept.Acknowledged => client.AcknowledgedCount,
                Kept.Written => client.AcknowledgedBy(writtenAt),
                _ => 0,
            };
            _witness.Check(client, connection, keptMin);
            AcknowledgedCount += client.AcknowledgedCount;
            PromisedCount += keptMin;
        }
    }

    public void Dispose()
    {
        _server.Dispose();
        _witness.Dispose();
        _folder.Dispose();
    }

    /// <summary>
    /// Until then, every now and then the files are rewritten or a snapshot is saved. Returns the latest moment at which everything
    /// acknowledged before was written to the log, as the server said; 0 if it never said so.
    /// </summary>
    private long Disturb(long end)
    {
        long writtenAt = 0;
        using RespConnection connection = RespConnection.OpenUnix(_server.Address);
        while (Stopwatch.GetTimestamp() < end)
        {
            Thread.Sleep(_random.Next(1, 60));
            string? disturbance = _random.Next(4) switch { 0 => "BGSAVE", 1 or 2 => "BGREWRITEAOF", _ => null };
            if (disturbance is not null && !connection.Call(disturbance).IsError)
            {
                DisturbanceCount++;
            }
            long askedAt = Stopwatch.GetTimestamp();
            if (connection.Call("INFO persistence").Text.Contains("aof_buffer_length:0\r\n", StringComparison.Ordinal))
            {
                writtenAt = askedAt;
            }
        }

        return writtenAt;
    }
}
