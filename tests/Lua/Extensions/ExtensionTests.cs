using System.Globalization;
using System.Text;

namespace Bixbite.Lua.Extensions;

/// <summary>The libraries beside those of redis-server: calls chosen by hand, and thousands of random ones.</summary>
public sealed class ExtensionTests
{
    private const int CallsPerProgram = 100;

    /// <summary>Good and bad calls that show each setting, each form and each error.</summary>
    private static readonly string[] s_calls =
    [
        "cjson.encode({})", "cjson.encode({1, 2, 3})", "cjson.encode({a = 1})", "cjson.encode({1, nil, 3})",
        "cjson.encode({[1] = 1, [100] = 1})", "cjson.encode({[1.5] = 1})", "cjson.encode({[true] = 1})", "cjson.encode(nil)",
        "cjson.encode()", "cjson.encode(1, 2)", "cjson.encode(cjson.null)", "cjson.encode(0/0)", "cjson.encode(1/0)",
        "cjson.encode({x = -1/0})", "cjson.encode(tostring)", "cjson.encode({f = function() end})", "cjson.encode(1e100)",
        "cjson.encode(0.1)", "cjson.encode(1/3)", "cjson.encode(-0)", "cjson.encode(12345678901234567)",
        "cjson.encode('a/b\"\\\\\\0\\1\\127\\200\\n\\t\\r\\b\\f')", "cjson.encode({[0] = 1})", "cjson.encode({[-1] = 1})",
        "cjson.encode({[2] = 1})", "cjson.encode({[3000000000] = 1})", "cjson.encode({[1] = 1, x = 2, [2] = 3})",
        "(function() local t = {} t.t = t return cjson.encode(t) end)()",
        "(function() local t = {} for i = 1, 999 do t = {t} end return #cjson.encode(t) end)()",
        "(function() local t = {} for i = 1, 1000 do t = {t} end return #cjson.encode(t) end)()",
        "(function() local t = {} for i = 1, 1000 do t = {x = t} end return #cjson.encode(t) end)()",
        "(function() local c = cjson.new() c.encode_max_depth(100000) local t = {} for i = 1, 7997 do t = {t} end retu"
        + "rn c.encode(t) == nil end)()",
        "(function() local c = cjson.new() c.encode_max_depth(100000) local t = {} for i = 1, 7000 do t = {t} end retu"
        + "rn #c.encode(t) end)()",
        "(function() local c = cjson.new() c.encode_max_depth(100000) local t = {} for i = 1, 5000 do t = {x = t} end "
        + "return #c.encode(t) end)()",
        "(function() local c = cjson.new() c.encode_number_precision(3) return c.encode({1/3, 123456, 1e-9}) end)()",
        "cjson.encode_number_precision(15)", "cjson.encode_number_precision(0)", "cjson.encode_number_precision(14)",
        "cjson.encode_number_precision('x')", "cjson.encode_number_precision(1, 2)", "cjson.encode_max_depth()",
        "cjson.encode_max_depth(0)", "cjson.encode_max_depth(2^32)", "cjson.decode_max_depth()", "cjson.encode_keep_buffer()",
        "cjson.encode_keep_buffer(false)", "cjson.encode_keep_buffer('on')", "cjson.encode_keep_buffer('x')",
        "cjson.encode_invalid_numbers()", "cjson.encode_invalid_numbers('x')", "cjson.encode_invalid_numbers(1)",
        "cjson.decode_invalid_numbers()", "cjson.decode_invalid_numbers({})", "cjson.encode_sparse_array()",
        "cjson.encode_sparse_array(false, 2, 10)", "cjson.encode_sparse_array(false, -1)", "cjson.encode_sparse_array(1, 2, 3, 4)",
        "(function() local c = cjson.new() c.encode_sparse_array(true) return c.encode({[1] = 1, [100] = 2}) end)()",
        "(function() local c = cjson.new() c.encode_sparse_array(false, 0) return #c.encode({[1] = 1, [100] = 2}) end)()",
        "(function() local c = cjson.new() c.encode_sparse_array(false, 1, 3) return c.encode({[1] = 1, [3] = 2}) end)()",
        "(function() local c = cjson.new() c.encode_sparse_array(false, 1, 2) return c.encode({[1] = 1, [3] = 2}) end)()",
        "(function() local c = cjson.new() local a = c.encode_invalid_numbers('null') return a, c.encode({0/0, 1/0}) end)()",
        "(function() local c = cjson.new() c.encode_invalid_numbers(true) return c.encode({0/0, 1/0, -1/0}) end)()",
        "(function() local c = cjson.new() c.decode_invalid_numbers(false) return c.decode('[1e5]')[1], pcall(c.decode"
        + ", '[0x10]') end)()",
        "(function() local c = cjson.new() c.decode_invalid_numbers('off') return pcall(c.decode, '[nan]') end)()",
        "(function() local c = cjson.new() c.decode_invalid_numbers('off') return pcall(c.decode, '[-inf]') end)()",
        "(function() local c = cjson.new() c.decode_invalid_numbers('off') return pcall(c.decode, '[01]') end)()",
        "(function() local c = cjson.new() c.decode_max_depth(2) return pcall(c.decode, '[[[1]]]') end)()",
        "cjson.decode(('['):rep(1001) .. (']'):rep(1001))", "#cjson.decode(('['):rep(1000) .. (']'):rep(1000))",
        "(function() local c = cjson.new() c.decode_max_depth(100000) return c.decode(('['):rep(9000)) end)()",
        "(function() local c = cjson.new() c.decode_max_depth(100000) return c.decode(('{\"a\":'):rep(9000)) end)()", "cjson.decode('')",
        "cjson.decode()", "cjson.decode(1)", "cjson.decode({})", "cjson.decode('null') == cjson.null", "cjson.decode(' true ')",
        "cjson.decode('false')", "cjson.decode('truex')", "cjson.decode('tru')",
        "cjson.decode('\"a\\\\u00e9\\\\ud83d\\\\ude00\\\\n\\\\/\"')", "cjson.decode('\"\\\\ud800\"')", "cjson.decode('\"\\\\udc00\"')",
        "cjson.decode('\"\\\\ud800\\\\u0041\"')", "cjson.decode('\"\\\\u12\"')", "cjson.decode('\"\\\\x\"')", "cjson.decode('\"abc')",
        "cjson.decode('\"\\\\u0000\"')", "cjson.decode('1\\0')", "cjson.decode('12\\0x')", "cjson.decode('[1,]')",
        "cjson.decode('{\"a\" 1}')", "cjson.decode('{1:2}')", "cjson.decode('{\"a\":1,}')", "cjson.decode('{\"a\":1 \"b\"}')",
        "cjson.decode('[1 2]')", "cjson.decode('1 2')", "cjson.decode('@')", "cjson.decode('-')", "cjson.decode('+1')",
        "cjson.decode('Infinity')", "cjson.decode('-nan')", "cjson.decode('nul')", "cjson.decode('0x1F')", "cjson.decode('1e999')",
        "cjson.decode('[1.5e3, -0.25, 1e-7]')[3]", "cjson.decode('{\"a\":{\"b\":[1,2,{\"c\":null}]}}').a.b[3].c == cjson.null",
        "type(cjson.null)", "tostring(cjson.null)", "cjson._NAME", "cjson._VERSION", "cjson.new(1)._NAME", "cjson.decode('{\"\":1}')['']",
        "cmsgpack.pack()", "cmsgpack.pack(nil)", "cmsgpack.pack(1, 'a', true, {})", "cmsgpack.pack({1, 2, 3})",
        "cmsgpack.pack({a = 1, [2] = 3})", "cmsgpack.pack({[1] = 1, [3] = 3})", "cmsgpack.pack(tostring)", "cmsgpack.pack({[{}] = {1}})",
        "(function() local t = {} for i = 1, 20 do t = {t} end return cmsgpack.pack(t) end)()",
        "(function() local t = {} t.t = t return cmsgpack.pack(t) end)()", "cmsgpack.pack(('x'):rep(31))", "cmsgpack.pack(('x'):rep(32))",
        "cmsgpack.pack(('x'):rep(256))", "#cmsgpack.pack(('x'):rep(70000))",
        "(function() local t = {} for i = 1, 70000 do t[i] = i end return cmsgpack.pack(t):sub(1, 100) end)()", "cmsgpack.pack(0/0)",
        "cmsgpack.pack(1/0, -1/0, 2^63, -2^63, 2^53, 0.1, 1.5, -0)", "cmsgpack.unpack('')", "cmsgpack.unpack()", "cmsgpack.unpack({})",
        "cmsgpack.unpack(cmsgpack.pack(1, 'a', true, nil))", "cmsgpack.unpack('\\193')", "cmsgpack.unpack('\\217')",
        "cmsgpack.unpack('\\148\\1\\2')", "cmsgpack.unpack('\\129\\192\\1')",
        "cmsgpack.unpack('\\129\\203\\127\\248\\0\\0\\0\\0\\0\\0\\1')", "cmsgpack.unpack(('\\145'):rep(5000))",
        "cmsgpack.unpack(('\\129\\1'):rep(5000))", "select('#', cmsgpack.unpack(('\\1'):rep(7999)))",
        "cmsgpack.unpack(('\\1'):rep(8000))", "cmsgpack.unpack(('\\147\\1\\2\\3'):rep(10000))",
        "cmsgpack.unpack_one(cmsgpack.pack(1, 2, 3))", "cmsgpack.unpack_one(cmsgpack.pack(1, 2, 3), 1)",
        "cmsgpack.unpack_one(cmsgpack.pack(1, 2, 3), 2)", "cmsgpack.unpack_one('abc', 4)", "cmsgpack.unpack_one('abc', -1)",
        "cmsgpack.unpack_one('abc', 3)", "cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 2)",
        "cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 0)", "cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), -1)",
        "cmsgpack.unpack_limit(cmsgpack.pack(1, 2, 3), 5, 1)", "cmsgpack.unpack_limit('x')", "cmsgpack.unpack_limit()",
        "struct.pack('>I2I4', 1, 2)", "struct.pack('<bBhHlLT', 1, 2, 3, 4, 5, 6, 7)", "struct.pack('>fd', 1.5, 2.25)",
        "struct.pack('!4 b i d', 1, 2, 3)", "struct.pack('!3')", "struct.pack('c3', 'ab')", "struct.pack('c0', 'abc')",
        "struct.pack('s', 'abc')", "struct.pack('i33', 1)", "struct.pack('i9999999999', 1)", "struct.pack('z', 1)", "struct.pack('i')",
        "struct.pack()", "struct.pack('>i16', -2)", "struct.pack('i0', 1)", "struct.pack('xxB', 255)", "struct.pack('!8 x d', 1)",
        "struct.pack('b', 1e300)", "struct.pack('L', 2^63)", "struct.pack('f', 1e300)", "struct.unpack('>I2I4', '\\0\\1\\0\\0\\0\\2')",
        "struct.unpack('i', 'abc')", "struct.unpack('c0', 'abc')", "struct.unpack('bc0', '\\2abc')", "struct.unpack('bc0', '\\9abc')",
        "struct.unpack('s', 'abc')", "struct.unpack('ss', 'abc\\0d\\0')", "struct.unpack('b', 'abc', 3)", "struct.unpack('b', 'abc', 4)",
        "struct.unpack('b', 'abc', 0)", "struct.unpack('b', 'abc', -1)", "struct.unpack('>i9', ('\\255'):rep(9))",
        "struct.unpack('i16', ('\\255'):rep(16))", "struct.unpack('!4bi', ('\\1'):rep(8))", "struct.unpack('fd', ('\\1'):rep(12))",
        "struct.unpack(('b'):rep(8000), ('x'):rep(8000))", "struct.unpack('c99', 'abc')", "struct.unpack('c1c0', '3abc')",
        "struct.unpack()", "struct.unpack('b')", "struct.unpack('i0', 'x')", "struct.unpack('x b', 'ab')", "struct.size('!8bid')",
        "struct.size('s')", "struct.size('c0')", "struct.size('c5i3')", "struct.size('z')", "struct.size('@')", "struct.size()",
        "bit.tobit(2^32 + 5)", "bit.tobit(-1.5)", "bit.tobit(1e300)", "bit.tobit('0xff')", "bit.tobit('x')", "bit.tobit()",
        "bit.tobit(0/0)", "bit.bnot(0)", "bit.band(0xff, 0x0f, 3)", "bit.band(1, 'x')", "bit.band(1)", "bit.bor(1, 2, 4)",
        "bit.bxor(1, 3)", "bit.lshift(1, 31)", "bit.lshift(1, 32)", "bit.rshift(-1, 28)", "bit.arshift(-256, 4)",
        "bit.rol(0x12345678, 8)", "bit.ror(0x12345678, 8)", "bit.bswap(0x12345678)", "bit.tohex(255)", "bit.tohex(255, 4)",
        "bit.tohex(255, -4)", "bit.tohex(1, 0)", "bit.tohex(1, -2^31)", "bit.tohex(1, 99)", "bit.tohex(1, nil)", "bit.lshift(1)",
    ];

