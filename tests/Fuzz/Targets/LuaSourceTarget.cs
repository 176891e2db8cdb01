using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Fuzz.Targets;

/// <summary>
/// Any bytes are a program or a syntax error; a program ends, fails, or is suspended, within its memory; and in slices of a few
/// instructions it does what it does at once.
/// </summary>
internal static class LuaSourceTarget
{
    private const long FuelMax = 20_000;
    private const long MemoryMax = 1 << 20;

    private static readonly LuaString s_name = LuaString.Of("@fuzz");

    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "local t = {1, 2, x = 3, [4] = 'y'} for k, v in pairs(t) do print(k, v) t[k] = nil end print(#t, next(t))",
        "local function f(a, ...) if a then return f(...) end return select('#', ...) end print(f(1, nil), (f(1, 2)), f{}, f'x')",
        "for i = 1, 10, 2 do while i < 5 do i = i + 1 if i == 3 then break end end repeat local z = i until z end",
        "local mt = {__index = function(t, k) return k .. k end, __add = function(a, b) return 1 end} print(setmetatable({}, mt) + 1)",
        "local co = coroutine.wrap(function(...) for i = 1, 3 do coroutine.yield(i, ...) end error(1) end) print(co(1), co(), pcall(co))",
        "print(pcall(error, {}), xpcall(function() local x x.y = 1 end, function(m) return m .. '!' end), tostring(nil), type(print))",
        "local s = [==[\na]]\\n]==] .. \"\\65\\n\" .. 0x10 .. 1e3 .. .5 -- comment\n--[[ long ]] print(s, -s, not s, #s, 2 ^ -3 % 5 / 7)",
        "local a, b = {}, function() return a end a.b, a[1], c = 1, 2, b a.b = a.b and a[1] or c == nil and 1 < 2 and not (3 >= 4)",
        "return loadstring('return ...')(1, 2), load(function() end), unpack({1, 2, 3}), getfenv(), rawget({}, 1), collectgarbage('count')",
        "function a.b.c:d(...) local e = ... return arg, self end goto = 1 ; x, y.z = 1 == 2, ~= 3 until end ) ] }");

    public static void Run(ReadOnlySpan<byte> input)
    {
        byte[] source = input.ToArray();
        string atOnce = Outcome(source, FuelMax);
        string inSlices = Outcome(source, 7);
        if (atOnce != inSlices)
        {
            throw new InvalidOperationException($"At once: {atOnce}\nin slices: {inSlices}");
        }
    }

    private static string Outcome(byte[] source, long slice)
    {
        var output = new System.Text.StringBuilder();
        var machine = new LuaMachine { Output = line => output.Append(System.Text.Encoding.Latin1.GetString(line)).Append('\n') };
        BaseLibrary.Open(machine);
        CoroutineLibrary.Open(machine);
        machine.Memory.Limit = MemoryMax;
        try
        {
            machine.Start(machine.Load(source, s_name));
        }
        catch (LuaException error)
        {
            return error.Value.ToString();
        }
        RunStatus status;
        do
        {
            status = machine.Run(slice);
        }
        while (status == RunStatus.Suspended && machine.InstructionCount < FuelMax);
        if (machine.Memory.Used > MemoryMax)
        {
            throw new InvalidOperationException($"{machine.Memory.Used} bytes are in use.");
        }
        // A run that was dropped printed as much as its budget allowed, which depends on where the slices ended.
        return status == RunStatus.Suspended ? "suspended" : $"{output}{status} {machine.Error}";
    }
}
