using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>
/// Scripts that have broken servers, sent by EVAL to a process: each ends with a clean error or a harmless result, the server answers
/// others afterwards, and its memory comes back.
/// </summary>
public sealed class BadScriptTests
{
    private const string Readonly = "Attempt to modify a readonly table";
    private const string NoGlobal = "Script attempted to access nonexistent global variable";
    private const string NoMemory = "not enough memory";
    private const string Deep = "Found too many nested data structures";

    /// <summary>Bytes that may be used by scripts that are over.</summary>
    private const long KeptMax = 4 << 20;

    /// <summary>Bytes by which the process may have grown.</summary>
    private const long GrownMax = 256 << 20;

    private static readonly string[] s_options = ["--script-max-memory", "64mb", "--busy-reply-threshold", "50", "--appendonly", "yes"];

    /// <summary>Scripts, and what their replies contain: one of several, or nothing but an end.</summary>
    private static readonly (string Script, string Expected)[] s_ending =
    [
        // Counts and sizes.
        ("return #string.rep('x', 2^31)", ":0|" + NoMemory),
        ("return string.rep('x', 2^31 - 1)", NoMemory),
        ("return ('x'):rep(1e9):rep(1e9)", NoMemory),
        ("local t = {} for i = 1, 1e9 do t[i] = i end", NoMemory),
        ("local t = {} for i = 1, 1e9 do t['k' .. i] = i end", NoMemory),
        ("local t = {} for i = 1, 1e9 do t[i] = {} end", NoMemory),
        ("local s = 'x' while true do s = s .. s end", NoMemory),
        ("local t = {} t[2^53] = 1 t[-2^53] = 1 t[1e300] = 1 return #t", ":0"),
        ("return {unpack({}, 1, 1e7)}", "too many results to unpack"),
        ("return {unpack({}, 0, 2147483647)}", "too many results to unpack"),
        ("return {unpack({}, -2147483648, 2147483647)}", "too many results to unpack"),
        ("return string.format('%99999d', 1)", "invalid format (width or precision too long)"),
        ("return #string.format('%99.99f', -1e308)", ":"),
        ("return string.format(('%s'):rep(300), unpack({}, 1, 300))", "bad argument|no value|nil"),
        ("return table.concat({}, 'x', 1, 1e9)", "invalid value (nil) at index 1"),
        ("return {('x'):rep(10000):byte(1, -1)}", "string slice too long"),
        ("return {string.char(unpack({256}))}", "invalid value"),

        // CVE-2024-31449: the width of bit.tohex. CVE-2018-11218, 11219: cmsgpack and struct.
        ("return bit.tohex(65535, -2147483648)", "0000FFFF"),
        ("return bit.tohex(0, 2147483647)", "00000000"),
        ("return struct.pack('>I2147483648', 10)", "integral size"),
        ("return struct.pack('i' .. ('9'):rep(100), 1)", "integral size"),
        ("return struct.unpack('c2147483647', 'x')", "data string too short"),
        ("return struct.unpack('c0', ('x'):rep(10))", "needs a previous size"),
        ("return struct.unpack('s', 'x', 2147483647)", "too short"),
        ("return cmsgpack.pack(unpack({}, 1, 7000)):len()", ":7000"),
        ("return cmsgpack.unpack('\\221\\255\\255\\255\\255')", "Missing bytes"),
        ("return cmsgpack.unpack(('\\145'):rep(1e6))", "Missing bytes|overflow"),
        ("local t = {} for i = 1, 1e5 do t = {t} end return #cmsgpack.pack(t)", ":"),
        ("local t = {} t[1] = t return #cmsgpack.pack(t)", ":"),
        ("return cjson.decode(('['):rep(1e6))", Deep),
        ("return cjson.decode('{\"a\":' .. ('['):rep(1e6))", Deep),
        ("local t = {} for i = 1, 1e5 do t = {t} end return cjson.encode(t)", "excessive"),
        ("local t = {} t[1] = t return cjson.encode(t)", "excessive"),
        ("return cjson.encode({[1e9] = 1})", "excessively sparse"),

        // Recursion.
        ("local function f() return f() + 1 end return f()", "stack overflow"),
        ("local function f() return pcall(f) end return f()", ""),
        ("local function f(s) return (s:gsub('x', f)) end return f('x')", "stack overflow"),
        ("local function f() return coroutine.wrap(f)() end return f()", "C stack overflow"),
        ("local t = setmetatable({}, {}) getmetatable(t).__index = t return t.x", "loop in gettable"),
        ("local t = setmetatable({}, {__index = function(t, k) return t[k + 1] end}) return t[1]", "stack overflow"),
        ("local t = setmetatable({}, {}) getmetatable(t).__call = t return t()", "attempt to call"),
        ("local t = setmetatable({}, {__lt = function(a, b) return a < b end}) return t < t", "stack overflow"),
        ("local m = {__eq = function(a, b) return a == b end} return setmetatable({}, m) == setmetatable({}, m)", "stack overflow"),
        ("local t = {} t[1] = t return t", "reached lua stack limit"),
        ("local t = {} for i = 1, 1e5 do t = {t} end return t", "reached lua stack limit"),

        // Parsing. CVE-2025-49844: a chunk's name while its parser collects garbage. CVE-2025-46819: long brackets.
        ("return loadstring('return ' .. ('('):rep(1e5))", ""),
        ("return select(2, loadstring('return ' .. ('('):rep(1e5)))", "too many syntax levels"),
        ("return select(2, loadstring('return ' .. ('{'):rep(1e5)))", "too many syntax levels"),
        ("return select(2, loadstring(('do '):rep(1e5)))", "too many syntax levels"),
        ("return select(2, loadstring(('function f() '):rep(1e5)))", "too many syntax levels"),
        ("return select(2, loadstring('a = ' .. ('a.'):rep(1e5) .. 'a'))", ""),
        ("return select(2, loadstring('return ' .. ('\"\" .. '):rep(1e5) .. '1'))", "too many|complex"),
        ("return select(2, loadstring('return [' .. ('='):rep(1e6) .. '[x'))", "unfinished long string"),
        ("return select(2, loadstring('[' .. ('='):rep(1e6)))", "invalid long string delimiter"),
        ("return select(2, loadstring('return \"\\\\999\"'))", "escape sequence too large"),
        ("return select(2, loadstring('local a' .. (', a'):rep(300)))", "200 local variables"),
        ("return select(2, loadstring(('x = 1 '):rep(1e6)))", "chunk is longer than"),
        ("for i = 1, 200 do loadstring('x = 1', ('n'):rep(10000) .. i) collectgarbage() end return 1", ":1"),
        ("return loadstring('\\27LuaQ\\0\\1\\4\\8\\4\\8\\0')", ""),
        ("return loadstring(string.dump(function() end))", ""),
        ("local s = ('x'):rep(1e6) return load(function() return s end)", NoMemory),

        // CVE-2024-46981: closures and coroutines that the collector finds while they are taken apart.
        ("local a = {} for i = 1, 1e5 do a[i] = function() return i, a end end a = nil collectgarbage() return 1", ":1"),
        ("local t = {} for i = 1, 1e4 do t[i] = coroutine.wrap(coroutine.yield) t[i](t) end return #t", "Lua function expected"),
        ("local t = setmetatable({}, {__mode = 'kv'}) for i = 1, 1e4 do t[{}] = {} end collectgarbage() return 1", ":1"),

        // Sets in which a percent sign ends a range and another one stands before the bracket.
        ("return string.find('x]', '[]-%%]')", ":2"),
        ("return string.gsub('x]', '[a-%%]', '')", "x"),

        // Errors that are no texts.
        ("error(setmetatable({}, {__tostring = function() while true do end end}))", "ERR unknown error"),
        ("error(setmetatable({}, {__index = function() error('again') end}))", "ERR"),
        ("return tostring(setmetatable({}, {__tostring = function(t) return t end}))", ""),
        ("error()", "ERR"),
        ("return {err = {}}", ""),
        ("return {ok = {}, err = 5}", ""),
        ("return setmetatable({}, {__index = function() while true do end end})", "*0"),
        ("xpcall(error, function(m) error(m) end) return 1", ":1"),

        // Ways out. CVE-2025-46818, CVE-2022-24735: what a script leaves for another user's.
        ("getmetatable('').__index = function() return 1 end", Readonly),
        ("getmetatable('').__add = function() return 1 end", Readonly),
        ("setmetatable(getmetatable(''), {})", Readonly),
        ("string.rep = nil", Readonly),
        ("rawset(_G, 'x', 1)", Readonly),
        ("rawset(string, 'rep', 1)", Readonly),
        ("setmetatable(_G, {})", Readonly),
        ("redis.call = nil", Readonly),
        ("x = 1", Readonly),
        ("table.insert(redis, 1)", Readonly),
        ("table.sort(KEYS, function() rawset(math, 'pi', 4) end) rawset(math, 'pi', 4)", Readonly),
        ("return getfenv(0)", NoGlobal),
        ("setfenv(0, {})", NoGlobal),
        ("return newproxy(true)", NoGlobal),
        ("return debug.getinfo(1)", NoGlobal),
        ("return require('os')", NoGlobal),
        ("return io.open('/etc/passwd')", NoGlobal),
        ("return os.execute('id')", NoGlobal),
        ("return dofile('/etc/passwd')", NoGlobal),
        ("return loadfile('/etc/passwd')", NoGlobal),
        ("return print(1)", NoGlobal),
        ("return package.loadlib('x', 'y')", NoGlobal),
        ("return redis.call('eval', 'return 1', 0)", "not allowed from script"),
        ("return redis.call('config', 'get', '*')", "not allowed from script"),
        ("return redis.call(('x'):rep(1e6))", "Unknown"),
        ("return redis.call('set', 'k', {})", "must be strings or integers"),
        ("return redis.sha1hex(('x'):rep(1e7))", "$40"),
        ("redis.log(redis.LOG_NOTICE, ('%s%n'):rep(100)) return 1", ":1"),
        ("redis.setresp(3) return redis.call('hgetall', 'nosuch')", ""),
        ("return redis.error_reply(('x\\r\\n'):rep(100))", "x"),
        ("return redis.status_reply('a\\r\\n+b')", "+a  +b"),
    ];

