using System.Buffers.Binary;
using Bixbite.Lua.Bytecode;

namespace Bixbite.Lua.Libraries;

/// <summary>
/// The binary form of a function, for <c>string.dump</c>. As in Redis nothing reads it: byte code is no source. It begins as Lua 5.1's
/// does, so that whoever looks at it sees what it is; the instructions are this machine's.
///
///   | header 12 | size of the name 8 | name | line 4 | instructions 4 | 8 bytes each |
/// </summary>
internal static class FunctionDump
{
    /// <summary>The signature, version 5.1, little-endian, the sizes of C's types, numbers are no integers.</summary>
    private static ReadOnlySpan<byte> Header => [0x1b, (byte)'L', (byte)'u', (byte)'a', 0x51, 0, 1, 4, 8, 4, 8, 0];

    public static byte[] Of(Prototype function)
    {
        ReadOnlySpan<byte> name = function.Debug.Source.Span;
        byte[] dump = new byte[Header.Length + sizeof(long) + name.Length + 2 * sizeof(int) + sizeof(long) * function.Code.Length];
        Header.CopyTo(dump);
        Span<byte> rest = dump.AsSpan(Header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(rest, name.Length);
        name.CopyTo(rest[sizeof(long)..]);
        rest = rest[(sizeof(long) + name.Length)..];
        BinaryPrimitives.WriteInt32LittleEndian(rest, function.Debug.LineDefined);
        BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], function.Code.Length);
        rest = rest[(2 * sizeof(int))..];
        foreach (Instruction i in function.Code)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, (int)i.Op | i.A << 8 | i.B << 16);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], i.C);
            rest = rest[sizeof(long)..];
        }
        return dump;
    }
}
