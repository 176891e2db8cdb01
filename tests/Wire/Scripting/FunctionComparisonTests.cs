using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Scripting;

/// <summary>FUNCTION and FCALL answer what Redis 7.0.15 answers, to the byte.</summary>
public sealed class FunctionComparisonTests
{
    /// <summary>Texts that are no libraries, and some that are.</summary>
    private static readonly string[] s_headers =
    [
        "", "return 1", "#!lua", "#!lua\n", "#!lua name=\n", "#!lua name=a b=c\n", "#!lua name=a name=b\n", "#!foo name=a\n", "#!\n",
        "#! name=a\n", "#! \n", "#!lua \"name=a\n", "#!lua name=a-b\n", "#!foo name=a-b\n", "#!lua name=a%s\n", "#!lua x\n", "#!lua x \"\n",
        "#!lua name='a b'\n", "#!lua\tname=a\nreturn 1", "#!lua name=a\nreturn 1", "# !lua name=a\n", "#!lua name=a\r\nx(",
        "#!LUA NAME=a\nx",
        "#!lua  \tname='a2' \nredis.register_function('f', function() end)",
        "#!lua name=\"a\"\nredis.register_function('f', function() end)",
        "#!LUA NAME=Ab_9\nredis.register_function('f', function() end)", "#!lua name=a\r\nredis.register_function('f', function() end)",
        "#!lua name=a\nredis.register_function('f', function() return 'a\\0b' end)", "#!lua name=\"a\\x62\"\nredis.register_function(",
    ];

    /// <summary>The code of libraries, and what becomes of it.</summary>
    private static readonly string[] s_bodies =
    [
        "foo(", "return 1", "error('x')", "redis.call('get','x')", "redis.pcall('get','x')", "return math.random()", "local x = foo",
        "foo = 1",
        "redis.x = 1", "return redis.foo", "_G.x = 1", "setmetatable(_G, {})", "KEYS = 1", "return KEYS[1]", "return redis.setresp(3)",
        "return redis.sha1hex('x')", "return redis.error_reply('x')", "for k in pairs(redis) do end", "return string.rep('x', 3)",
        "return ('x'):rep(3)", "return ('x'):nosuch()", "('x').y = 1", "return #redis", "return redis.REPL_ALL", "redis.log(99, 'x')",
        "redis.log(1)", "redis.log(redis.LOG_DEBUG, 'x')", "redis.log(redis.LOG_WARNING, redis.REDIS_VERSION, redis.REDIS_VERSION_NUM)",
        "redis.log({}, 'x')", "local function r() return r() + 1 end r()", "if nil > 1 then end", "return {} .. 'x'", "\n\nreturn nil + 1",
        "redis.register_function()", "redis.register_function(1, 2, 3)", "redis.register_function(1)", "redis.register_function('f')",
        "redis.register_function('f', 1)", "redis.register_function({}, function() end)", "redis.register_function(1, function() end)",
        "redis.register_function(1.5, function() end)", "redis.register_function('a-b', function() end)",
        "redis.register_function('', function() end)", "redis.register_function('f', function() end, 3)",
        "redis.register_function('f', function() end) redis.register_function('f', function() end)",
        "redis.register_function('f', redis.log)",
        "redis.register_function{}", "redis.register_function{1}", "redis.register_function{function_name=1}",
        "redis.register_function{function_name={}}", "redis.register_function{function_name='f'}", "redis.register_function{callback=1}",
        "redis.register_function{description={}}", "redis.register_function{flags=1}", "redis.register_function{flags={'x'}}",
        "redis.register_function{flags={1}}", "redis.register_function{flags={{}}}", "redis.register_function{foo=1}",
        "redis.register_function{[{}]=1}", "redis.register_function{[true]=1}", "redis.register_function{callback=function() end}",
        "redis.register_function{function_name='f', callback=function() end}",
        "redis.register_function{function_name='f', callback=function() end, flags={}}",
        "redis.register_function{function_name='f', callback=function() end, description=1}",
        "redis.register_function{FUNCTION_NAME='f', Callback=function() end, DESCRIPTION='d\\0x'}",
        "redis.register_function{function_name='f', callback=function() end, flags={'no-writes'}}",
        "redis.register_function{function_name='f', callback=function() end, flags={'NO-WRITES', 'no-writes'}}",
        "redis.register_function{function_name='f', callback=function() end, flags={'allow-oom', 'allow-stale', 'raw'}}",
        "redis.register_function{function_name='f', callback=function() end, flags={[2]='no-writes'}}",
        "redis.register_function{function_name='f', callback=function() end, flags={'no-writes', nil, 'x'}}",
        "redis.register_function{function_name='f', callback=function() end, "
            + "flags={'allow-cross-slot-keys', 'no-cluster', 'allow-stale', 'allow-oom', 'no-writes'}}",
        "redis.register_function('f', function() end) error()", "redis.register_function('f', function() end) return 1",
        "local r = redis.register_function r('f', function() end)",
    ];