    /// <summary>Scripts that only SCRIPT KILL ends.</summary>
    private static readonly string[] s_endless =
    [
        "while true do end",
        "repeat until false",
        "for i = 1, math.huge do end",
        "while true do pcall(error, 'x') end",
        "while true do pcall(function() while true do end end) end",
        "local function f() return f() end f()",
        "coroutine.wrap(function() while true do end end)()",
        "local t = setmetatable({}, {__index = function() while true do end end}) return t.x",
        "table.sort({3, 2, 1}, function() while true do end end)",
        "string.gsub('x', 'x', function() while true do end end)",
        "return string.find(('a'):rep(1e5), ('a-'):rep(60) .. 'b')",
        "while true do string.rep('x', 1e6) end",
        "while true do redis.call('get', 'k') end",
        "xpcall(function() while true do end end, function() while true do end end)",
        "for a in function() return 1 end do end",
        "while true do collectgarbage() end",
        "while true do loadstring('return 1') end",
        "while true do cjson.decode(cjson.encode({1, 2, 3})) end",
    ];

    [Fact]
    public void EachEndsAndGivesBackWhatItTook()
    {
        using ServerProcess server = ServerProcess.Start(Programs.Server, s_options);
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        client.Call("EVAL \"return 1\" 0");
        long residentBefore = server.ResidentBytes;
        StringBuilder failures = new();
        foreach ((string script, string expected) in s_ending)
        {
            string reply = Eval(client, script);
            if (!expected.Split('|').Any(one => reply.Contains(one, StringComparison.Ordinal)))
            {
                failures.AppendLine(CultureInfo.InvariantCulture, $"{script}\n  {reply[..Math.Min(reply.Length, 200)]}");
            }
            Assert.Equal("PONG", other.Call("PING").Text);
        }
        Assert.True(failures.Length == 0, failures.ToString());
        AssertUntouched(client);
        AssertGivenBack(server, other, residentBefore);
    }

