using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Streams;

/// <summary>Thousands of random requests to few streams with few groups and small ids, so that they meet.</summary>
public sealed class RandomRequestTests
{
    private const int RequestCount = 4000;

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 10)]
    [InlineData(3, 100)]
    [InlineData(4, 1)]
    public void Random_requests_beside_Redis(int seed, int nodeEntriesMax)
    {
        using Compare compare = new("--stream-node-max-entries", nodeEntriesMax.ToString(CultureInfo.InvariantCulture));
        var requests = new RandomRequests(seed);
        compare.Run(Enumerable.Range(0, RequestCount).SelectMany(_ => requests.Next().Split('\n')));
    }
}