    /// <summary>The bodies of functions.</summary>
    private static readonly string[] s_functions =
    [
        "return 1", "return {keys, args, #keys, #args}", "return {k=1}", "return redis.call('set', 'a', '1')",
        "return redis.call('get', 'a')",
        "x = 1", "return x", "return KEYS", "return ARGV", "_G.x = 1", "redis.foo = 1", "return redis.foo",
        "return redis.register_function",
        "error('x')", "error({err='MY x'})", "return redis.error_reply('MY x')", "return {err='MY x'}", "return {ok='fine'}",
        "return redis.call('nosuch')", "return redis.pcall('nosuch')", "return redis.call('fcall', 't', '0')",
        "return redis.call('fcall_ro', 't', '0')", "return redis.call('function', 'list')", "return redis.call('function', 'stats')",
        "return redis.call('function', 'flush')", "return redis.call('function', 'load', 'x')",
        "return redis.call('function', 'dump')", "return redis.call('eval', 'return 1', '0')", "setmetatable(_G, {})",
        "getmetatable(_G).__index = 1", "local t = {} for k in pairs(getmetatable(_G)) do t[#t + 1] = k end return t",
        "local t = {} for k in pairs(_G) do if k ~= 'server' then t[#t + 1] = k end end table.sort(t) return t",
        "local t = {} for k in pairs(redis) do t[#t + 1] = k end table.sort(t) return t", "return getmetatable('').__index == string",
        "string.x = 1", "table.insert(redis, 1)", "return _VERSION", "return loadstring('return a')()", "loadstring('a = 1')()",
        "return loadstring('return redis ~= nil and 1 or 2')()", "return _G.redis == redis and 1 or 0", "return _G._G == _G and 1 or 0",
        "return {pcall(error, 'x')}", "return {pcall(error, {err='E x'})}", "return {pcall(redis.call, 'nosuch')}",
        "return {pcall(function() return redis.call('nosuch') end)}", "redis.setresp(3) return redis.call('hgetall', 'h')",
        "return redis.call('hgetall', 'h')", "return redis.sha1hex('a')", "return redis.breakpoint()", "return redis.debug('x')",
        "return redis.replicate_commands()", "return redis.set_repl(3)", "return print", "return os", "return debug",
        "keys[1] = 'z' args[1] = 'q' return {keys, args}", "return select('#', keys, args)", "return arg", "return #args",
        "return redis.call('select', 3)", "local t = {} for i = 1, 20 do t = {t} end return t", "return redis.status_reply('x')",
        "redis.setresp(3) return true", "redis.setresp(3) return {map={a=1}}", "return {double=1.5}", "return 3.99", "return nil", "return",
        "local co = coroutine.wrap(function() return redis.call('ping') end) return co()", "return redis.acl_check_cmd('get', 'x')",
        "return redis.log(redis.LOG_DEBUG, 'x')", "return redis.log()", "\n\nreturn redis.call('nosuch')",
        "local function f() error('deep') end f()", "return cjson.encode({1, 2})", "return redis.REDIS_VERSION",
    ];

    [Fact]
    public void FirstLinesAreReadAlike() => Same(s_headers.SelectMany(text => Loaded(text)));

    [Fact]
    public void LibrariesAreLoadedAlike() => Same(s_bodies.SelectMany(body => Loaded("#!lua name=lib\n" + body)));

    [Fact]
    public void FunctionsRunAlike() => Same(s_functions.SelectMany(body => new[]
    {
        Load($"#!lua name=t\nredis.register_function('t', function(keys, args) {body} end)", "REPLACE "), "FCALL t 0",
        "FCALL t 2 k1 k2 a1", "FCALL_RO t 0",
    }));

