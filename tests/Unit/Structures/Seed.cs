using System.Globalization;
using Xunit;

namespace Bixbite.Unit.Structures;

/// <summary>Random numbers for a differential test: the seed goes to the test's output, BIXBITE_SEED runs one again.</summary>
internal static class Seed
{
    public static Random NewRandom()
    {
        string? wanted = Environment.GetEnvironmentVariable("BIXBITE_SEED");
        int seed = wanted is null ? Environment.TickCount : int.Parse(wanted, CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"BIXBITE_SEED={seed}");
        return new Random(seed);
    }

    /// <summary>Up to sizeMax bytes, each one of the letters.</summary>
    public static byte[] NextText(this Random random, ReadOnlySpan<byte> letters, int sizeMax)
    {
        byte[] text = new byte[random.Next(sizeMax + 1)];
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = letters[random.Next(letters.Length)];
        }
        return text;
    }

    /// <summary>Exactly size bytes of any value.</summary>
    public static byte[] NextBytes(this Random random, int size)
    {
        byte[] bytes = new byte[size];
        random.NextBytes(bytes);
        return bytes;
    }
}
