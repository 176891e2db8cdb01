using System.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>No script ends the process, stalls it or takes more memory than it may.</summary>
public sealed class LimitTests
{
    private const int LimitBytes = 1 << 20;

    [Theory]
    [InlineData("while true do end")]
    [InlineData("repeat until false")]
    [InlineData("for i = 1, 1 / 0 do end")]
    [InlineData("for i = 1, 2, 0 do end for i = 1, 1, 0 do end while 1 do end")]
    [InlineData("local function f() return f() end f()")]
    [InlineData("local function f() end while true do f() end")]
    [InlineData("while true do pcall(error) end")]
    [InlineData("while true do pcall(pcall, error) end")]
    [InlineData("local t = setmetatable({}, {__index = function(t, k) return t[k] end}) while 1 do pcall(function() return t.x end) end")]
    [InlineData("local co = coroutine.wrap(function() while true do coroutine.yield() end end) while true do co() end")]
    [InlineData("for k in function() return 1 end do end")]
    [InlineData("local t = {1} for k in pairs(t) do t[k] = 2 while t do end end")]
    [InlineData("load(function() return ' ' end)")]
    [InlineData("local t = {} for i = 1, 1e9 do t[1] = i t[1] = nil end")]
    [InlineData("xpcall(error, function() while true do end end)")]
    [InlineData("while true do loadstring('x = 1')() end")]
    [InlineData("while true do collectgarbage() end")]
    [InlineData("while true do local t = {} t.x = {} t.y = tostring(t) end")]
    public void EndlessScripts_AreSuspendedAndDropped(string source)
    {
        var script = new Script();
        script.Machine.Memory.Limit = LimitBytes;
        script.Machine.Start(script.Machine.Load(Encoding.Latin1.GetBytes(source), LuaString.Of("=x")));
        for (int slice = 0; slice < 50; slice++)
        {
            Assert.Equal(RunStatus.Suspended, script.Machine.Run(1000));
        }
        Assert.InRange(script.Machine.InstructionCount, 50_000, 500_000_000);
        script.Machine.Stop();
        Assert.Equal("ok", script.Run("print('ok')"));
    }

    [Theory]
    [InlineData("local t = {} for i = 1, 1e9 do t[i] = i end")]
    [InlineData("local t = {} for i = 1, 1e9 do t[i + 0.5] = i end")]
    [InlineData("local t = {} for i = 1, 1e9 do t['k' .. i] = i end")]
    [InlineData("local t = {} while true do t = {t} end")]
    [InlineData("local t = {} while true do t = {{}, t, {}} end")]
    [InlineData("local s = 'x' while true do s = s .. s end")]
    [InlineData("local s = 'x' while true do s = s .. 'y' .. s end")]
    [InlineData("local f while true do local g = f f = function() return g end end")]
    [InlineData("local t = {} while true do t[#t + 1] = coroutine.create(function() end) end")]
    [InlineData("local co while true do local last = co co = coroutine.wrap(function() coroutine.yield() return last end) co() end")]
    [InlineData("local t = {} while true do t[#t + 1] = assert(loadstring('return function() return ' .. #t .. ' end')) end")]
    [InlineData("local t = {} while true do t[#t + 1] = newproxy(true) end")]
    [InlineData("local t = {} while true do t[#t + 1] = {('x' .. #t)} end")]
    [InlineData("local function f(...) return f(1, ...) end f()", "stack overflow")]
    [InlineData("local function f(...) local a, b = f(1, ...) return a end f()")]
    [InlineData("load(function() return 'x = 1 ' end)")]
    [InlineData("local s = ('x') while true do s = tostring(s) .. s end")]
    public void Memory_EndsWithAnErrorAndIsGivenBack(string source, string also = "not enough memory")
    {
        var script = new Script();
        LuaMemory memory = script.Machine.Memory;
        memory.Measure();
        long before = memory.Used;
        memory.Limit = LimitBytes;
        string outcome = script.Run(source);
        Assert.True(outcome == "not enough memory" || outcome.EndsWith(also, StringComparison.Ordinal), outcome);
        Assert.InRange(memory.Used, 0, LimitBytes);
        script.Machine.Stop();
        memory.Measure();
        Assert.InRange(memory.Used, 0, before + LimitBytes / 2);
        Assert.EndsWith("ok", script.Run("print('ok')"), StringComparison.Ordinal);
    }

    [Fact]
    public void Garbage_IsNotCountedForLong()
    {
        var script = new Script();
        script.Machine.Memory.Limit = LimitBytes;
        const string Source = "local s for i = 1, 200000 do s = {i, 'x' .. i} end print(s[1])";
        Assert.Equal("200000", script.Run(Source));
    }

    [Fact]
    public void MemoryErrors_CanBeCaught_AndNoHandlerIsAsked()
    {
        var script = new Script();
        script.Machine.Memory.Limit = LimitBytes;
        const string Source = """
            local function fill() local t = {} while true do t[#t + 1] = {} end end
            print(pcall(fill))
            print(xpcall(fill, function(m) return 'handled' end))
            print(collectgarbage('count') < 1024)
            """;
        Assert.Equal("false\tnot enough memory\nfalse\tnot enough memory\ntrue", script.Run(Source));
    }

