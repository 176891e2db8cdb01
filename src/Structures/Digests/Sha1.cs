using System.Buffers.Binary;
using System.Numerics;

namespace Bixbite.Structures.Digests;

/// <summary>
/// SHA-1, as FIPS 180-4 has it: for names and comparisons that the protocol makes with it, not for secrets. The framework's own would take
/// OpenSSL from the system, and end the process where there is none.
/// </summary>
public static class Sha1
{
    public const int Size = 20;
    private const int RoundCount = 80;

    /// <summary>Writes the hash of a text, which may lie where the hash goes.</summary>
    public static void Hash(ReadOnlySpan<byte> text, Span<byte> hash)
    {
        Span<uint> state = stackalloc uint[] { 0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0 };
        Span<uint> schedule = stackalloc uint[RoundCount];
        Span<byte> room = stackalloc byte[LastBlocks.SizeMax];
        room.Clear();
        Add(text, state, schedule);
        Add(LastBlocks.Write(text, room), state, schedule);
        for (int i = 0; i < state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash[(i * sizeof(uint))..], state[i]);
        }
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
            schedule[i] = BitOperations.RotateLeft(schedule[i - 3] ^ schedule[i - 8] ^ schedule[i - 14] ^ schedule[i - 16], 1);
        }
    }

    private static void Mix(Span<uint> state, ReadOnlySpan<uint> schedule)
    {
        uint a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];
        for (int i = 0; i < schedule.Length; i++)
        {
            uint chosen = i switch
            {
                < 20 => (d ^ (b & (c ^ d))) + 0x5A827999,
                < 40 => (b ^ c ^ d) + 0x6ED9EBA1,
                < 60 => ((b & c) | (d & (b | c))) + 0x8F1BBCDC,
                _ => (b ^ c ^ d) + 0xCA62C1D6,
            };
            uint next = BitOperations.RotateLeft(a, 5) + chosen + e + schedule[i];
            e = d;
            d = c;
            c = BitOperations.RotateLeft(b, 30);
            b = a;
            a = next;
        }
        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
    }
}