    [Fact]
    public void FunctionsThatDoNotWriteRunAlike() => Same(s_functions.SelectMany(body => new[]
    {
        Load(
            "#!lua name=t\nredis.register_function{function_name='t', "
                + $"callback=function(keys, args) {body} end, flags={{'no-writes'}}}}",
            "REPLACE "),
        "FCALL t 0", "FCALL_RO t 1 k a",
    }));

    [Fact]
    public void CommandsAnswerAlike() => Same(
    [
        "FUNCTION", "FUNCTION nosuch", "FUNCTION LOAD", "FUNCTION LOAD REPLACE", "FUNCTION LOAD x y", "FUNCTION LOAD REPLACE x y",
        Load("#!lua name=a\nredis.register_function('f', function(k, a) return {k, a} end)", "REPLACE replace "),
        Load("#!lua name=a\nredis.register_function('g', function() return 1 end)"),
        Load("#!lua name=b\nredis.register_function('f', function() return 1 end)"),
        Load("#!lua name=b\nredis.register_function('F', function() return 1 end)"), "%FUNCTION LIST", "FUNCTION STATS",
        "FCALL f 1 a b", "FCALL F 1 a b", "FCALL nosuch 0", "FCALL nosuch x", "FCALL f x a", "FCALL f 1.5 a", "FCALL f 5 a", "FCALL f -1 a",
        "FCALL f 00", "FCALL f", "FCALL", "FCALL_RO f 0", "FCALL_RO nosuch 0",
        Load("#!lua name=b\nredis.register_function('zz', function() return 1 end)", "REPLACE "),
        Load("#!lua name=a\nredis.register_function('zz', function() return 1 end)", "REPLACE "), "%FUNCTION LIST", "FCALL zz 0",
        Load("#!lua name=a\nx(", "REPLACE "), "FCALL f 0",
        Load("#!lua name=a\nredis.register_function('f2', function() return 2 end)", "REPLACE "),
        "FCALL f 0", "FCALL f2 0", "FUNCTION STATS", "FUNCTION LIST LIBRARYNAME", "FUNCTION LIST x", "FUNCTION LIST LIBRARYNAME A*",
        "FUNCTION LIST LIBRARYNAME nosuch", "FUNCTION LIST LIBRARYNAME a WITHCODE", "FUNCTION LIST WITHCODE LIBRARYNAME [a] ",
        "FUNCTION LIST WITHCODE WITHCODE", "FUNCTION LIST LIBRARYNAME x LIBRARYNAME y", "FUNCTION DELETE nosuch", "FUNCTION DELETE A",
        "FUNCTION DELETE", "FUNCTION DELETE a b", "FUNCTION FLUSH x", "FUNCTION FLUSH SYNC y", "FUNCTION DUMP x",
        "FUNCTION STATS x", "FUNCTION RESTORE", "FUNCTION RESTORE x", "FUNCTION RESTORE x nosuch", "FUNCTION RESTORE x FLUSH y",
        "FUNCTION RESTORE \"\"", "FUNCTION HELP", "FUNCTION HELP x", "FUNCTION DELETE a", "FUNCTION DELETE a", "FCALL f2 0", "FCALL zz 0",
        "FUNCTION DUMP", "CONFIG SET rdbcompression no", "FUNCTION DUMP", "CONFIG SET rdbcompression yes", "FLUSHALL", "FCALL zz 0",
        "FUNCTION FLUSH ASYNC", "FCALL zz 0", "FUNCTION DUMP", "FUNCTION STATS", "EVAL \"return redis.call('fcall', 'f', '0')\" 0",
        "EVAL \"return redis.call('function', 'list')\" 0", "COMMAND GETKEYS FCALL f 2 a b c", "COMMAND GETKEYS FCALL f 5 a b",
        "COMMAND GETKEYS FCALL_RO f 1 a b", "COMMAND GETKEYSANDFLAGS FCALL f 1 a", "COMMAND GETKEYSANDFLAGS FCALL_RO f 1 a",
        "COMMAND GETKEYS FUNCTION LIST", "COMMAND INFO fcall", "COMMAND INFO fcall_ro", "COMMAND INFO function|load",
        "COMMAND INFO function|list",
        "COMMAND INFO function|delete", "COMMAND INFO function|dump", "COMMAND INFO function|restore", "COMMAND INFO function|flush",
        "COMMAND INFO function|stats", "COMMAND INFO function|help",
    ]);

