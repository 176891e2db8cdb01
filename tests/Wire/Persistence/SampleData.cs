using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>
/// Content with every type, of every encoding and at every length of length, made by plain commands. The limits of the encodings are the
/// server's settings: the same commands give other encodings under others.
/// </summary>
internal static class SampleData
{
    private const int BigTextLength = 200_000;

    /// <summary>What a stream needs that was read from, acknowledged and cut.</summary>
    private static readonly string[] s_streams =
    [
        "XADD stream:one 1-1 field value",
        "XADD stream:many 1700000000000-0 a 1 b 2",
        .. Enumerable.Range(1, 500).Select(i => $"XADD stream:many 1700000000{i:000}-{i} a {i} b value{i}"),
        "XADD stream:many 1700000001000-5 other fields here 5",
        "XDEL stream:many 1700000000007-7 1700000000300-300",
        "XTRIM stream:many MAXLEN 450",
        "XGROUP CREATE stream:many readers 0",
        "XGROUP CREATE stream:many idle $",
        "XGROUP CREATECONSUMER stream:many readers lazy",
        "XREADGROUP GROUP readers alice COUNT 30 STREAMS stream:many >",
        "XREADGROUP GROUP readers bob COUNT 20 STREAMS stream:many >",
        "XACK stream:many readers 1700000000060-60 1700000000075-75",
        "XADD stream:emptied 5-5 f v",
        "XDEL stream:emptied 5-5",
        "XGROUP CREATE stream:made group $ MKSTREAM",
    ];

    /// <summary>Fills an empty server; one without streams is filled without them.</summary>
    public static void Fill(RespConnection connection)
    {
        foreach (string command in Strings().Concat(Lists()).Concat(Sets()).Concat(SortedSets()).Concat(Hashes()))
        {
            Run(connection, command);
        }
        foreach (byte[][] arguments in BinaryTexts())
        {
            Check(connection, CommandLine.Encode(arguments), "SET of binary text");
        }
        foreach (string command in HasStreams(connection) ? s_streams : [])
        {
            Run(connection, command);
        }
        foreach (string command in Deadlines().Concat(OtherDatabases()))
        {
            Run(connection, command);
        }
    }

    public static bool HasStreams(RespConnection connection) => !connection.Call("XLEN none").IsError;

    /// <summary>The digest of all that a server holds.</summary>
    public static string Digest(RespConnection connection)
    {
        Reply reply = connection.Call("DEBUG DIGEST");
        Assert.False(reply.IsError, reply.Text);
        return reply.Text;
    }

    private static IEnumerable<string> Strings()
    {
        yield return "SET string:empty \"\"";
        yield return "SET \"\" \"the empty key\"";
        foreach (long number in (long[])[0, 1, -1, 127, 128, -128, -129, 32767, 32768, -32768, -32769, 2147483647, 2147483648,
                     -2147483648, -2147483649, long.MaxValue, long.MinValue])
        {
            yield return $"SET string:{number} {number}";
        }
        yield return "SET string:almost-a-number 007";
        yield return "SET string:fraction 3.25";
        foreach (int length in (int[])[1, 20, 21, 44, 45, 63, 64, 16383, 16384, BigTextLength])
        {
            yield return $"SET string:same:{length} {new string('s', length)}";
            yield return $"SET string:mixed:{length} {Mixed(length)}";
        }

        yield return "APPEND string:appended abc";
        yield return "APPEND string:appended def";
        yield return "SETBIT string:bits 100000 1";
        yield return "SETRANGE string:ranged 5000 end";
        yield return $"PFADD string:sparse {Words("visitor", 100)}";
        yield return $"PFADD string:dense {Words("visitor", 3000)}";
    }

    private static IEnumerable<string> Lists()
    {
        yield return "RPUSH list:small a 5 -1 1000 70000 -9000000 5000000000 9223372036854775807 \"\" \"a b\"";
        yield return $"RPUSH list:words {Words("word", 3000)}";
        yield return $"RPUSH list:numbers {Numbers(1000)}";
        yield return $"RPUSH list:lengths {string.Join(' ', Lengths().Select(Mixed))}";
        yield return $"RPUSH list:plain before {Mixed(9000)} between {Mixed(BigTextLength)} after";
        yield return $"RPUSH list:alike {string.Join(' ', Enumerable.Repeat(new string('q', 300), 400))}";
    }