    [Theory]
    [InlineData("local function f() return 1 + f() end f()")]
    [InlineData("local function f() pcall(f) error('x', 0) end f()", "x")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k .. 'x'] end return t.x")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__newindex = function(t, k, v) t[k] = v end t.x = 1")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__call = function(t) local x = t() return x end t()")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__add = function(a, b) return a + b + 1 end return t + t")]
    [InlineData("local m = {} local t = setmetatable({}, m) m.__eq = function(a, b) return a == b end return t == setmetatable({}, m)")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__lt = function(a, b) return not (a < b) end return t < t")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__concat = function(a, b) return a .. b .. '' end return t .. 'x'")]
    [InlineData("local t = setmetatable({}, {}) getmetatable(t).__tostring = function(a) return tostring(a) .. '' end tostring(t)")]
    [InlineData("local function f() return xpcall(f, f) end print(f())", "true")]
    [InlineData("local function f() local x = loadstring('return ...')(f()) return x end f()")]
    [InlineData("local function f() for k in f do end end f()")]
    [InlineData("local function f() local co = coroutine.wrap(f) co() end f()", "C stack overflow")]
    public void Recursion_EndsWithAnError(string source, string expected = "stack overflow")
    {
        string outcome = new Script().Run(source);
        Assert.Contains(expected, outcome, StringComparison.Ordinal);
    }

    [Fact]
    public void StackOverflow_HasAPlaceAndCanBeCaught()
    {
        const string Source = "local n = 0 local function f() n = n + 1 return 1 + f() end print(pcall(f)) print(n > 10000, pcall(f))";
        Assert.Equal("false\ttest:1: stack overflow\ntrue\tfalse\ttest:1: stack overflow", new Script().Run(Source));
    }

    [Theory]
    [InlineData("x = ", "(", "1", ")", "chunk has too many syntax levels")]
    [InlineData("x = ", "{", "1", "}", "chunk has too many syntax levels")]
    [InlineData("x = ", "- ", "1", "", "chunk has too many syntax levels")]
    [InlineData("x = ", "not ", "1", "", "chunk has too many syntax levels")]
    [InlineData("x = ", "2 ^ ", "1", "", "chunk has too many syntax levels")]
    [InlineData("x = ", "'' .. ", "1", "", "chunk has too many syntax levels")]
    [InlineData("", "do ", "", " end", "chunk has too many syntax levels")]
    [InlineData("", "while x do ", "", " end", "chunk has too many syntax levels")]
    [InlineData("", "if x then ", "", " end", "chunk has too many syntax levels")]
    [InlineData("", "for i = 1, 1 do ", "", " end", "more than 200 local variables")]
    [InlineData("", "repeat ", "", " until x", "chunk has too many syntax levels")]
    [InlineData("", "f(function() ", "", " end)", "chunk has too many syntax levels")]
    [InlineData("x = ", "function() return ", "1", " end", "chunk has too many syntax levels")]
    [InlineData("", "x[", "1", "] = 1", "chunk has too many syntax levels")]
    [InlineData("", "x, ", "x", " = 1", "more than ")]
    [InlineData("x = ", "f(", "1", ")", "chunk has too many syntax levels")]
    public void DeepSyntax_IsRefused(string start, string open, string inner, string close, string expected)
    {
        foreach (int depth in (int[])[300, 100_000])
        {
            string source = start + Repeat(open, depth) + inner + Repeat(close, depth);
            Assert.Contains(expected, new Script().Run(source), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("local x = 1 print(x", " + 1", ")", "100001")]
    [InlineData("local x = true print(x", " and x", ")", "true")]
    [InlineData("local x = false print(x", " or x", ")", "false")]
    [InlineData("local x = {} x.a = x print(x", ".a", " == x)", "true")]
    [InlineData("local f f = function() return f end print(f", "()", " == f)", "true")]
    [InlineData("local x = 5 if x == 1 then", " elseif x == 2 then", " else print('else') end", "else")]
    [InlineData("local x = 0", " x = x + 1", " print(x)", "100000")]
    [InlineData("local x = {0", ", 1", "} print(#x)", "100001")]
    [InlineData("local x = {0", ", a = 1", "} print(x.a)", "1")]
    public void LongSources_AreCompiledInLinearTime(string start, string middle, string end, string expected) =>
        Assert.Equal(expected, new Script().Run(start + Repeat(middle, 100_000) + end));

    [Fact]
    public void ManyVariables_AreRefused()
    {
        Assert.Equal("test:1: main function has more than 200 local variables", new Script().Run(Repeat("local x ", 201)));
        string locals = string.Concat(Enumerable.Range(0, 61).Select(i => $"local x{i} = 1 "));
        string uses = string.Concat(Enumerable.Range(0, 61).Select(i => $"x{i} = 2 "));
        Assert.Equal("test:2: function at line 2 has more than 60 upvalues", new Script().Run($"{locals}\nlocal function f() {uses} end"));
        Assert.Equal(
            "test:1: function or expression too complex near 'x'",
            new Script().Run($"f({string.Join(", ", Enumerable.Repeat("x", 260))})"));
    }

    private static string Repeat(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
}
