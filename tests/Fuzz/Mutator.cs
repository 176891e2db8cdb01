using System.Buffers.Binary;

namespace Bixbite.Fuzz;

/// <summary>
/// Makes an input out of the seeds. It depends on the seed number and the iteration alone, so a failure is repeated by naming the two.
/// </summary>
internal sealed class Mutator(IReadOnlyList<byte[]> seeds)
{
    private const int SizeMax = 4096;
    private const int MutationCountMax = 8;

    private static readonly long[] s_interesting =
    [
        0, 1, -1, 7, 8, 10, 16, 31, 32, 63, 64, 100, 127, 128, 255, 256, 16384, 32767, 65535, 65536,
        int.MaxValue, uint.MaxValue, long.MaxValue,
    ];

    public byte[] Next(int seed, long iteration)
    {
        Random random = new(unchecked((int)(seed * 0x9E3779B1L + iteration * 0x85EBCA77L)));
        List<byte> input = [.. Pick(random)];
        for (int count = random.Next(MutationCountMax + 1); count > 0; count--)
        {
            Mutate(input, random);
        }
        if (input.Count > SizeMax)
        {
            input.RemoveRange(SizeMax, input.Count - SizeMax);
        }
        return [.. input];
    }

    private byte[] Pick(Random random) => seeds.Count == 0 ? [] : seeds[random.Next(seeds.Count)];

    private void Mutate(List<byte> input, Random random)
    {
        int at = random.Next(input.Count + 1);
        int length = Math.Min(random.Next(1, 9), input.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)random.Next(256);
                break;
            case 2:
                input.RemoveRange(at, length);
                break;
            case 3:
                input.InsertRange(at, input.GetRange(at, length));
                break;
            case 4:
                input.Insert(at, (byte)random.Next(256));
                break;
            case 5:
                input.InsertRange(at, Piece(Pick(random), random));
                break;
            case 6:
                input.InsertRange(at, Number(random));
                break;
            case 7:
                input.RemoveRange(at, input.Count - at);
                input.AddRange(Piece(Pick(random), random));
                break;
            case 8 when at < input.Count:
                input[at] = input[random.Next(input.Count)];
                break;
        }
    }

    private static byte[] Piece(byte[] bytes, Random random)
    {
        int start = random.Next(bytes.Length + 1);
        return bytes[start..random.Next(start, bytes.Length + 1)];
    }

    /// <summary>A number on some edge, as decimal text or as bytes of either order.</summary>
    private static byte[] Number(Random random)
    {
        long number = s_interesting[random.Next(s_interesting.Length)];
        byte[] bytes = new byte[8];
        switch (random.Next(3))
        {
            case 0:
                return System.Text.Encoding.ASCII.GetBytes(number.ToString(System.Globalization.CultureInfo.InvariantCulture));
            case 1:
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                return bytes[..(1 << random.Next(4))];
            default:
                BinaryPrimitives.WriteInt64BigEndian(bytes, number);
                return bytes[^(1 << random.Next(4))..];
        }
    }
}
