using Bixbite.Load.Client;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Scenarios;

/// <summary>What fills a server, and what then leaves its memory full of holes.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Count">Commands that fill.</param>
/// <param name="SizeMax">The longest text.</param>
/// <param name="Fill">The pattern of a <see cref="VariedSource"/>.</param>
/// <param name="Remove">The pattern that removes nine of ten, in no order; nothing where all is overwritten instead.</param>
/// <param name="CountPerKey">As many commands that fill belong to one that removes.</param>
internal sealed record ChurnLoad(string Name, int Count, int SizeMax, string Fill, string? Remove, int CountPerKey = 1)
{
    private const int OverwriteCount = 4;

    public static ChurnLoad[] All { get; } =
    [
        new("strings, nine of ten deleted", 300_000, 500, "SET key:# ~", "DEL key:#"),
        new("strings, overwritten with other sizes", 300_000, 500, "SET key:# ~", null),
        new("small hashes, nine of ten deleted", 400_000, 60, "HSET hash:#/8 field:#%8 ~", "DEL hash:#", 8),
        new("large hash, nine of ten fields removed", 300_000, 200, "HSET hash field:# ~", "HDEL hash field:#"),
        new("large hash, fields overwritten with other sizes", 300_000, 200, "HSET hash field:# ~", null),
        new("small lists, nine of ten deleted", 400_000, 200, "RPUSH list:#/8 ~", "DEL list:#", 8),
        new("large lists, nine of ten elements removed", 200_000, 200, "RPUSH list:#/500 ~", "LREM list:#/500 1 ~"),
        new("large set, nine of ten members removed", 400_000, 100, "SADD set ~", "SREM set ~"),
        new("small sorted sets, nine of ten deleted", 400_000, 60, "ZADD zset:#/8 # ~", "DEL zset:#", 8),
        new("large sorted set, nine of ten elements removed", 300_000, 100, "ZADD zset # ~", "ZREM zset ~"),
        new("streams, nine of ten deleted", 400_000, 100, "XADD stream:#/20 * field ~", "DEL stream:#", 20),
    ];

    public void FillUp(RunningServer server, Func<int, int> scale) => Send(server, new VariedSource(Fill, SizeMax), scale(Count));

    public void MakeHoles(RunningServer server, Func<int, int> scale)
    {
        int[] order = [.. Enumerable.Range(0, scale(Count) / CountPerKey)];
        new Random(7).Shuffle(order);
        if (Remove is not null)
        {
            Send(server, new VariedSource(Remove, SizeMax, order), order.Length / 10 * 9);
            return;
        }

        for (int round = 1; round <= OverwriteCount; round++)
        {
            Send(server, new VariedSource(Fill, SizeMax, order, round), order.Length);
        }
    }

    private static void Send(RunningServer server, VariedSource source, int count)
    {
        using LoadRing ring = new(server.Port, connectionCount: 10, stepsPerBatch: 16);
        ring.Run(source, count);
    }
}
