using System.Globalization;
using System.Text;
using Xunit;

namespace Bixbite.Unit.Persistence.Aof;

/// <summary>
/// Every way to cut a small log and to change one byte of it, against a plain reader: what is repeated is what the bytes say up to the
/// first mistake, and where that is not all of them, either the start is stopped with the place of the mistake, or the rest is cut off
/// and kept.
/// </summary>
public class DamagedLogTests
{
    private static readonly byte[] s_sound =
    [
        .. LogFixture.Requests("SELECT 0", "SET a 1"),
        .. "#TS:1700000000\r\n"u8,
        .. LogFixture.Requests("MULTI", "SET b 2", "EXEC"),
        .. LogFixture.Request("SET", "long key name", "a\r\n*1\r\nb\0\0"),
        .. LogFixture.Requests("DEL a b c d e f g h i j k"),
    ];

    [Fact]
    public void Every_cut_is_repaired()
    {
        for (int size = 0; size < s_sound.Length; size++)
        {
            Assert.Null(Judge(s_sound[..size], $"cut at {size}"));
        }
    }

    [Fact]
    public void Every_cut_with_zeros_behind_is_repaired()
    {
        for (int size = 0; size < s_sound.Length; size++)
        {
            Assert.Null(Judge([.. s_sound.AsSpan(0, size), .. new byte[40]], $"cut at {size}, zeros"));
        }
    }

    [Fact]
    public void Every_flipped_bit_is_told_or_repaired()
    {
        for (int bit = 0; bit < s_sound.Length * 8; bit++)
        {
            byte[] bytes = [.. s_sound];
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Judge(bytes, $"bit {bit}");
        }
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData((int)'\n')]
    [InlineData((int)'\r')]
    [InlineData((int)'*')]
    [InlineData((int)'$')]
    [InlineData((int)'9')]
    [InlineData((int)'-')]
    [InlineData((int)'#')]
    [InlineData(0xFF)]
    public void Every_changed_byte_is_told_or_repaired(int value)
    {
        for (int i = 0; i < s_sound.Length; i++)
        {
            byte[] bytes = [.. s_sound];
            bytes[i] = (byte)value;
            Judge(bytes, $"byte {i}");
        }
    }

    /// <summary>Loads the bytes and compares with the plain reader; gives back the problem.</summary>
    private static string? Judge(byte[] bytes, string what)
    {
        using var log = new LogFixture();
        log.Write(bytes);
        string? problem = log.Load();
        List<string> expected = Read(bytes, out int goodEnd);
        expected.Insert(0, "file");
        Assert.True(expected.SequenceEqual(log.Replay.Requests), $"{what}: {string.Join(' ', log.Replay.Requests)}");
        byte[] now = log.Disk.Files[LogFixture.First];
        if (problem is not null)
        {
            Assert.Contains("at byte", problem, StringComparison.Ordinal);
            Assert.True(bytes.SequenceEqual(now), $"{what}: changed although it was refused");
            return problem;
        }
        Assert.True(bytes.AsSpan(0, goodEnd).SequenceEqual(now), $"{what}: not cut back to {goodEnd} but to {now.Length}");
        if (goodEnd < bytes.Length)
        {
            string sidePath = string.Create(CultureInfo.InvariantCulture, $"{LogFixture.First}.cut-{goodEnd}");
            Assert.True(bytes.AsSpan(goodEnd).SequenceEqual(log.Disk.Files[sidePath]), $"{what}: the cut part is not kept");
        }
        return null;
    }

    /// <summary>The requests up to the first mistake, those of a transaction only if it is whole.</summary>
    private static List<string> Read(byte[] bytes, out int goodEnd)
    {
        string rest = Encoding.Latin1.GetString(bytes);
        List<string> requests = [];
        List<string>? kept = null;
        goodEnd = 0;
        while (TryTake(ref rest, out string request))
        {
            string name = request.Length == 0 ? "" : request[..request.IndexOf('|', StringComparison.Ordinal)];
            if (name == "MULTI" && kept is null)
            {
                kept = [];
            }
            if (request.Length > 0)
            {
                (kept ?? requests).Add(request);
            }
            if (name == "EXEC" && kept is not null)
            {
                requests.AddRange(kept);
                kept = null;
            }
            goodEnd = kept is null ? bytes.Length - rest.Length : goodEnd;
        }
        return requests;
    }

    private static bool TryTake(ref string rest, out string request)
    {
        request = "";
        if (rest.StartsWith('#'))
        {
            int end = rest.IndexOf('\n', StringComparison.Ordinal);
            rest = rest[(end + 1)..];
            return end >= 0;
        }
        string left = rest;
        if (!TryTakeNumber(ref left, '*', out int count) || count == 0)
        {
            return false;
        }
        for (int i = 0; i < count; i++)
        {
            if (!TryTakeNumber(ref left, '$', out int size) || left.Length < size + 2 || left.Substring(size, 2) != "\r\n")
            {
                return false;
            }
            request += left[..size] + '|';
            left = left[(size + 2)..];
        }
        rest = left;
        return true;
    }

    private static bool TryTakeNumber(ref string rest, char type, out int number)
    {
        number = 0;
        int end = rest.IndexOf("\r\n", StringComparison.Ordinal);
        if (end is < 2 or > 9 || rest[0] != type || rest.AsSpan(1, end - 1).ContainsAnyExceptInRange('0', '9')
            || (end > 2 && rest[1] == '0'))
        {
            return false;
        }
        number = int.Parse(rest.AsSpan(1, end - 1), CultureInfo.InvariantCulture);
        rest = rest[(end + 2)..];
        return true;
    }
}
