using System.Buffers.Binary;
using System.Numerics;

namespace Bixbite.Structures.Digests;

/// <summary>
/// SHA-256, as FIPS 180-4 has it, and its HMAC (RFC 2104). The framework's own would take OpenSSL from the system, and end the process
/// where there is none. The time depends on the length of what is hashed, and on nothing else of it.
/// </summary>
public static class Sha256
{
    public const int Size = 32;
    private const int RoundCount = 64;

    /// <summary>The fractions of the cube roots of the first 64 primes.</summary>
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428A2F98, 0x71374491, 0xB5C0FBCF, 0xE9B5DBA5, 0x3956C25B, 0x59F111F1, 0x923F82A4, 0xAB1C5ED5,
        0xD807AA98, 0x12835B01, 0x243185BE, 0x550C7DC3, 0x72BE5D74, 0x80DEB1FE, 0x9BDC06A7, 0xC19BF174,
        0xE49B69C1, 0xEFBE4786, 0x0FC19DC6, 0x240CA1CC, 0x2DE92C6F, 0x4A7484AA, 0x5CB0A9DC, 0x76F988DA,
        0x983E5152, 0xA831C66D, 0xB00327C8, 0xBF597FC7, 0xC6E00BF3, 0xD5A79147, 0x06CA6351, 0x14292967,
        0x27B70A85, 0x2E1B2138, 0x4D2C6DFC, 0x53380D13, 0x650A7354, 0x766A0ABB, 0x81C2C92E, 0x92722C85,
        0xA2BFE8A1, 0xA81A664B, 0xC24B8B70, 0xC76C51A3, 0xD192E819, 0xD6990624, 0xF40E3585, 0x106AA070,
        0x19A4C116, 0x1E376C08, 0x2748774C, 0x34B0BCB5, 0x391C0CB3, 0x4ED8AA4A, 0x5B9CCA4F, 0x682E6FF3,
        0x748F82EE, 0x78A5636F, 0x84C87814, 0x8CC70208, 0x90BEFFFA, 0xA4506CEB, 0xBEF9A3F7, 0xC67178F2,
    ];

    /// <summary>The hash of a text, in a new array.</summary>
    public static byte[] Hash(ReadOnlySpan<byte> text)
    {
        Span<uint> state = stackalloc uint[]
        {
            0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
        };
        Span<uint> schedule = stackalloc uint[RoundCount];
        Span<byte> room = stackalloc byte[LastBlocks.SizeMax];
        room.Clear();
        Add(text, state, schedule);
        Add(LastBlocks.Write(text, room), state, schedule);
        byte[] hash = new byte[Size];
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), state[i]);
        }
        return hash;
    }

    /// <summary>The code of a text, which only who knows the key can tell.</summary>
    public static byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> text)
    {
        byte[] block = new byte[LastBlocks.BlockSize];
        if (key.Length > block.Length)
        {
            Hash(key).CopyTo(block, 0);
        }
        else
        {
            key.CopyTo(block);
        }
        byte[] inner = Array.ConvertAll(block, static value => (byte)(value ^ 0x36));
        byte[] outer = Array.ConvertAll(block, static value => (byte)(value ^ 0x5C));
        return Hash([.. outer, .. Hash([.. inner, .. text])]);
    }

    /// <summary>Adds the whole blocks.</summary>
    private static void Add(ReadOnlySpan<byte> blocks, Span<uint> state, Span<uint> schedule)
    {
        for (; blocks.Length >= LastBlocks.BlockSize; blocks = blocks[LastBlocks.BlockSize..])
        {
            Expand(blocks, schedule);
            Mix(state, schedule);
        }
    }

    private static void Expand(ReadOnlySpan<byte> block, Span<uint> schedule)
    {
        for (int i = 0; i < 16; i++)
        {
            schedule[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(i * sizeof(uint))..]);
        }
        for (int i = 16; i < schedule.Length; i++)
        {
            uint early = schedule[i - 15];
            uint late = schedule[i - 2];
            schedule[i] = schedule[i - 16] + schedule[i - 7]
                + (BitOperations.RotateRight(early, 7) ^ BitOperations.RotateRight(early, 18) ^ (early >> 3))
                + (BitOperations.RotateRight(late, 17) ^ BitOperations.RotateRight(late, 19) ^ (late >> 10));
        }
    }

    private static void Mix(Span<uint> state, ReadOnlySpan<uint> schedule)
    {
        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
        for (int i = 0; i < schedule.Length; i++)
        {
            uint first = h + Constants[i] + schedule[i] + (g ^ (e & (f ^ g)))
                + (BitOperations.RotateRight(e, 6) ^ BitOperations.RotateRight(e, 11) ^ BitOperations.RotateRight(e, 25));
            uint second = ((a & b) | (c & (a | b)))
                + (BitOperations.RotateRight(a, 2) ^ BitOperations.RotateRight(a, 13) ^ BitOperations.RotateRight(a, 22));
            h = g;
            g = f;
            f = e;
            e = d + first;
            d = c;
            c = b;
            b = a;
            a = first + second;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }
}