    private static readonly string[] s_jsonPieces =
    [
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"\\u00e9\"", "\"\\ud83d\\ude00\"", "\"\\n", "\\", "1", "-2.5", "1e3", "0x1F",
        "nan", "-inf", "true", "false", "null", " ", "\n", "[1,2]", "{\"k\":[]}", "\"", "\0", "+1", "tru", "01",
    ];

    private static readonly string[] s_formats =
    [
        "<", ">", "!", "!2", "!4", "!8", "b", "B", "h", "H", "l", "L", "i", "I", "i1", "i3", "I5", "i8", "i12", "T", "f", "d", "s", "c1",
        "c3", "c0", "x", " ", "bc0",
    ];

    [Fact]
    public void ChosenCalls_DoWhatRedisDoes() => Compare(s_calls);

    [Fact]
    public void AnyValue_IsEncodedAsRedisEncodesIt()
    {
        Random random = RandomSeed.Next();
        Compare([.. Enumerable.Range(0, 3000).Select(_ => $"cjson.encode({RandomValue(random, 4)})")]);
        Compare([.. Enumerable.Range(0, 3000).Select(_ => $"cmsgpack.pack({RandomValue(random, 4)}, {RandomValue(random, 2)})")]);
    }

    [Fact]
    public void AnyText_IsDecodedAsRedisDecodesIt()
    {
        Random random = RandomSeed.Next();
        Compare(
        [
            .. Enumerable.Range(0, 5000).Select(_ => Pieces(random, s_jsonPieces, 9))
                .Select(text => $"cjson.encode(cjson.decode(hex'{ReferenceLua.Hex(Encoding.Latin1.GetBytes(text))}'))"),
        ]);
    }

