using System.Text;
using Bixbite.Lua.Extensions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// Scripts that have broken interpreters of Lua: each ends with an error that can be caught or with a harmless result, in slices of any
/// size, and gives back what it took.
/// </summary>
public sealed class BadScriptTests
{
    private const long MemoryMax = 16 << 20;
    private const long SliceSize = 10_000;
    private const int SlicesMax = 20_000;

    [Theory]

    // Overflows of counts and sizes.
    [InlineData("unpack({}, 1, 1e7)", "too many results to unpack")]
    [InlineData("unpack({}, 0, 2^31 - 1)", "too many results to unpack")]
    [InlineData("unpack({}, -2^31, 2^31 - 1)", "too many results to unpack")]
    [InlineData("unpack({}, 2^31 - 2, 2^31 - 1)", "ok")]
    [InlineData("string.format('%99999d', 1)", "invalid format (width or precision too long)")]
    [InlineData("string.format('%.99999f', 1)", "invalid format (width or precision too long)")]
    [InlineData("string.format(('%99.99f'):rep(1000), 1)", "no value")]
    [InlineData("string.rep('x', 2^31)", "ok")]
    [InlineData("string.rep('x', 2^31 - 1)", "not enough memory")]
    [InlineData("string.rep('x', -1)", "ok")]
    [InlineData("('x'):rep(1e9):rep(1e9)", "not enough memory")]
    [InlineData("local t = {} for i = 1, 1e9 do t[i] = i end", "not enough memory")]
    [InlineData("local t = {} t[2^53] = 1 t[-2^53] = 1 t[2^31] = 1 t[1e300] = 1 return #t", "ok")]
    [InlineData("table.concat({}, 'x', 1, 1e9)", "invalid value (nil) at index 1 in table for 'concat'")]
    [InlineData("table.concat(setmetatable({}, {__index = function() return 'x' end}), 'x', 1, 2^31 - 1)", "invalid value (nil)")]
    [InlineData("('x'):byte(-2^31, 2^31 - 1)", "ok")]
    [InlineData("('x'):rep(10000):byte(1, -1)", "string slice too long")]
    [InlineData("('x'):sub(-2^63, 2^63)", "ok")]
    [InlineData("bit.tohex(65535, -2147483648)", "ok")]
    [InlineData("bit.tohex(0, 2^31 - 1)", "ok")]
    [InlineData("struct.pack('i' .. ('9'):rep(100), 1)", "integral size")]
    [InlineData("struct.pack('>I2147483648', 10)", "integral size")]
    [InlineData("struct.unpack('c2147483647', 'x')", "data string too short")]
    [InlineData("struct.unpack('c0', ('x'):rep(10))", "needs a previous size")]
    [InlineData("struct.unpack('s', 'x', 2147483647)", "too short")]
    [InlineData("struct.unpack('i', 'x', -2147483648)", "too short")]
    [InlineData("struct.pack('!2147483648d', 1)", "integral size overflow")]
    [InlineData("cmsgpack.unpack_limit('\\145\\1', 1e9, 0)", "ok")]
    [InlineData("cmsgpack.unpack_one('\\1', 2^31)", "greater than input length")]
    [InlineData("cmsgpack.unpack('\\221\\255\\255\\255\\255')", "Missing bytes")]
    [InlineData("cmsgpack.unpack('\\198\\255\\255\\255\\255')", "Missing bytes|Bad data format")]
    [InlineData("cmsgpack.unpack(('\\145'):rep(1e6))", "Missing bytes|overflow")]
    [InlineData("cjson.decode(('['):rep(1e6))", "Found too many nested data structures")]
    [InlineData("cjson.decode('{\"a\":' .. ('['):rep(1e6))", "Found too many nested data structures")]
    [InlineData("local t = {} for i = 1, 1e5 do t = {t} end cjson.encode(t)", "excessively nested|excessive")]
    [InlineData("local t = {} for i = 1, 1e5 do t = {t} end cmsgpack.pack(t)", "ok")]
    [InlineData("local t = {} t[1] = t cjson.encode(t)", "excessive")]
    [InlineData("cjson.encode_keep_buffer(false) return #cjson.encode(('\\1'):rep(1e6))", "ok|not enough memory")]