    [Fact]
    public void EndlessOnesAreKilled()
    {
        using ServerProcess server = ServerProcess.Start(Programs.Server, s_options);
        using RespConnection client = server.Connect();
        using RespConnection other = server.Connect();
        client.Call("EVAL \"return 1\" 0");
        long residentBefore = server.ResidentBytes;
        foreach (string script in s_endless)
        {
            client.Send(Request(script));
            Patience.Until(() => other.Call("SCRIPT KILL").Text == "OK", script);
            Assert.StartsWith("ERR Script killed by user", client.Read().Text, StringComparison.Ordinal);
            Assert.Equal("PONG", other.Call("PING").Text);
        }
        AssertUntouched(client);
        AssertGivenBack(server, other, residentBefore);
    }

    [Fact]
    public void WhatOneUserLeavesNoOtherFinds()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        client.Call("ACL SETUSER low on nopass ~low +@all");
        using RespConnection low = server.Connect();
        low.Call("AUTH low x");
        foreach (string script in (string[])
            [
                "pcall(rawset, _G, 'redis', nil) pcall(function() redis.call = error end) return 1",
                "pcall(function() getmetatable('').__index = function() return redis.call('set', 'k', 'stolen') end end) return 1",
                "pcall(function() getmetatable('').__add = function() return redis.call('set', 'k', 'stolen') end end) return 1",
                "KEYS[1] = 'k' ARGV.x = 'y' return 1",
                "coroutine.wrap(function() coroutine.yield() end)() return 1",
                "pcall(function() string.len = function() return redis.call('set', 'k', 'stolen') end end) return 1",
                "math.randomseed(1) return 1",
            ])
        {
            Assert.Equal(1, low.Call($"EVAL \"{script}\" 1 low").Integer);
        }
        AssertUntouched(client);
        Assert.Equal("nilnil", client.Call("EVAL \"return tostring(KEYS[1]) .. tostring(ARGV.x)\" 0").Text);
        Assert.True(client.Call("GET k").IsNull);
    }

    private static byte[] Request(string script) => Encoding.Latin1.GetBytes(
        $"*3\r\n$4\r\nEVAL\r\n${script.Length}\r\n{script}\r\n$1\r\n0\r\n");

    /// <summary>The reply, as it was sent.</summary>
    private static string Eval(RespConnection client, string script)
    {
        client.Send(Request(script));
        return Encoding.Latin1.GetString(client.ReadRaw());
    }

    /// <summary>Scripts find what they always find.</summary>
    private static void AssertUntouched(RespConnection client)
    {
        Assert.Equal("abc7", client.Call("EVAL \"return ('abc'):sub(1, 3) .. #('x'):rep(7)\" 0").Text);
        Assert.Contains("attempt to perform arithmetic", client.Call("EVAL \"return 'a' + 1\" 0").Text, StringComparison.Ordinal);
        Assert.Equal(
            "nil nil 0", client.Call("EVAL \"return type(rawget(_G, 'x')) .. ' ' .. type(rawget(math, 'x')) .. ' ' .. #KEYS\" 0").Text);
    }

    private static void AssertGivenBack(ServerProcess server, RespConnection client, long residentBefore)
    {
        client.Call("SCRIPT FLUSH SYNC");
        client.Call("EVAL \"return 1\" 0");
        Assert.InRange(Field(client, "used_memory_lua"), 0, KeptMax);
        Patience.Until(
            () => server.ResidentBytes - residentBefore < GrownMax,
            () => $"{residentBefore} bytes were resident before, {server.ResidentBytes} are");
    }

    private static long Field(RespConnection client, string name) => InfoText.Number(client, name, "memory");
}
