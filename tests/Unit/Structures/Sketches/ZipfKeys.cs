namespace Bixbite.Unit.Structures.Sketches;

/// <summary>Draws keys as real loads use them: the k-th most frequent one comes with a probability in proportion to k^-skew.</summary>
internal sealed class ZipfKeys
{
    private readonly double[] _cumulative;
    private readonly Random _random;

    public ZipfKeys(int count, double skew, Random random)
    {
        _random = random;
        _cumulative = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Math.Pow(i + 1, -skew);
            _cumulative[i] = sum;
        }
    }

    /// <summary>The rank of a key, from 0.</summary>
    public int Next()
    {
        int at = Array.BinarySearch(_cumulative, _random.NextDouble() * _cumulative[^1]);
        return at < 0 ? Math.Min(~at, _cumulative.Length - 1) : at;
    }
}