    // Recursion.
    [InlineData("local function f() return f() + 1 end f()", "stack overflow")]
    [InlineData("local function f() return pcall(f) end return f()", "ok")]
    [InlineData("local function f(s) return (s:gsub('x', f)) end f('x')", "stack overflow")]
    [InlineData("local function f() return coroutine.wrap(f)() end f()", "C stack overflow")]
    [InlineData("local function f() return coroutine.wrap(function() return pcall(f) end)() end f()", "ok|C stack overflow")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x", "loop in gettable")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__newindex = t t.x = 1", "loop in settable")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__call = t t()", "attempt to call")]
    [InlineData("local s = ('('):rep(1e5) assert(loadstring('return ' .. s))", "too many syntax levels")]
    [InlineData("assert(loadstring(('a.'):rep(1e5) .. 'a = 1'))() ", "attempt to index")]
    [InlineData("assert(loadstring('return ' .. ('-'):rep(2) .. ('not '):rep(1e5) .. '1'))", "ok")]
    [InlineData("local f f = load(function() return 'x' end) f()", "not enough memory|too many|attempt|expected|assert")]
    [InlineData("table.sort({3, 2, 1}, function(a, b) table.sort({3, 2, 1}, debug) error({}) end)", "table")]

    // Errors that are no texts.
    [InlineData("error(setmetatable({}, {__tostring = function() while true do end end}))", "table")]
    [InlineData("error(setmetatable({}, {__tostring = function(t) error(t) end}))", "table")]
    [InlineData("tostring(setmetatable({}, {__tostring = function(t) return t end}))", "ok")]
    [InlineData("error()", "nil")]
    [InlineData("error(nil, 2)", "nil")]
    [InlineData("error(coroutine.create(print))", "thread|function expected")]
    [InlineData("xpcall(error, error)", "ok")]
    [InlineData("xpcall(error, function(m) error(m) end)", "ok")]
    [InlineData("coroutine.wrap(function() error({}) end)()", "table")]

    // Ways out of a sandbox.
    [InlineData("getmetatable('').__index = function() return 1 end", "ok")]
    [InlineData("setmetatable('x', {})", "table expected, got string")]
    [InlineData("getmetatable('').__metatable = 1 setmetatable(string, {})", "ok")]
    [InlineData("setfenv(0, {}) x = 1", "ok")]
    [InlineData("setfenv(print, {})", "cannot change environment")]
    [InlineData("setfenv(1e9, {})", "invalid level")]
    [InlineData("getfenv(-1)", "level must be non-negative")]
    [InlineData("getmetatable(newproxy(true)).__gc = function() while true do end end collectgarbage()", "ok")]
    [InlineData("newproxy(newproxy())", "boolean or proxy expected")]
    [InlineData("loadstring('\\27LuaQ\\0\\1\\4\\8\\4\\8\\0')()", "attempt to call")]
    [InlineData("assert(loadstring(string.dump(function() end)))", "unexpected symbol")]
    [InlineData("assert(load(function() return '\\27Lua' end))", "unexpected symbol|not enough memory")]
    [InlineData("assert(loadstring('[' .. ('='):rep(1e6)))", "invalid long string delimiter")]
    [InlineData("assert(loadstring('return [' .. ('='):rep(1e6) .. '[x'))", "unfinished long string")]
    [InlineData("assert(loadstring('return \"\\\\999\"'))", "escape sequence too large")]
    [InlineData("local t = {} for i = 1, 300 do t[i] = 'local a' .. i end assert(loadstring(table.concat(t, ' ')))", "200 local variables")]
    [InlineData("debug.getinfo(1)", "attempt to index global 'debug'")]
    [InlineData("loadstring('return 1', ('x'):rep(1e6))() assert(loadstring('=', ('x'):rep(1e6)))", "unexpected symbol")]
    [InlineData("assert(load(function() collectgarbage() return nil end))", "ok")]
    [InlineData("load(function() error({}) end) assert(load(function() error('no') end))", "no")]
    [InlineData("local f = coroutine.wrap(function() local x = {} coroutine.yield(function() return x end) error(x) end) f() f()", "table")]
    [InlineData("local s = string.dump(function() end) loadstring(s:gsub('.', '\\255'))()", "attempt to call")]
    [InlineData("getmetatable('').__lt = 1 getmetatable('').__concat = 1 return 'a' .. 'b' < 'c'", "ok")]
    [InlineData("getmetatable('').__index = getmetatable('') return ('x').y", "ok")]
    [InlineData("local t = setmetatable({}, {__mode = 'kv', __gc = 1, __len = error}) t[t] = t collectgarbage() return #t", "ok")]
    [InlineData("local a = {} for i = 1, 1e4 do a[i] = function() return i, a end end a = nil collectgarbage()", "ok")]
    public void BadScripts_EndAndGiveBack(string body, string expected)
    {
        Script script = NewScript();
        LuaMemory memory = script.Machine.Memory;
        memory.Measure();
        long before = memory.Used;
        memory.Limit = MemoryMax;
        string outcome = Run(script, body);
        Assert.Contains(expected.Split('|'), one => outcome.Contains(one, StringComparison.Ordinal));
        Assert.InRange(memory.Used, 0, MemoryMax);
        script.Machine.Stop();
        memory.Measure();
        Assert.InRange(memory.Used, 0, before + (64 << 10));
    }