    [Fact]
    public void AnyBytes_AreUnpackedAsRedisUnpacksThem()
    {
        Random random = RandomSeed.Next();
        Compare(
            [.. Enumerable.Range(0, 5000).Select(_ => $"cmsgpack.pack(cmsgpack.unpack(hex'{ReferenceLua.Hex(RandomPack(random))}'))")],
            isOrderOpen: true);
        Compare(
        [
            .. Enumerable.Range(0, 1000).Select(_ => ReferenceLua.Hex(RandomPack(random)))
                .Select(bytes => $"cmsgpack.unpack_limit(hex'{bytes}', {random.Next(4)}, {random.Next(4)})"),
        ]);
    }

    [Fact]
    public void AnyStructure_IsWhatItIsInRedis()
    {
        Random random = RandomSeed.Next();
        Compare(
        [
            .. Enumerable.Range(0, 3000).Select(_ => $"struct.pack('{Pieces(random, s_formats, 6)}', {Arguments(random)})"),
            .. Enumerable.Range(0, 3000).Select(_ => ReferenceLua.Hex(RandomBytes(random, 40)))
                .Select(bytes => $"struct.unpack('{Pieces(random, s_formats, 6)}', hex'{bytes}', {random.Next(1, 4)})"),
        ]);
    }

    [Fact]
    public void AnyBits_AreWhatTheyAreInRedis()
    {
        Random random = RandomSeed.Next();
        string[] names = ["tobit", "bnot", "band", "bor", "bxor", "lshift", "rshift", "arshift", "rol", "ror", "bswap", "tohex"];
        Compare([.. Enumerable.Range(0, 3000).Select(_ => $"bit.{names[random.Next(names.Length)]}({Arguments(random)})")]);
    }

