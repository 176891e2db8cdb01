namespace Bixbite.Load.Client;

/// <summary>Numbers of keys by Zipf's law: the most popular is drawn 2^s times as often as the second, and so on.</summary>
internal sealed class ZipfKeys
{
    private readonly double[] cumulated;
    private readonly int[] keys;
    private readonly Random random;

    public ZipfKeys(int keyCount, double exponent, int seed)
    {
        random = new Random(seed);
        keys = [.. Enumerable.Range(0, keyCount)];
        random.Shuffle(keys);
        cumulated = new double[keyCount];
        double sum = 0;
        for (int i = 0; i < keyCount; i++)
            cumulated[i] = sum += Math.Pow(i + 1, -exponent);
    }

    public int Next()
    {
        int rank = Array.BinarySearch(cumulated, random.NextDouble() * cumulated[^1]);
        return keys[Math.Min(rank < 0 ? ~rank : rank, keys.Length - 1)];
    }
}
