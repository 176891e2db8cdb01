namespace Bixbite.Lua.Running;

/// <summary>
/// A thread gets what it waits for where its call wants it: as results, as an operand, as the outcome of a test; and errors go through
/// threads. What Lua 5.1 can do prints there what is expected here.
/// </summary>
public sealed class CoroutineTests
{
    private const string Meta = "local function with(event, f) return setmetatable({}, {['__' .. event] = f}) end ";

    [Theory]
    [InlineData("local co = coroutine.wrap(function() return coroutine.yield(1) end) print(co()) print(co(2, 3))", "1\n2\t3")]
    [InlineData(
        "local co = coroutine.wrap(function() local a, b, c = coroutine.yield() print(a, b, c) coroutine.yield() "
            + "return select('#', coroutine.yield(a)) end) print('begin', co()) print(co(1)) print(co()) print(co(nil, nil))",
        "begin\n1\tnil\tnil\n\n1\n2")]
    [InlineData(
        "local co = coroutine.create(function(...) coroutine.yield(...) coroutine.yield() return 1 end) local ok = coroutine.resume(co, 1) "
            + "print(ok) local a, b, c = coroutine.resume(co, 3) print(a, b, c) coroutine.resume(co) print(coroutine.status(co))",
        "true\ntrue\tnil\tnil\ndead")]
    [InlineData(
        "local l = {} for i = 1, 300 do l[i] = i end local co = coroutine.wrap(function(...) local n = select('#', ...) while true do "
            + "n = select('#', coroutine.yield(n, unpack(l))) end end) print(select('#', co(unpack(l)))) print((co(unpack(l, 1, 250)))) "
            + "print((co()))",
        "301\n250\n0")]
    [InlineData(
        "for a, b in coroutine.wrap(function(...) for i = 1, 2 do coroutine.yield(i, select('#', ...)) end end) do print(a, b) end",
        "1\t2\n2\t2")]
    public void Values_GoWhereTheyAreWanted(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData(
        "local t = with('index', coroutine.wrap(function(t, k) while true do t, k = coroutine.yield(k .. '!', 1) end end)) print(t.x, t.y)",
        "x!\ty!")]
    [InlineData(
        "local m = {__lt = coroutine.wrap(function() while true do coroutine.yield(nil) coroutine.yield(1) end end)} "
            + "local a, b = setmetatable({}, m), setmetatable({}, m) print(a < b, a < b, a <= b, a <= b)",
        "false\ttrue\ttrue\tfalse")]
    [InlineData(
        "local a = with('concat', coroutine.wrap(function(x, y) while true do x, y = coroutine.yield(type(x) .. type(y)) end end)) "
            + "print('a' .. a .. 'b', 1 .. a)",
        "atablestring\tnumbertable")]
    [InlineData(
        "local m = {__eq = coroutine.wrap(function() coroutine.yield() coroutine.yield(0) error('no') end)} "
            + "local a, b = setmetatable({}, m), setmetatable({}, m) print(a == b, a == b, pcall(function() return a == b end))",
        "false\ttrue\tfalse\ttest:1: test:1: no")]
    public void AHandler_MayResume(string source, string expected) => Assert.Equal(expected, Script.Print(Meta + source));

