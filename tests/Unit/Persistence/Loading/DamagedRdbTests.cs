using System.Buffers.Binary;
using System.Globalization;
using Bixbite.Persistence.Loading;
using Bixbite.Persistence.Values;
using Bixbite.Structures.Checks;
using Bixbite.Unit.Persistence.Aof;
using Xunit;

namespace Bixbite.Unit.Persistence.Loading;

/// <summary>Every way to cut a small RDB file and to flip one of its bits: refused, and the place is told.</summary>
public class DamagedRdbTests
{
    private const int HeaderSize = 9;

    /// <summary>A value of every kind of layout, and what a file has besides values.</summary>
    private static readonly byte[] s_sound = WithChecksum(
    [
        .. "REDIS0011"u8, 0xFA, 9, .. "redis-ver"u8, 5, .. "7.2.4"u8, 0xFE, 0, 0xFB, 8, 1,
        0xFC, 1, 2, 3, 4, 5, 6, 7, 0, 0xF9, 5, 0, 1, (byte)'s', 0xC0, 7,
        1, 1, (byte)'l', 3, 1, (byte)'a', 0xC0, 5, 0xC3, 5, 21, 0, (byte)'a', 0xE0, 11, 0,
        4, 1, (byte)'h', 2, 1, (byte)'f', 1, (byte)'v', 1, (byte)'g', 0xC0, 9,
        5, 1, (byte)'z', 2, 1, (byte)'b', 0, 0, 0, 0, 0, 0, 4, 0x40, 1, (byte)'a', 0, 0, 0, 0, 0, 0, 0xF0, 0xBF,
        11, 1, (byte)'i', 14, 2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 3, 0, 44, 1,
        16, 1, (byte)'p', 13, 13, 0, 0, 0, 2, 0, 0x81, (byte)'f', 2, 0x81, (byte)'v', 2, 0xFF,
        18, 1, (byte)'q', 2, 2, 10, 10, 0, 0, 0, 1, 0, 0x81, (byte)'a', 2, 0xFF, 1, 2, .. "bc"u8,
        20, 1, (byte)'t', 12, 12, 0, 0, 0, 2, 0, 0x81, (byte)'a', 2, 7, 1, 0xFF,
        0xFF,
    ]);

    [Fact]
    public void The_whole_file_is_read()
    {
        Assert.Null(Check(s_sound, out RdbCheck check));
        Assert.Equal(8, check.Facts.KeyCount);
        Assert.Equal(1, check.Facts.DeadlineCount);
        Assert.Equal(s_sound.Length, check.Offset);
    }

    [Fact]
    public void Empty_collections_are_left_out_and_counted()
    {
        byte[] bytes = WithChecksum(
        [
            .. "REDIS0011"u8, 0xFE, 0,
            1, 1, (byte)'l', 0,
            2, 1, (byte)'s', 0,
            4, 1, (byte)'h', 0,
            5, 1, (byte)'z', 0,
            16, 1, (byte)'p', 7, 7, 0, 0, 0, 0, 0, 0xFF,
            17, 1, (byte)'q', 7, 7, 0, 0, 0, 0, 0, 0xFF,
            18, 1, (byte)'n', 0,
            20, 1, (byte)'t', 7, 7, 0, 0, 0, 0, 0, 0xFF,
            25, 1, (byte)'d', 0, 0, 0, 0, 0, 0, 0, 0, 7, 7, 0, 0, 0, 0, 0, 0xFF,
            0, 1, (byte)'x', 1, (byte)'y',
            0xFF,
        ]);
        Assert.Null(Check(bytes, out RdbCheck check));
        Assert.Equal(1, check.Facts.KeyCount);
        Assert.Equal(9, check.Facts.EmptyCount);
        Assert.Equal(["l", "s", "h", "z", "p", "q", "n", "t", "d"], check.Facts.EmptyKeys);
    }

    [Fact]
    public void Every_cut_is_told()
    {
        for (int size = 0; size < s_sound.Length; size++)
        {
            Refuse(s_sound[..size], string.Create(CultureInfo.InvariantCulture, $"cut at {size}"));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_told()
    {
        for (int bit = HeaderSize * 8; bit < s_sound.Length * 8; bit++)
        {
            byte[] bytes = [.. s_sound];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Refuse(bytes, string.Create(CultureInfo.InvariantCulture, $"bit {bit}"));
        }
    }

    /// <summary>Without the right checksum nothing else may go wrong than being refused, or being read as something else.</summary>
    [Fact]
    public void Every_flipped_bit_under_a_right_checksum_ends()
    {
        for (int bit = HeaderSize * 8; bit < (s_sound.Length - 8) * 8; bit++)
        {
            byte[] bytes = s_sound[..^8];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            string? problem = Check(WithChecksum(bytes), out _);
            Assert.True(problem is null || problem.Contains("byte", StringComparison.Ordinal), problem);
        }
    }

    private static void Refuse(byte[] bytes, string what)
    {
        string? problem = Check(bytes, out RdbCheck check);
        Assert.True(problem is not null, $"{what}: not noticed");
        Assert.Contains("before byte ", problem, StringComparison.Ordinal);
        Assert.InRange(check.Offset, 0, bytes.Length);
    }

    private static string? Check(byte[] bytes, out RdbCheck check)
    {
        var disk = new MemoryDisk { Files = { ["dump.rdb"] = bytes } };
        check = RdbCheck.Open(disk, "dump.rdb", ValueCodecs.BuiltIn, 0, out _)!;
        using (check)
        {
            int slices = 0;
            while (!check.Run(static () => true))
            {
                Assert.True(++slices <= bytes.Length, "Reading does not come to an end.");
            }
            return check.Problem;
        }
    }

    private static byte[] WithChecksum(byte[] body)
    {
        byte[] footer = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(footer, Crc64.Append(0, body));
        return [.. body, .. footer];
    }
}
