namespace Bixbite.Load.Client;

/// <summary>Numbers of keys by Zipf's law: the most popular is drawn 2^s times as often as the second, and so on.</summary>
internal sealed class ZipfKeys
{
    private readonly double[] _cumulated;
    private readonly int[] _keys;
    private readonly Random _random;

    public ZipfKeys(int keyCount, double exponent, int seed)
    {
        _random = new Random(seed);
        _keys = [.. Enumerable.Range(0, keyCount)];
        _random.Shuffle(_keys);
        _cumulated = new double[keyCount];
        double sum = 0;
        for (int i = 0; i < keyCount; i++)
        {
            _cumulated[i] = sum += Math.Pow(i + 1, -exponent);
        }
    }

    public int Next()
    {
        int rank = Array.BinarySearch(_cumulated, _random.NextDouble() * _cumulated[^1]);
        return _keys[Math.Min(rank < 0 ? ~rank : rank, _keys.Length - 1)];
    }
}
