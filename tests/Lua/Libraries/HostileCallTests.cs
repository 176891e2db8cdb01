using System.Text;
using Bixbite.Lua.Extensions;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>Calls that would last for ever or take all memory: they can be given up at any time, or end with an error.</summary>
public sealed class HostileCallTests
{
    private const long FuelAtOnce = 20_000;
    private const long FuelBeyondMax = 100_000;
    private const int SliceCount = 50;
    private const long MemoryMax = 8 << 20;

    /// <summary>Each call keeps its text and its result while the next one runs.</summary>
    private const string Nesting =
        "(function() local function nest(s) return (s:gsub('x$', function() return nest(s .. 'x') end)) end "
        + "return nest(('x'):rep(1e5)) end)()";

    [Theory]
    [InlineData("string.find(('a'):rep(100), ('a*'):rep(20) .. 'b')")]
    [InlineData("string.match(('x'):rep(2^20), '.-b')")]
    [InlineData("string.gsub(('a'):rep(1000), '.-.-.-.-b', '')")]
    [InlineData("for _ in string.gmatch(('a'):rep(1000), 'a-a-a-a-b') do end")]
    [InlineData("string.find(('a'):rep(2^20), ('a'):rep(2^18) .. 'b' .. ('a'):rep(2^18), 1, true)")]
    [InlineData("table.insert({}, -2^30, 1)")]
    [InlineData("local t = {} for i = 1, 1e5 do t[i] = i % 7 end table.sort(t, function(a, b) for i = 1, 1e9 do end end)")]
    [InlineData("local t = {} for i = 1, 20 do t = {t, t, t, t, t, t, t, t, t, t} end cjson.encode(t)")]
    [InlineData("local t = {} for i = 1, 14 do t = {t, t, t, t, t, t, t, t, t, t} end cmsgpack.pack(t)")]
    [InlineData("string.gsub(('a'):rep(1e6), 'a', function() while true do end end)")]
    public void WhatLastsForEver_PausesAndIsGivenUp(string program)
    {
        ScriptRunner runner = NewRunner();
        LuaMachine machine = runner.Machine;
        machine.Start(machine.Load(Encoding.Latin1.GetBytes(program), LuaString.Of("@test")));
        for (int slice = 0; slice < SliceCount; slice++)
        {
            Assert.Equal(RunStatus.Suspended, machine.Run(FuelAtOnce));

            // No step goes far beyond what it was given.
            Assert.InRange(machine.Fuel, -FuelBeyondMax, 0);
        }
        machine.Stop();
        AssertAllWorks(runner);
    }

    [Theory]
    [InlineData("string.rep('x', 1e8)")]
    [InlineData("string.rep('x', 2^31 - 1)")]
    [InlineData("string.rep(('x'):rep(1e6), 1e6)")]
    [InlineData("string.gsub(('x'):rep(1e5), 'x', ('y'):rep(1000))")]
    [InlineData("string.gsub(('x'):rep(1e5), 'x', function() return ('y'):rep(1000) end)")]
    [InlineData("(function() local t = {} for i = 1, 1000 do t[i] = i end return table.concat(t, ('x'):rep(1e5)) end)()")]
    [InlineData("string.find(('a'):rep(1e6), ('a?'):rep(1e6))")]
    [InlineData("string.find('', ('%a'):rep(1e5))")]
    [InlineData("string.format(('%99d'):rep(1e5), unpack({}, 1, 7000))")]
    [InlineData("(function() local t = {} for i = 1, 20 do t = {t, t, t, t, t, t, t, t, t, t} end return cjson.encode(t) end)()")]
    [InlineData("(function() local t = {} for i = 1, 14 do t = {t, t, t, t, t, t, t, t, t, t} end return cmsgpack.pack(t) end)()")]
    [InlineData("(function() local c = cjson.new() c.encode_sparse_array(true, 0) return c.encode({[1] = 1, [2^30] = 1}) end)()")]
    [InlineData(Nesting)]
    public void WhatTakesAllMemory_IsAnError(string call)
    {
        ScriptRunner runner = NewRunner();
        runner.Machine.Memory.Limit = MemoryMax;
        string line = runner.Run($"show(pcall(function() return {call} end))")[0];
        Assert.StartsWith("false ", line);
        Assert.True(runner.Machine.Memory.Used <= MemoryMax);
        AssertAllWorks(runner);
    }

    private static void AssertAllWorks(ScriptRunner runner)
    {
        string[] lines = runner.Run(
            "show((('a-b'):gsub('%-', '+')), (('abc'):find('b', 1, true)), ('x'):rep(3)) "
            + "show(table.concat({1, 2}), #cjson.encode({1}), #cmsgpack.pack(1))");
        Assert.Equal(["612b62 2 787878", "3132 3 1"], lines);
    }

    private static ScriptRunner NewRunner()
    {
        ScriptRunner runner = new();
        JsonLibrary.Open(runner.Machine);
        MessagePackLibrary.Open(runner.Machine);
        return runner;
    }
}
