using System.Text;
using Bixbite.Lua.Extensions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Fuzz.Targets;

/// <summary>Decoders of scripts take any bytes: they fail with an error of Lua's, or what they return survives the way back.</summary>
internal static class LuaLibraryTarget
{
    private const long FuelMax = 2_000_000;
    private const long MemoryMax = 16 << 20;

    private const string JsonProgram = """
        local ok, value = pcall(cjson.decode, ...)
        if not ok then return end
        local done, text = pcall(cjson.encode, value)
        if done then assert(#cjson.encode(cjson.decode(text)) == #text) end
        """;

    private const string MessagePackProgram = """
        local results = {pcall(cmsgpack.unpack, ...)}
        if not results[1] then return end
        local bytes = cmsgpack.pack(results)
        assert(#cmsgpack.pack(cmsgpack.unpack(bytes)) == #bytes)
        """;

    private const string StructProgram = """
        local format, data = string.match(..., '^(%Z*)%z?(.*)$')
        local results = {pcall(struct.unpack, format, data)}
        pcall(struct.size, format)
        if results[1] then pcall(struct.pack, format, unpack(results, 2)) end
        """;

    public static IReadOnlyList<byte[]> JsonSeeds { get; } = FuzzTarget.Text(
        "{\"a\":[1,2.5e3,null,true],\"b\":{\"c\":\"\\u00e9\\ud83d\\ude00\\n\"}}", "[[[]],{},0x1F,-inf,nan]", "\"\\\\\\/\\b\"");

    public static IReadOnlyList<byte[]> MessagePackSeeds { get; } = FuzzTarget.Text(
        "\x93\x01\xa1" + "a\xc0",
        "\x82\xa1k\xcb?\xf0\0\0\0\0\0\0\x05\xc3",
        "\xdc\0\x02\xd9\x01x\xdb\0\0\0\x01y",
        "\xd3\xff\xff\xff\xff\xff\xff\xff\xfe\xca?\x80\0\0");

    public static void Json(ReadOnlySpan<byte> input) => Run(JsonProgram, input);

    public static void MessagePack(ReadOnlySpan<byte> input) => Run(MessagePackProgram, input);

    public static void Struct(ReadOnlySpan<byte> input) => Run(StructProgram, input);

    private static void Run(string program, ReadOnlySpan<byte> input)
    {
        LuaMachine machine = new();
        machine.Memory.Limit = MemoryMax;
        BaseLibrary.Open(machine);
        StringLibrary.Open(machine);
        JsonLibrary.Open(machine);
        MessagePackLibrary.Open(machine);
        StructLibrary.Open(machine);
        machine.Start(machine.Load(Encoding.Latin1.GetBytes(program), LuaString.Of("=fuzz")), new LuaString(input.ToArray()));
        RunStatus status = machine.Run(FuelMax);
        if (status == RunStatus.Failed && !machine.Error.ToString().EndsWith("not enough memory", StringComparison.Ordinal))
        {
            throw new InvalidOperationException(machine.Error.ToString());
        }
    }
}
