using System.Globalization;

namespace Bixbite.Wire.Strings;

/// <summary>
/// Strings of several megabytes, which lie in pages of their own: they are copied, combined and lengthened in pieces, and what was never
/// written in them is zero.
/// </summary>
public sealed class LargeValueTests
{
    private const int Size = 5_000_000;

    [Fact]
    public void A_copy_is_a_value_of_its_own()
    {
        using LargeArgumentScene scene = new();
        byte[] value = LargeArgumentScene.Random(1, Size);
        scene.AssertReply("+OK", "SET", "k", value);
        scene.AssertReply(":1", "COPY", "k", "copy");
        scene.AssertReply($":{Size}", "SETRANGE", "k", "0", "head");
        scene.AssertReply($":{Size + 4}", "APPEND", "copy", "tail");
        scene.AssertHolds("copy", [.. value, .. "tail"u8]);
        "head"u8.CopyTo(value);
        scene.AssertHolds("k", value);
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    [Theory]
    [InlineData("AND")]
    [InlineData("OR")]
    [InlineData("XOR")]
    [InlineData("NOT")]
    [InlineData("DIFF")]
    [InlineData("DIFF1")]
    [InlineData("ANDOR")]
    [InlineData("ONE")]
    public void Strings_of_any_length_combine(string operation)
    {
        using LargeArgumentScene scene = new();
        byte[][] sources = operation == "NOT"
            ? [LargeArgumentScene.Random(1, Size)]
            : [LargeArgumentScene.Random(1, Size), LargeArgumentScene.Random(2, Size + 300_001), LargeArgumentScene.Random(3, 263_000)];
        object[] names = [.. Enumerable.Range(0, sources.Length).Select(i => $"s{i}")];
        for (int i = 0; i < sources.Length; i++)
        {
            scene.AssertReply("+OK", "SET", names[i], sources[i]);
        }
        byte[] expected = new byte[sources.Max(source => source.Length)];
        for (int at = 0; at < expected.Length; at++)
        {
            expected[at] = Combined(operation, at, sources);
        }
        scene.AssertReply($":{expected.Length}", ["BITOP", operation, "target", .. names]);
        scene.AssertHolds("target", expected);
        scene.AssertReply($":{expected.Length}", ["BITOP", operation, "s0", .. names]);
        scene.AssertHolds("s0", expected);
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_was_never_written_is_zero(int seed)
    {
        using LargeArgumentScene scene = new();
        var random = new Random(seed);
        List<byte> expected = [];
        int at = 6_000_000;
        scene.Client.Call($"SETBIT k {(8L * at) + 7} 1");
        SetAt(expected, at, [1]);
        for (int i = 0; i < 12; i++)
        {
            byte[] bytes = LargeArgumentScene.Random(i, random.Next(1, 200_000));
            at = random.Next(3) == 0 ? expected.Count : random.Next(expected.Count + 2_000_000);
            string call = at == expected.Count ? "APPEND" : "SETRANGE";
            string place = at.ToString(CultureInfo.InvariantCulture);
            SetAt(expected, at, bytes);
            scene.AssertReply($":{expected.Count}", call == "APPEND" ? [call, "k", bytes] : [call, "k", place, bytes]);
            if (i % 4 == 3)
            {
                scene.AssertHolds("k", [.. expected]);
            }
        }
        scene.Client.Call("FLUSHALL");
        scene.AssertReturns();
    }

    private static void SetAt(List<byte> text, int at, byte[] bytes)
    {
        int end = Math.Max(text.Count, at + bytes.Length);
        if (end > text.Count)
        {
            text.AddRange(new byte[end - text.Count]);
        }
        for (int i = 0; i < bytes.Length; i++)
        {
            text[at + i] = bytes[i];
        }
    }

    private static byte Combined(string operation, int at, byte[][] sources)
    {
        byte first = ByteAt(sources[0], at);
        int any = 0;
        int twice = 0;
        int all = first;
        int odd = 0;
        int others = 0;
        for (int i = 0; i < sources.Length; i++)
        {
            byte value = ByteAt(sources[i], at);
            twice |= any & value;
            any |= value;
            all &= value;
            odd ^= value;
            others |= i > 0 ? value : 0;
        }
        return (byte)(operation switch
        {
            "AND" => all,
            "OR" => any,
            "XOR" => odd,
            "NOT" => ~first,
            "DIFF" => first & ~others,
            "DIFF1" => others & ~first,
            "ANDOR" => first & others,
            _ => any & ~twice,
        });
    }

    private static byte ByteAt(byte[] source, int at) => at < source.Length ? source[at] : (byte)0;
}