    /// <summary>
    /// Each call gives the same values or the same error, and does so where every step pauses. Where tables are keys, their order is open:
    /// it depends on addresses.
    /// </summary>
    private static void Compare(string[] calls, bool isOrderOpen = false)
    {
        using ReferenceRedis redis = new();
        foreach (string[] some in calls.Chunk(CallsPerProgram))
        {
            string program = string.Concat(some.Select(call => $"show(pcall(function() return {call} end)) "));
            string[] expected = redis.Run(program);
            string[] actual = NewRunner().Run(program);
            string[] paused = NewRunner().Run(program, fuelAtOnce: 1);
            for (int index = 0; index < some.Length; index++)
            {
                string shown = Decoded(actual[index]);
                string wanted = Decoded(expected[index]);
                if (isOrderOpen && Sorted(shown) == Sorted(wanted))
                {
                    continue;
                }
                Assert.Equal($"{some[index]}: {wanted}", $"{some[index]}: {shown}");
                Assert.Equal(actual[index], paused[index]);
            }
        }
    }

    private static string Sorted(string text) => string.Concat(text.Order());

    private static ScriptRunner NewRunner()
    {
        ScriptRunner runner = new();
        JsonLibrary.Open(runner.Machine);
        MessagePackLibrary.Open(runner.Machine);
        StructLibrary.Open(runner.Machine);
        BitLibrary.Open(runner.Machine);
        return runner;
    }

