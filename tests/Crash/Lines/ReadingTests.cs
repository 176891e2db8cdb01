using System.Globalization;
using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Lines;

/// <summary>
/// With <c>appendfsync always</c> a reader sees nothing that can be lost: clients count on a disk whose syncs take a while, others read,
/// and the machine stops. Whatever number anybody has seen, the disk has.
/// </summary>
public sealed class ReadingTests
{
    private const int RoundCount = 5;
    private const int SeenCount = 200;
    private const int SyncMs = 3;
    private const int SurvivorCount = 4;

    private static readonly string[] s_reads =
        ["GET n", "MGET other n", "STRLEN n\nGET n", "MULTI\nGET n\nEXEC", "SORT one BY nosort GET *"];

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task WhatAnybodyHasSeenIsThereAfterACrash(int loopCount)
    {
        for (int round = 0; round < RoundCount; round++)
        {
            SimulatedDisk disk = new();
            disk.Faults.ErrnoOf = operation =>
            {
                if (operation.Action == DiskAction.Sync)
                {
                    Thread.Sleep(SyncMs);
                }
                return 0;
            };
            int seen = await CountUntilItStops(disk, loopCount);
            Assert.True(seen > 0, "nobody has seen anything");
            for (int seed = 0; seed < SurvivorCount; seed++)
            {
                using LocalServer next = LocalServer.StartReady(disk.Survivor(seed), "--appendonly", "yes");
                int kept = int.Parse(next.Call("GET n").Text, CultureInfo.InvariantCulture);
                Assert.True(kept >= seen, $"{seen} was seen, and {kept} is there");
            }
        }
    }

    /// <summary>Returns the largest number that anybody has seen.</summary>
    private static async Task<int> CountUntilItStops(SimulatedDisk disk, int loopCount)
    {
        using LocalServer server = LocalServer.StartReady(
            disk, "--appendonly", "yes", "--appendfsync", "always", "--io-threads", loopCount.ToString(CultureInfo.InvariantCulture));
        server.Call("RPUSH one n");
        int largest = 0;
        int count = 0;
        CancellationToken token = TestContext.Current.CancellationToken;
        Task[] clients =
        [
            .. Enumerable.Range(0, 3).Select(_ => Task.Run(() => Use("INCR n"), token)),
            .. s_reads.Select(read => Task.Run(() => Use(read), token)),
        ];
        Patience.Until(() => Volatile.Read(ref count) >= SeenCount, "nobody gets on");
        disk.Crash();
        await Task.WhenAll(clients);
        return largest;

        void Use(string commands)
        {
            using RespConnection client = server.Connect();
            string[] lines = commands.Split('\n');
            while (true)
            {
                foreach (string line in lines)
                {
                    client.Send(line);
                }
                Reply? reply = null;
                foreach (string _ in lines)
                {
                    while (client.IsSilent(1))
                    {
                        if (disk.IsCrashed)
                        {
                            return;
                        }
                    }
                    reply = client.Read();
                }
                string text = reply!.Type == '*' ? reply.Items[^1].Text : reply.Text;
                if (int.TryParse(text, CultureInfo.InvariantCulture, out int number))
                {
                    Interlocked.Increment(ref count);
                    for (int before = Volatile.Read(ref largest); number > before;)
                    {
                        int found = Interlocked.CompareExchange(ref largest, number, before);
                        before = found == before ? number : found;
                    }
                }
            }
        }
    }
}
