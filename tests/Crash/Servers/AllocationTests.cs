using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Servers;

/// <summary>
/// Once warm, a command allocates nothing on the managed heap: every command of the table with a typical request, on the thread of the
/// loop that runs it. Those that do allocate are listed with the reason; a command that is neither measured nor listed fails the test.
/// </summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int WarmUpCount = 60;
    private const int RunCount = 100;
    private const int TryCount = 10;

    private static readonly string[] s_smallLimits =
    [
        "--hash-max-listpack-entries", "1", "--set-max-listpack-entries", "1", "--set-max-intset-entries", "1",
        "--zset-max-listpack-entries", "1", "--list-max-listpack-size", "1", "--stream-node-max-entries", "1",
    ];

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 3)]
    public void CommandsAllocateNothing(bool isLarge, int protocol)
    {
        using LocalServer server = StartFilled(isLarge);
        using RespConnection client = server.Connect();
        client.Call($"HELLO {protocol}");
        List<string> found = [.. AllocationRequests.All.Select(line => Measure(server, client, line, isMistake: false)).OfType<string>()];
        found.AddRange(AllocationRequests.Lines(AllocationRequests.Mistakes)
            .Select(line => Measure(server, client, line, isMistake: true)).OfType<string>());
        string payload = string.Concat(client.Call("DUMP s").Bytes.Select(letter => $"\\x{letter:x2}"));
        found.AddRange(((string?[])[Measure(server, client, $"RESTORE r 0 \"{payload}\" REPLACE", isMistake: false)]).OfType<string>());

        output.WriteLine(string.Join('\n', found));
        Assert.Empty(found);
    }

    [Fact]
    public void EveryCommandIsMeasuredOrListed()
    {
        using LocalServer server = StartFilled(isLarge: false);
        string[] words = [.. AllocationRequests.All.SelectMany(line => line.Split("; ")).Select(line => line + ' ')];
        foreach (Reply item in server.Call("COMMAND LIST").Items)
        {
            string name = item.Text.Replace('|', ' ') + ' ';
            string container = item.Text.Split('|')[0];
            bool isMeasured = words.Any(request => request.StartsWith(name, StringComparison.OrdinalIgnoreCase));
            Assert.True(isMeasured || AllocationRequests.Exceptions.ContainsKey(container), item.Text);
        }
    }

    private static LocalServer StartFilled(bool isLarge)
    {
        LocalServer server = LocalServer.StartReady(new SimulatedDisk(), new ManualClock(), isLarge ? s_smallLimits : []);
        foreach (string line in AllocationRequests.Lines(AllocationRequests.Data))
        {
            Assert.False(server.Call(line).IsError, line);
        }
        return server;
    }

    /// <summary>
    /// Bytes that each run of the line allocates, in the mean of the best try, and the line; null for none. What allocates does so in
    /// every try; what happens once in a while on the same thread (a table that grows, a method compiled anew) does not.
    /// </summary>
    private static string? Measure(LocalServer server, RespConnection client, string line, bool isMistake)
    {
        string[] requests = line.Split("; ");
        Reply[] replies = [.. requests.Select(client.Call)];
        if (replies[^1].IsError != isMistake)
        {
            return $"{line}: {replies[^1]}";
        }
        byte[] batch = [.. requests.SelectMany(CommandLine.Encode)];
        Run(client, batch, requests.Length, WarmUpCount);
        long bytes = long.MaxValue;
        for (int i = 0; i < TryCount && bytes > 0; i++)
        {
            long before = server.AllocatedBytes();
            Run(client, batch, requests.Length, RunCount);
            bytes = Math.Min(bytes, (server.AllocatedBytes() - before) / RunCount);
        }
        return bytes > 0 ? string.Create(CultureInfo.InvariantCulture, $"{bytes,6} {line}") : null;
    }

    private static void Run(RespConnection client, byte[] batch, int replyCount, int count)
    {
        for (int i = 0; i < count; i++)
        {
            client.Send(batch);
            for (int j = 0; j < replyCount; j++)
            {
                client.ReadRaw();
            }
        }
    }
}