    /// <summary>A text is easier to read than its bytes; and the chunks have different names.</summary>
    private static string Decoded(string line) => string.Join(' ', line.Split(' ').Select(part =>
        part.Length > 2 && part.Length % 2 == 0 && part.All(char.IsAsciiHexDigitLower)
            ? $"'{Encoding.Latin1.GetString(Convert.FromHexString(part)).Replace("user_script:", "test:")}'"
            : part));

    private static string RandomValue(Random random, int depth)
    {
        switch (random.Next(depth > 0 ? 9 : 6))
        {
            case 0:
                return random.Next(-300, 300).ToString(CultureInfo.InvariantCulture);
            case 1:
                return $"tonumber('{RandomNumbers.Next(random).ToString("G17", CultureInfo.InvariantCulture)}')";
            case 2:
                return random.Next(2) == 0 ? "true" : "false";
            case 3:
                return "nil";
            case 4:
                return $"hex'{ReferenceLua.Hex(RandomBytes(random, 12))}'";
            case 5:
                return $"'k{random.Next(100)}'";
            case 6:
                return Table(random, 6, () => RandomValue(random, depth - 1));
            case 7:
                return Table(random, 6, () => $"k{random.Next(30)} = {RandomValue(random, depth - 1)}");
            default:
                return Table(random, 4, () => $"[{random.Next(-1, 30)}] = {RandomValue(random, depth - 1)}");
        }
    }

    private static string Table(Random random, int countMax, Func<string> next) =>
        "{" + string.Join(", ", Enumerable.Range(0, random.Next(countMax)).Select(_ => next())) + "}";

    private static string Arguments(Random random) =>
        string.Join(", ", Enumerable.Range(0, random.Next(1, 7)).Select(_ => Argument(random)));

    private static string Argument(Random random) => random.Next(4) switch
    {
        0 => $"hex'{ReferenceLua.Hex(RandomBytes(random, 6))}'",
        1 => random.Next(-70000, 70000).ToString(CultureInfo.InvariantCulture),
        2 => $"'{random.Next(100)}'",
        _ => $"tonumber('{RandomNumbers.Next(random).ToString("G17", CultureInfo.InvariantCulture)}')",
    };

    private static byte[] RandomBytes(Random random, int countMax)
    {
        byte[] bytes = new byte[random.Next(countMax)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>Heads of containers and short values more often than others.</summary>
    private static byte[] RandomPack(Random random) => [.. Enumerable.Range(0, random.Next(1, 16)).Select(_ => random.Next(5) switch
    {
        0 => (byte)random.Next(0x80, 0xa4),
        1 => (byte)random.Next(0xc0, 0xe0),
        2 => (byte)random.Next(0xe0, 0x100),
        _ => (byte)random.Next(8),
    })];

    private static string Pieces(Random random, string[] pieces, int countMax) =>
        string.Concat(Enumerable.Range(0, random.Next(1, countMax)).Select(_ => pieces[random.Next(pieces.Length)]));
}
