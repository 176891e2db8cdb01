namespace Bixbite.Lua;

/// <summary>The programs that are timed: each does one thing often enough to take a few tenths of a second.</summary>
internal static class Programs
{
    public static IReadOnlyList<(string Name, string Source)> All { get; } =
    [
        ("fib(32)", "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end fib(32)"),
        ("numeric for", "local s = 0 for i = 1, 30000000 do s = s + i % 7 end"),
        ("while and if", "local i, s = 0, 0 while i < 10000000 do i = i + 1 if i % 2 == 0 then s = s + i else s = s - 1 end end"),
        ("array", "local t = {} for r = 1, 10 do for i = 1, 300000 do t[i] = i end local s = 0 for i = 1, 300000 do s = s + t[i] end end"),
        ("fields", "local t = {x = 1, y = 2, z = 3} for i = 1, 10000000 do t.x = t.y + t.z t.y = i end"),
        ("string keys", "local t = {} for i = 1, 200000 do t['k' .. i] = i end local s = 0 for i = 1, 200000 do s = s + t['k' .. i] end"),
        ("concatenation", "local n = 0 for i = 1, 1000000 do local s = 'a' .. i .. 'b' n = n + #s end"),
        ("closures", "local function make(i) return function(d) i = i + d return i end end for i = 1, 3000000 do make(i)(1) end"),
        (
            "methods",
            "local C = {} C.__index = C function C:inc(d) self.v = self.v + d end "
            + "local o = setmetatable({v = 0}, C) for i = 1, 10000000 do o:inc(1) end"
        ),
        (
            "pairs and ipairs",
            "local t = {} for i = 1, 1000 do t[i] = i t['k' .. i] = i end local s = 0 "
            + "for r = 1, 1000 do for k, v in pairs(t) do s = s + v end for i, v in ipairs(t) do s = s + v end end"
        ),
        ("small tables", "local t for i = 1, 2000000 do t = {i, i + 1, x = i} end"),
        (
            "results",
            "local function f(a, b, c) return a, b, c end local s = 0 for i = 1, 5000000 do local a, b, c = f(i, 2, 3) s = s + b + c end"
        ),
        ("host functions", "local s = 0 for i = 1, 3000000 do if type(i) == 'number' then s = s + select('#', i, i) end end"),
        ("pcall", "local function f(x) return x end local s = 0 for i = 1, 1000000 do local ok, v = pcall(f, i) s = s + v end"),
        (
            "coroutines",
            "local co = coroutine.wrap(function() local i = 0 while true do i = i + 1 coroutine.yield(i) end end) "
            + "for i = 1, 1000000 do co() end"
        ),
        ("sort numbers", "local t, x = {}, 7 for i = 1, 300000 do x = x * 16807 % 2147483647 t[i] = x end table.sort(t)"),
        (
            "sort by a function",
            "local t, x = {}, 7 for i = 1, 300000 do x = x * 16807 % 2147483647 t[i] = x end table.sort(t, function(a, b) return a > b end)"
        ),
        ("sort strings", "local t, x = {}, 7 for i = 1, 100000 do x = x * 16807 % 2147483647 t[i] = 'k' .. x end table.sort(t)"),
        ("gsub by a text", "local s = ('hello world '):rep(90000) for i = 1, 5 do s:gsub('o', '0') s:gsub('(%w+) ', '<%1>') end"),
        ("gsub by a function", "local s = ('hello world '):rep(90000) s:gsub('%w+', function(w) return w end) s:gsub('%w+', {hello = 1})"),
        ("gmatch", "local s, n = ('key=value; '):rep(90000), 0 for k, v in s:gmatch('(%w+)=(%w+)') do n = n + #k end"),
        ("find", "local s = ('x'):rep(1000) .. 'needle' for i = 1, 200000 do s:find('needle', 1, true) s:find('n%a+e') end"),
        ("match", "for i = 1, 500000 do local a, b = ('user:12345'):match('^(%a+):(%d+)$') end"),
        ("format", "for i = 1, 500000 do local s = string.format('%d %5.2f %s %x', i, i / 3, 'abc', i) end"),
        ("tostring of fractions", "for i = 1, 1000000 do local s = tostring(i / 3) end"),
        ("tonumber", "for i = 1, 3000000 do local n = tonumber('12345.5') end"),
        ("short strings", "for i = 1, 2000000 do local s = ('hello'):sub(2, 3):upper():rep(2) local n = s:byte(1) end"),
        ("insert and remove", "local t = {} for i = 1, 3000000 do table.insert(t, i) end for i = 1, 3000000 do table.remove(t) end"),
        ("concat", "local t = {} for i = 1, 300000 do t[i] = i end for i = 1, 5 do table.concat(t, ',') end"),
        (
            "table reads and writes",
            "local t = {} for i = 1, 1000 do t[i] = i end local s = 0 "
            + "for r = 1, 3000 do for i = 1, 1000 do t[i] = t[i] + 1 s = s + t[1001 - i] end end"
        ),
        ("million concatenations", "local s, n = 'key', 0 for i = 1, 1000000 do local k = s .. ':' .. 'x' n = n + #k end"),
        ("text that grows", "local s = '' for i = 1, 20000 do s = s .. 'x' end"),
        ("runtime errors", "local function f(x) return x.y end for i = 1, 100000 do pcall(f) end"),
        ("raised errors", "for i = 1, 500000 do pcall(error, 'x') end"),
        (
            "cjson encode 1 MB",
            "local t = {} for i = 1, 12000 do t[i] = {id = i, name = 'name ' .. i, tags = {'a', 'b', i / 3}, on = true} end "
            + "for i = 1, 5 do cjson.encode(t) end"
        ),
        (
            "cjson decode 1 MB",
            "local t = {} for i = 1, 12000 do t[i] = {id = i, name = 'name ' .. i, tags = {'a', 'b', i / 3}, on = true} end "
            + "local s = cjson.encode(t) for i = 1, 5 do cjson.decode(s) end"
        ),
        (
            "cmsgpack",
            "local t = {} for i = 1, 12000 do t[i] = {id = i, name = 'name ' .. i, tags = {'a', 'b', i / 3}, on = true} end "
            + "for i = 1, 5 do cmsgpack.unpack(cmsgpack.pack(t)) end"
        ),
        (
            "varargs",
            "local function f(...) local a, b = ... return select('#', ...) end local s = 0 for i = 1, 3000000 do s = s + f(i, 2, 3) end"
        ),
        ("globals", "for i = 1, 3000000 do local a = tostring local b = math.floor(1.5) + math.abs(-1) end"),
        ("math", "local s = 0 for i = 1, 5000000 do s = s + math.floor(i / 3) + math.max(i, 5) end"),
    ];
}