    [Theory]
    [InlineData("local t = with('index', coroutine.yield) f(function() return 'got', t.x end, 7)", "table\tx\ngot\t7")]
    [InlineData("local t = with('newindex', coroutine.yield) f(function() t.x = 1 return 'set' end)", "table\tx\t1\nset")]
    [InlineData("local t = with('add', coroutine.yield) f(function() return 1 + (t + 5) end, 9)", "table\t5\n10")]
    [InlineData("local t = with('concat', coroutine.yield) f(function() return 'a' .. t .. 'b' end, 'X')", "table\tb\naX")]
    [InlineData("local t = with('call', coroutine.yield) f(function() return t(1, 2) end, 3, 4)", "table\t1\t2\n3\t4")]
    [InlineData("local t = with('lt', coroutine.yield) f(function() return t < t, 1 end, false)", "table\ttable\nfalse\t1")]
    [InlineData("local t = with('lt', coroutine.yield) f(function() if t < t then return 'less' end end, 1)", "table\ttable\nless")]
    [InlineData("local t = with('lt', coroutine.yield) f(function() return t <= t end, 1)", "table\ttable\nfalse")]
    [InlineData("f(function() return pcall(coroutine.yield, 1, 2) end, 3)", "1\t2\ntrue\t3")]
    [InlineData("f(function() return xpcall(coroutine.yield, print) end, 5)", "nil\ntrue\t5")]
    [InlineData("f(function() for a in coroutine.yield, 's', 'c' do return a end return 'none' end)", "s\tc\nnone")]
    [InlineData("f(function() for a, b in coroutine.yield, 's', 'c' do return a, b end end, 1)", "s\tc\n1\tnil")]
    [InlineData("f(function() return (function(...) return ... end)(coroutine.yield(1)) end, 2, nil)", "1\n2\tnil")]
    public void Yield_IsAFunctionLikeOthers(string source, string expected)
    {
        const string Runs = "local function f(body, ...) local co = coroutine.wrap(body) print(kinds(co())) print(co(...)) end ";
        const string Kinds = "function kinds(v, ...) if type(v) == 'table' then v = 'table' end if select('#', ...) == 0 then return v end "
            + "return v, kinds(...) end ";
        Assert.Equal(expected, Script.Print(Kinds + Meta + Runs + source));
    }

    [Theory]
    [InlineData(
        "local f = coroutine.wrap(function() coroutine.wrap(function() error('x') end)() end) print(pcall(f))",
        "false\ttest:1: test:1: x")]
    [InlineData(
        "local f = coroutine.wrap(function() coroutine.wrap(function() error(5) end)() end) print(pcall(f))",
        "false\ttest:1: test:1: 5")]
    [InlineData("print(pcall(coroutine.resume)) print(pcall(coroutine.resume, 5))",
        "false\tbad argument #1 to '?' (coroutine expected)\nfalse\tbad argument #1 to '?' (coroutine expected)")]
    [InlineData("print(pcall(coroutine.yield, 1))", "false\tattempt to yield across metamethod/C-call boundary")]
    [InlineData(
        "local co co = coroutine.wrap(function() return co() end) print(pcall(co))",
        "false\ttest:1: cannot resume running coroutine")]
    [InlineData(
        "print(coroutine.resume(coroutine.create(function() return coroutine.resume(coroutine.running()) end)))",
        "true\tfalse\tcannot resume running coroutine")]
    [InlineData(
        "local f = coroutine.wrap(function() local x = {5} coroutine.yield(function() return x[1] end) error('gone') end) local g = f() "
            + "print(pcall(f)) collectgarbage() print(g(), pcall(f))",
        "false\ttest:1: gone\n5\tfalse\tcannot resume dead coroutine")]
    [InlineData(
        "local co = coroutine.create(function() pcall(coroutine.yield, 1) error('after') end) print(coroutine.resume(co)) "
            + "print(coroutine.resume(co)) print(coroutine.status(co))",
        "true\t1\nfalse\ttest:1: after\ndead")]
    public void Errors_GoThroughThreads(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    /// <summary>
    /// A thousand threads wait within concatenations, and each goes on only to switch to the next one: that takes nothing of the process'
    /// stack, which is small here.
    /// </summary>
    [Fact]
    public void SwitchesWithinConcatenations_TakeNoStack()
    {
        const string Source = """
            local Y = setmetatable({}, {__concat = coroutine.yield})
            local function parked(body, ...)
              local co = coroutine.wrap(body)
              co(...)
              return setmetatable({}, {__concat = co})
            end
            local function row(n)
              local s = ''
              for i = 1, n do s = s .. 'w[' .. i .. '] .. ' end
              return s
            end
            local middle = assert(loadstring('local Y, w = ... return Y .. ' .. row(10) .. 'Y .. Y'))
            local outer = assert(loadstring('local w = ... return ' .. row(100) .. '1'))
            local list = {}
            for i = 1, 100 do
              local inner = {}
              for j = 1, 10 do inner[j] = parked(function() return Y .. Y .. Y end) end
              list[i] = parked(middle, Y, inner)
            end
            print(type(outer(list)))
            """;
        string printed = "";
        var thread = new Thread(() => printed = new Script().Run(Source), maxStackSize: 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal("table", printed);
        Assert.Equal("table", Script.Print(Source));
    }
}