    [Theory]
    [InlineData("('a'):rep(1e5):find('.-.-.-.-b')")]
    [InlineData("('a'):rep(1e5):gsub('.-.-.-.-b', '')")]
    [InlineData("for w in ('a'):rep(1e5):gmatch('.*.*.*.*b') do end")]
    [InlineData("('a'):rep(1e5):match(('a?'):rep(30) .. ('a'):rep(30) .. 'b')")]
    [InlineData("while true do ('x'):gsub('', function() return 'y' end) end")]
    [InlineData("while true do pcall(string.rep) end")]
    [InlineData("while true do table.sort({3, 1, 2}, function() return false end) end")]
    [InlineData("while true do cjson.decode(cjson.encode({1, {2}, 'x'})) end")]
    [InlineData("while true do loadstring(('x = {} '):rep(100)) end")]
    [InlineData("for k in coroutine.wrap(function() while true do coroutine.yield(1) end end) do end")]
    [InlineData("local f = coroutine.wrap(function() while 1 do coroutine.yield(1) end end) local t = setmetatable({}, {__index = f}) "
        + "while t.x do end")]
    [InlineData("local f function f() return xpcall(error, f) end while true do f() end")]
    [InlineData("local co = coroutine.wrap(function() while true do pcall(coroutine.yield, 1) end end) while true do co() end")]
    [InlineData("for i = 1, 1e15 do end")]
    [InlineData("local t = {} for i = 1, 1e5 do t[i] = i end while true do for k in pairs(t) do t[k] = k end end")]
    public void EndlessWork_IsSuspendedAndDropped(string body)
    {
        Script script = NewScript();
        LuaMachine machine = script.Machine;
        machine.Memory.Limit = MemoryMax;
        machine.Start(machine.Load(Encoding.Latin1.GetBytes(body), LuaString.Of("@test")));
        for (int slice = 0; slice < 20; slice++)
        {
            Assert.Equal(RunStatus.Suspended, machine.Run(SliceSize));
        }
        Assert.InRange(machine.InstructionCount, 20 * SliceSize, 200 * SliceSize);
        machine.Stop();
        Assert.Equal("ok", Run(script, "return 1"));
        Assert.InRange(machine.Memory.Used, 0, MemoryMax);
    }

    private static Script NewScript()
    {
        Script script = new();
        StringLibrary.Open(script.Machine);
        TableLibrary.Open(script.Machine);
        MathLibrary.Open(script.Machine, new RandomSequence());
        JsonLibrary.Open(script.Machine);
        MessagePackLibrary.Open(script.Machine);
        StructLibrary.Open(script.Machine);
        BitLibrary.Open(script.Machine);
        return script;
    }

    /// <summary>The error of a program, or "ok"; it must end.</summary>
    private static string Run(Script script, string body)
    {
        LuaMachine machine = script.Machine;
        machine.Start(machine.Load(Encoding.Latin1.GetBytes(body), LuaString.Of("@test")));
        RunStatus status = RunStatus.Suspended;
        for (int slice = 0; slice < SlicesMax && status == RunStatus.Suspended; slice++)
        {
            status = machine.Run(SliceSize);
        }
        Assert.NotEqual(RunStatus.Suspended, status);
        return status == RunStatus.Finished ? "ok"
            : machine.Error.Object is LuaString text ? text.ToString()
            : machine.Error.TypeName;
    }
}