    private static IEnumerable<string> Sets()
    {
        yield return "SADD set:16 1 2 3 -500 32767 -32768";
        yield return "SADD set:32 1 2 3 70000 -2147483648";
        yield return "SADD set:64 1 2 3 70000 5000000000 -9223372036854775808";
        yield return $"SADD set:numbers {Numbers(2000)}";
        yield return "SADD set:small a b 3";
        yield return $"SADD set:words {Words("member", 2000)}";
        yield return $"SADD set:long 7 {string.Join(' ', Lengths().Select(Mixed))}";
    }

    private static IEnumerable<string> SortedSets()
    {
        yield return "ZADD zset:small 1 a 1 b 2.5 c -3 d inf e -inf f 0.75 h 7 7 1e17 i 1e-7 j 3.0000000000000004 k";
        yield return $"ZADD zset:many {string.Join(' ', Enumerable.Range(0, 1500).Select(i => $"{Text((i * 7 % 50) + 0.25)} member{i}"))}";
        yield return $"ZADD zset:long 1 {Mixed(300)} 2 {Mixed(5000)} 3 short";
        yield return "GEOADD zset:geo 13.361389 38.115556 Palermo 15.087269 37.502669 Catania -122.4194 37.7749 \"San Francisco\"";
    }

    private static IEnumerable<string> Hashes()
    {
        yield return "HSET hash:small f v g 12 12 g \"\" x y \"\" n -9000000000";
        yield return $"HSET hash:many {string.Join(' ', Enumerable.Range(0, 1200).Select(i => $"field{i} v{Mixed(i % 90)}"))}";
        yield return $"HSET hash:long f {Mixed(100)} g {Mixed(20_000)} {Mixed(300)} h";
    }

    private static IEnumerable<string> Deadlines()
    {
        foreach (string key in (string[])["string:0", "string:same:64", "list:small", "list:words", "set:16", "set:words", "zset:small",
                     "zset:many", "hash:small", "hash:many"])
        {
            yield return $"PEXPIREAT {key} {4_000_000_000_123 + key.Length}";
        }
        yield return "SET deadline:far x PXAT 9000000000000000";
        yield return "SET deadline:seconds x EX 100000000";
    }

    private static IEnumerable<string> OtherDatabases()
    {
        foreach (int database in (int[])[1, 7, 15])
        {
            yield return $"SELECT {database}";
            for (int i = 0; i < 100; i++)
            {
                yield return $"SET key:{i} \"value {i} of {database}\"";
            }
            yield return $"RPUSH list {Words("element", database)}";
            yield return "PEXPIREAT key:5 4000000000000";
        }

        yield return "SELECT 0";
    }

    /// <summary>Every byte in keys and values, and text that does not compress.</summary>
    private static IEnumerable<byte[][]> BinaryTexts()
    {
        byte[] all = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];
        yield return ["SET"u8.ToArray(), [.. "binary:"u8, .. all], [.. all, .. all]];
        byte[] noise = new byte[BigTextLength];
        new Random(4).NextBytes(noise);
        yield return ["SET"u8.ToArray(), "binary:noise"u8.ToArray(), noise];
        yield return ["HSET"u8.ToArray(), "binary:hash"u8.ToArray(), all, noise[..5000], noise[..64], all];
        yield return ["RPUSH"u8.ToArray(), "binary:list"u8.ToArray(), all, noise, noise[..70]];
    }

    /// <summary>Around every step of the lengths that listpacks and files write.</summary>
    private static IEnumerable<int> Lengths() => [1, 10, 62, 63, 64, 65, 126, 127, 128, 253, 254, 255, 256, 4095, 4096, 5000, 16383, 16384];

    /// <summary>Text of that length that compresses a little.</summary>
    private static string Mixed(int length)
    {
        StringBuilder text = new(length + 16);
        for (uint state = (uint)length + 1; text.Length < length; state = (state * 1664525) + 1013904223)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(state >> 20) % 500}-part.");
        }
        return text.ToString(0, length);
    }

    private static string Words(string stem, int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => $"{stem}{i * 37}"));

    private static string Numbers(int count) => string.Join(' ', Enumerable.Range(0, count).Select(i => (i - 50) * 1234));

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Run(RespConnection connection, string command) => Check(connection, CommandLine.Encode(command), command);

    private static void Check(RespConnection connection, byte[] request, string command)
    {
        connection.Send(request);
        Reply reply = connection.Read();
        Assert.False(reply.IsError, $"{command[..Math.Min(command.Length, 100)]}: {reply.Text}");
    }
}
