using System.Globalization;
using Bixbite.Engine.ClientTracking;

namespace Bixbite.Micro;

/// <summary>
/// What a key costs that clients have read: all blocks of the table and its index, and the pages that hold them. Keys have 16 bytes, ids of
/// clients two to three.
/// </summary>
internal static class TrackedKeyBytes
{
    private const int KeySize = 16;
    private const long FirstClient = 100_000;

    private static readonly int[] s_keyCounts = [1_000, 100_000, 500_000, 700_000, 1_000_000, 1_500_000, 2_000_000, 4_000_000];

    private static readonly int[] s_clientCounts = [1, 2, 10, 100];

    internal static void Print()
    {
        Console.WriteLine($"{"keys",12} {"clients",9} {"B/key",8} {"mapped B/key",14} {"ns/read",9}");
        foreach (int clientCount in s_clientCounts)
        {
            foreach (int keyCount in s_keyCounts.Where(count => (long)count * clientCount <= 10_000_000))
            {
                Print(keyCount, clientCount);
            }
        }
    }

    private static void Print(int keyCount, int clientCount)
    {
        using var keys = new TrackedKeys(seed: 1);
        Span<byte> key = stackalloc byte[KeySize];
        long start = Environment.TickCount64;
        for (int client = 0; client < clientCount; client++)
        {
            for (int i = 0; i < keyCount; i++)
            {
                key.Fill((byte)'k');
                i.TryFormat(key[4..], out _, "D12", CultureInfo.InvariantCulture);
                keys.Add(key, FirstClient + client);
            }
        }
        double count = keyCount;
        double ns = (Environment.TickCount64 - start) * 1e6 / (count * clientCount);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{keyCount,12:N0} {clientCount,9} {keys.MemoryBytes / count,8:F1} {keys.MappedBytes / count,14:F1} {ns,9:F0}"));
    }
}