    [Fact]
    public void LibrariesAreUsedInTransactions() => Same(
    [
        "SET c 0", "MULTI", Load("#!lua name=t\nredis.register_function('t', function(k) return redis.call('incr', k[1]) end)", "REPLACE "),
        "FCALL t 1 c", "FCALL nosuch 0", "FCALL t x", "FUNCTION STATS", "FUNCTION LIST", "FUNCTION DUMP", "EXEC", "GET c",
        "MULTI", "FCALL t 1 c", "FUNCTION DELETE t", "FCALL t 1 c", "EXEC", "GET c", "WATCH c", Load(
            "#!lua name=t\nredis.register_function('t', function(k) return redis.call('incr', k[1]) end)"), "FCALL t 1 c", "MULTI", "EXEC",
        "SELECT 5", "SET c 7", "FCALL t 1 c", "SELECT 0", "GET c",
    ]);

    [Fact]
    public void WhatALibraryKeepsForItselfStays() => Same(
    [
        Load("#!lua name=u\nlocal n = 0 local reg = redis.register_function local r = redis\n"
            + "redis.register_function('u1', function(...) n = n + 1 return {n, select('#', ...)} end)"
            + "redis.register_function('u2', function() return reg('zzz', function() end) end)"
            + "redis.register_function('u3', function() return r.call('ping') end)"
            + "redis.register_function('u4', function() return r == redis and 1 or 0 end)"
            + "redis.register_function('u5', function() return pcall(reg, 'zzz', function() end) end)"
            + "redis.register_function('u6', function() r.x = 1 end)"
            + "redis.register_function('u7', function() return r.x end)"
            + "redis.register_function('u8', function() return tostring(getmetatable(r) == getmetatable(_G)) end)", "REPLACE "),
        "FCALL u1 0", "FCALL u1 0", "FCALL U1 1 x", "FCALL u2 0", "FCALL u3 0", "FCALL u4 0", "FCALL u5 0", "FCALL u6 0", "FCALL u7 0",
        "FCALL u8 0", "FUNCTION STATS", "EVAL \"return redis.register_function\" 0",
    ]);

    [Fact]
    public void PayloadsAreRestoredAlike()
    {
        string a = Record("#!lua name=a\nredis.register_function('f', function() return 1 end)");
        string b = Record("#!lua name=b\nredis.register_function('g', function() return 2 end)");
        string otherA = Record("#!lua name=a\nredis.register_function('other', function() return 3 end)");
        string clash = Record("#!lua name=b\nredis.register_function('F', function() return 2 end)");
        string[] payloads =
        [
            "", a, a + b, b + a, a + a, clash + a, clash, otherA, "\\x00abc", "\\xff", a + "\\xff", Record("#!lua name=q\nfoo("),
            Record("#!lua name=q\nfoo()"), Record("#!lua name=q\n"), Record("return 1"), "\\xf5\\xc0\\x05", "\\xf5\\xc3\\x05", "\\xf5",
            a + Record("#!lua name=q\nfoo(") + "\\x00",
        ];
        Same(
            from payload in payloads
            from policy in (string[])["", " APPEND", " replace", " Flush"]
            from line in (string[])
            [
                "FUNCTION FLUSH", "DEBUG SET-SKIP-CHECKSUM-VALIDATION 1",
                "FUNCTION RESTORE \"" + b + "\\x0a\\x00........\"",
                $"FUNCTION RESTORE \"{payload}\\x0a\\x00........\"{policy}", "%FUNCTION LIST WITHCODE",
                "FCALL f 0", "FCALL g 0", "FCALL other 0",
            ]
            select line);
    }

    /// <summary>A payload's part for a library of less than 16 KiB, as a word of a command line.</summary>
    private static string Record(string source)
    {
        string length = source.Length < 64
            ? string.Create(CultureInfo.InvariantCulture, $"\\x{source.Length:x2}")
            : string.Create(CultureInfo.InvariantCulture, $"\\x{0x40 | (source.Length >> 8):x2}\\x{source.Length & 0xff:x2}");
        return "\\xf5" + length + Escaped(source);
    }

    private static string[] Loaded(string source) => ["FUNCTION FLUSH", Load(source), "FUNCTION LIST WITHCODE", "FCALL f 0 x"];

    private static string Load(string source, string options = "") => $"FUNCTION LOAD {options}\"{Escaped(source)}\"";

    private static string Escaped(string source) => source
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\t", "\\t", StringComparison.Ordinal);

    private static void Same(IEnumerable<string> lines) => Compare.SameReplies(lines.Prepend("FUNCTION FLUSH"));
}
