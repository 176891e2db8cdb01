namespace Bixbite.Lua.Running;

/// <summary>Errors of running code are worded as Lua 5.1.5 words them.</summary>
public sealed class ErrorTextTests
{
    [Theory]
    [InlineData("print(pcall(function() local x x.y = 1 end))", "false\ttest:1: attempt to index local 'x' (a nil value)")]
    [InlineData("print(pcall(function() local x = 1 x() end))", "false\ttest:1: attempt to call local 'x' (a number value)")]
    [InlineData("print(pcall(function() undefined() end))", "false\ttest:1: attempt to call global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() undefined.x = 1 end))", "false\ttest:1: attempt to index global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() local t = {} t.a.b = 1 end))", "false\ttest:1: attempt to index field 'a' (a nil value)")]
    [InlineData("print(pcall(function() local t = {} t.a.b.c = 1 end))", "false\ttest:1: attempt to index field 'a' (a nil value)")]
    [InlineData("print(pcall(function() local t = {} t.f() end))", "false\ttest:1: attempt to call field 'f' (a nil value)")]
    [InlineData("print(pcall(function() local t = {} t:m() end))", "false\ttest:1: attempt to call method 'm' (a nil value)")]
    [InlineData("print(pcall(function() local t = {x = 1} t.x.y() end))", "false\ttest:1: attempt to index field 'x' (a number value)")]
    [InlineData(
        "print(pcall(function() local a = {} return a + 1 end))",
        "false\ttest:1: attempt to perform arithmetic on local 'a' (a table value)")]
    [InlineData(
        "print(pcall(function() local a = {} return 1 + a end))",
        "false\ttest:1: attempt to perform arithmetic on local 'a' (a table value)")]
    [InlineData(
        "print(pcall(function() return undefined + 1 end))",
        "false\ttest:1: attempt to perform arithmetic on global 'undefined' (a nil value)")]
    [InlineData(
        "print(pcall(function() local t = {} return t.x * 2 end))",
        "false\ttest:1: attempt to perform arithmetic on field 'x' (a nil value)")]
    [InlineData(
        "print(pcall(function() local t = {} return 2 * t.x end))",
        "false\ttest:1: attempt to perform arithmetic on field 'x' (a nil value)")]
    [InlineData(
        "print(pcall(function() local s = \"a\" return s + 1 end))",
        "false\ttest:1: attempt to perform arithmetic on local 's' (a string value)")]
    [InlineData("print(pcall(function() return {} .. \"a\" end))", "false\ttest:1: attempt to concatenate a table value")]
    [InlineData("print(pcall(function() return \"a\" .. {} end))", "false\ttest:1: attempt to concatenate a table value")]
    [InlineData("print(pcall(function() local n return \"a\" .. n end))", "false\ttest:1: attempt to concatenate local 'n' (a nil value)")]
    [InlineData(
        "print(pcall(function() local t = {} return t.x .. \"a\" end))",
        "false\ttest:1: attempt to concatenate field 'x' (a nil value)")]
    [InlineData(
        "print(pcall(function() return 1 .. undefined end))",
        "false\ttest:1: attempt to concatenate global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() local a, b = 1, {} return a < b end))", "false\ttest:1: attempt to compare number with table")]
    [InlineData("print(pcall(function() return {} < {} end))", "false\ttest:1: attempt to compare two table values")]
    [InlineData("print(pcall(function() return nil < 1 end))", "false\ttest:1: attempt to compare nil with number")]
    [InlineData("print(pcall(function() return 1 < \"2\" end))", "false\ttest:1: attempt to compare number with string")]
    [InlineData("print(pcall(function() return \"a\" < 1 end))", "false\ttest:1: attempt to compare string with number")]
    [InlineData("print(pcall(function() return {} <= {} end))", "false\ttest:1: attempt to compare two table values")]
    [InlineData("print(pcall(function() local f = print return f > f end))", "false\ttest:1: attempt to compare two function values")]
    [InlineData("print(pcall(function() return nil > 1 end))", "false\ttest:1: attempt to compare number with nil")]
    [InlineData("print(pcall(function() return 2 > nil end))", "false\ttest:1: attempt to compare nil with number")]
    [InlineData("print(pcall(function() return true < false end))", "false\ttest:1: attempt to compare two boolean values")]
    [InlineData("print(pcall(function() return #nil end))", "false\ttest:1: attempt to get length of a nil value")]
    [InlineData("print(pcall(function() local n = 5 return #n end))", "false\ttest:1: attempt to get length of local 'n' (a number value)")]
    [InlineData("print(pcall(function() return -{} end))", "false\ttest:1: attempt to perform arithmetic on a table value")]
    [InlineData(
        "print(pcall(function() local t = {} return -t.x end))",
        "false\ttest:1: attempt to perform arithmetic on field 'x' (a nil value)")]
    [InlineData(
        "print(pcall(function() return #undefined end))",
        "false\ttest:1: attempt to get length of global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() local x = nil return x.y.z end))", "false\ttest:1: attempt to index local 'x' (a nil value)")]
    [InlineData("print(pcall(function() local t = {} return t[1][2] end))", "false\ttest:1: attempt to index field '?' (a nil value)")]
    [InlineData(
        "print(pcall(function() local i = 1 local t = {} return t[i][2] end))",
        "false\ttest:1: attempt to index field '?' (a nil value)")]
    [InlineData("print(pcall(function() local t = {} t[nil] = 1 end))", "false\ttest:1: table index is nil")]
    [InlineData("print(pcall(function() local t = {} t[0 / 0] = 1 end))", "false\ttest:1: table index is NaN")]
    [InlineData("print(pcall(function() return rawset({}, nil, 1) end))", "false\ttable index is nil")]
    [InlineData("print(pcall(function() for i = 1, \"x\" do end end))", "false\ttest:1: 'for' limit must be a number")]
    [InlineData("print(pcall(function() for i = \"x\", 1 do end end))", "false\ttest:1: 'for' initial value must be a number")]
    [InlineData("print(pcall(function() for i = 1, 2, {} do end end))", "false\ttest:1: 'for' step must be a number")]
    [InlineData("print(pcall(function() for i = nil, 1 do end end))", "false\ttest:1: 'for' initial value must be a number")]
    [InlineData("print(pcall(function() for k in nil do end end))", "false\ttest:1: attempt to call a nil value")]
    [InlineData("print(pcall(function() for k in 5 do end end))", "false\ttest:1: attempt to call a number value")]
    [InlineData("print(pcall(function() for k in {} do end end))", "false\ttest:1: attempt to call a table value")]
    [InlineData(
        "print(pcall(function() local up = nil local function f() return up.x end f() end))",
        "false\ttest:1: attempt to index upvalue 'up' (a nil value)")]
    [InlineData(
        "print(pcall(function() local up = nil local function f() up() end f() end))",
        "false\ttest:1: attempt to call upvalue 'up' (a nil value)")]
    [InlineData(
        "print(pcall(function() local up = {} local function f() return up.x.y end f() end))",
        "false\ttest:1: attempt to index field 'x' (a nil value)")]
    [InlineData(
        "print(pcall(function() local up local function f() return up + 1 end f() end))",
        "false\ttest:1: attempt to perform arithmetic on upvalue 'up' (a nil value)")]
    [InlineData(
        "print(pcall(function() local a = \"x\" local b = {} return a .. b end))",
        "false\ttest:1: attempt to concatenate local 'b' (a table value)")]
    [InlineData(
        "print(pcall(function() local a = \"x\" local b = {} return b .. a end))",
        "false\ttest:1: attempt to concatenate local 'b' (a table value)")]
    [InlineData(
        "print(pcall(function() local a = {} local b = 1 return a .. b .. \"x\" end))",
        "false\ttest:1: attempt to concatenate local 'a' (a table value)")]
    [InlineData("print(pcall(function() local t = {f = 1} t.f() end))", "false\ttest:1: attempt to call field 'f' (a number value)")]
    [InlineData("print(pcall(function() local t = {f = 1} t:f() end))", "false\ttest:1: attempt to call method 'f' (a number value)")]
    [InlineData("print(pcall(function() local x = 5 x:f() end))", "false\ttest:1: attempt to index local 'x' (a number value)")]
    [InlineData("print(pcall(function() (\"x\")() end))", "false\ttest:1: attempt to call a string value")]
    [InlineData("print(pcall(function() (1)() end))", "false\ttest:1: attempt to call a number value")]
    [InlineData("print(pcall(function() local t = {} t.x.y = 1 end))", "false\ttest:1: attempt to index field 'x' (a nil value)")]
    [InlineData("print(pcall(function() local a = {} a.b:c() end))", "false\ttest:1: attempt to index field 'b' (a nil value)")]
    [InlineData("print(pcall(function() local a = {{}} a[1].x.y() end))", "false\ttest:1: attempt to index field 'x' (a nil value)")]
    [InlineData("print(pcall(function() return (nil)[1] end))", "false\ttest:1: attempt to index a nil value")]
    [InlineData("print(pcall(function() return (nil).x end))", "false\ttest:1: attempt to index a nil value")]
    [InlineData("print(pcall(function() local f = function() end f().x = 1 end))", "false\ttest:1: attempt to index a nil value")]
    [InlineData("print(pcall(function() local f = function() end return f().x end))", "false\ttest:1: attempt to index a nil value")]
    [InlineData("print(pcall(function() local f = function() end return f()() end))", "false\ttest:1: attempt to call a nil value")]
    [InlineData("print(pcall(function() return ({}).x.y end))", "false\ttest:1: attempt to index field 'x' (a nil value)")]
    [InlineData("print(pcall(function() local a b = a.x end))", "false\ttest:1: attempt to index local 'a' (a nil value)")]
    [InlineData("print(pcall(function() return undefined.x.y end))", "false\ttest:1: attempt to index global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() undefined.x() end))", "false\ttest:1: attempt to index global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() undefined:x() end))", "false\ttest:1: attempt to index global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() return a.b.c end))", "false\ttest:1: attempt to index global 'a' (a nil value)")]
    [InlineData("print(pcall(function() local s = 1 s.y = 1 end))", "false\ttest:1: attempt to index local 's' (a number value)")]
    [InlineData("print(pcall(function() return 2 ^ {} end))", "false\ttest:1: attempt to perform arithmetic on a table value")]
    [InlineData("print(pcall(function() return {} % 2 end))", "false\ttest:1: attempt to perform arithmetic on a table value")]
    [InlineData(
        "print(pcall(function() return 1 - undefined end))",
        "false\ttest:1: attempt to perform arithmetic on global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() local a = 1 a = a + nil end))", "false\ttest:1: attempt to perform arithmetic on a nil value")]
    [InlineData("print(pcall(function() return true + 1 end))", "false\ttest:1: attempt to perform arithmetic on a boolean value")]
    [InlineData(
        "print(pcall(function() return print + 1 end))",
        "false\ttest:1: attempt to perform arithmetic on global 'print' (a function value)")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__index = function(t, k) return t[1] end}) return 1 + k end"
            + "))",
        "false\ttest:1: attempt to perform arithmetic on global 'k' (a nil value)")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__add = 1}) return t + 1 end))",
        "false\ttest:1: attempt to call a number value")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__index = 1}) return t.x end))",
        "false\ttest:1: attempt to index a number value")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__newindex = 1}) t.x = 1 end))",
        "false\ttest:1: attempt to index a number value")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__call = 1}) t() end))",
        "false\ttest:1: attempt to call local 't' (a table value)")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__eq = 1}) return t == setmetatable({}, getmetatable(t)) en"
            + "d))",
        "false\ttest:1: attempt to call a number value")]
    [InlineData(
        "print(pcall(function() local t = setmetatable({}, {__lt = 1}) return t < t end))",
        "false\ttest:1: attempt to call a number value")]
    [InlineData(
        "print(pcall(function() local a, b = {}, {} a.x, b.y.z = 1, 2 end))",
        "false\ttest:1: attempt to index field 'y' (a nil value)")]
    [InlineData(
        "print(pcall(function() return 1 + (undefined or {}) end))",
        "false\ttest:1: attempt to perform arithmetic on a table value")]
    [InlineData(
        "print(pcall(function() local x = {} return x[1] + x[2] end))",
        "false\ttest:1: attempt to perform arithmetic on field '?' (a nil value)")]
    [InlineData(
        "print(pcall(function() local x = {n = {}} return x.n + 1 end))",
        "false\ttest:1: attempt to perform arithmetic on field 'n' (a table value)")]
    [InlineData("print(pcall(function() if undefined.x then end end))", "false\ttest:1: attempt to index global 'undefined' (a nil value)")]
    [InlineData("print(pcall(function() while undefined > 1 do end end))", "false\ttest:1: attempt to compare number with nil")]
    [InlineData(
        "print(pcall(function() return undefined and 1 or undefined.x end))",
        "false\ttest:1: attempt to index global 'undefined' (a nil value)")]
    [InlineData(
        "print(pcall(function() local function f(a) a.x = 1 end f() end))",
        "false\ttest:1: attempt to index local 'a' (a nil value)")]
    [InlineData(
        "print(pcall(function() local t = {} for i = 1, 2 do t.x.y = i end end))",
        "false\ttest:1: attempt to index field 'x' (a nil value)")]
    [InlineData("print(pcall(function() local a = 1 ; (a)() end))", "false\ttest:1: attempt to call local 'a' (a number value)")]
    public void Values_AreNamed(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData("print(pcall(error))", "false\tnil")]
    [InlineData("print(pcall(error, nil))", "false\tnil")]
    [InlineData("print(pcall(error, \"m\"))", "false\tm")]
    [InlineData("print(pcall(error, \"m\", 0))", "false\tm")]
    [InlineData("print(pcall(function() error(\"m\") end))", "false\ttest:1: m")]
    [InlineData("print(pcall(function() error(\"m\", 0) end))", "false\tm")]
    [InlineData("print(pcall(function() error(\"m\", 1) end))", "false\ttest:1: m")]
    [InlineData("print(pcall(function() error(\"m\", 2) end))", "false\tm")]
    [InlineData("local function f() error(\"m\", 2) end\nlocal function g()\nf() end\nprint(pcall(g))", "false\ttest:3: m")]
    [InlineData(
        "local function f() error(\"m\", 3) end local function g() f() end\nlocal function h()\n\ng() end print(pcall(h"
            + "))",
        "false\ttest:4: m")]
    [InlineData("local function f() return error(\"m\", 2) end\nprint(pcall(function()\nf() end))", "false\ttest:3: m")]
    [InlineData("local function f() error(\"m\", 2) end\nprint(pcall(function()\nreturn f() end))", "false\tm")]
    [InlineData("print(pcall(function() error({1}) end) == false)", "true")]
    [InlineData("print(pcall(function() error(5) end))", "false\ttest:1: 5")]
    [InlineData("print(pcall(function() error(true) end))", "false\ttrue")]
    [InlineData("print(pcall(function() assert(false) end))", "false\ttest:1: assertion failed!")]
    [InlineData("print(pcall(function() assert(nil, \"m\") end))", "false\ttest:1: m")]
    [InlineData("print(pcall(function() assert(1 == 2, \"m\" .. 1) end))", "false\ttest:1: m1")]
    [InlineData("print(pcall(assert))", "false\tbad argument #1 to '?' (value expected)")]
    [InlineData("print(pcall(assert, false, nil))", "false\tassertion failed!")]
    [InlineData("print(assert(1, 2, 3))", "1\t2\t3")]
    [InlineData("print(pcall(function()\n\nlocal x = nil\nx\n.y\n.z = 1 end))", "false\ttest:5: attempt to index local 'x' (a nil value)")]
    [InlineData("print(pcall(function()\nlocal t = {}\nt.x(\n1,\n2)\nend))", "false\ttest:3: attempt to call field 'x' (a nil value)")]
    [InlineData("print(pcall(function()\nlocal a = 1 +\n{}\nend))", "false\ttest:3: attempt to perform arithmetic on a table value")]
    [InlineData("print(pcall(function()\nreturn\n1\n..\n{}\nend))", "false\ttest:5: attempt to concatenate a table value")]
    [InlineData("print(pcall(function()\nfor i = 1,\n{} do end\nend))", "false\ttest:3: 'for' limit must be a number")]
    [InlineData(
        "local t = {}\nfunction t.f()\nlocal x\nreturn x\n.y end\nprint(pcall(t.f))",
        "false\ttest:5: attempt to index local 'x' (a nil value)")]
    [InlineData("print(pcall(loadstring(\"error(1)\", \"=name\")))", "false\tname:1: 1")]
    [InlineData("print(pcall(loadstring(\"error(1)\", \"@name\")))", "false\tname:1: 1")]
    [InlineData(
        "print(pcall(loadstring(\"error(1) -- and so on to make it long enough to be cut somewhere\")))",
        "false\t[string \"error(1) -- and so on to make it long enoug...\"]:1: 1")]
    [InlineData("print(pcall(loadstring(\"local x\\nerror(1)\")))", "false\t[string \"local x...\"]:2: 1")]
    [InlineData("print(pcall(loadstring(\"\\nerror(1)\")))", "false\t[string \"...\"]:2: 1")]
    public void Levels_GiveThePlace(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData(
        "print(pcall(function() setmetatable(1) end))",
        "false\ttest:1: bad argument #1 to 'setmetatable' (table expected, got number)")]
    [InlineData(
        "print(pcall(function() local f = setmetatable f(1) end))",
        "false\ttest:1: bad argument #1 to 'f' (table expected, got number)")]
    [InlineData(
        "print(pcall(function() local t = {f = setmetatable} t.f(1) end))",
        "false\ttest:1: bad argument #1 to 'f' (table expected, got number)")]
    [InlineData(
        "print(pcall(function() local t = {f = setmetatable} t:f(1) end))",
        "false\ttest:1: bad argument #1 to 'f' (nil or table expected)")]
    [InlineData(
        "print(pcall(function() local t = {f = ipairs} t.f() end))",
        "false\ttest:1: bad argument #1 to 'f' (table expected, got no value)")]
    [InlineData(
        "print(pcall(function() local u = setmetatable local function g() u({}) end g() end))",
        "false\ttest:1: bad argument #2 to 'u' (nil or table expected)")]
    [InlineData("print(pcall(setmetatable, 1))", "false\tbad argument #1 to '?' (table expected, got number)")]
    [InlineData(
        "print(pcall(function() return setmetatable(1) end))",
        "false\ttest:1: bad argument #1 to 'setmetatable' (table expected, got number)")]
    [InlineData("print(pcall(function() ipairs() end))", "false\ttest:1: bad argument #1 to 'ipairs' (table expected, got no value)")]
    [InlineData("print(pcall(function() tonumber() end))", "false\ttest:1: bad argument #1 to 'tonumber' (value expected)")]
    [InlineData("print(pcall(function() tonumber(\"1\", 99) end))", "false\ttest:1: bad argument #2 to 'tonumber' (base out of range)")]
    [InlineData("print(pcall(function() rawget(1, 2) end))", "false\ttest:1: bad argument #1 to 'rawget' (table expected, got number)")]
    [InlineData("print(pcall(function() select(0) end))", "false\ttest:1: bad argument #1 to 'select' (index out of range)")]
    [InlineData("print(pcall(function() unpack() end))", "false\ttest:1: bad argument #1 to 'unpack' (table expected, got no value)")]
    [InlineData("print(pcall(function() next({}, \"x\") end))", "false\tinvalid key to 'next'")]
    [InlineData("print(pcall(function() xpcall(print) end))", "false\ttest:1: bad argument #2 to 'xpcall' (value expected)")]
    [InlineData("print(pcall(function() coroutine.resume(1) end))", "false\ttest:1: bad argument #1 to 'resume' (coroutine expected)")]
    [InlineData(
        "print(pcall(function() coroutine.create(print) end))",
        "false\ttest:1: bad argument #1 to 'create' (Lua function expected)")]
    [InlineData("print(pcall(function() coroutine.wrap(1) end))", "false\ttest:1: bad argument #1 to 'wrap' (Lua function expected)")]
    [InlineData("print(pcall(function() local x = {s = rawequal} x:s() end))", "false\ttest:1: bad argument #1 to 's' (value expected)")]
    [InlineData(
        "print(pcall(function() loadstring() end))",
        "false\ttest:1: bad argument #1 to 'loadstring' (string expected, got no value)")]
    [InlineData("print(pcall(function() load(\"x\") end))", "false\ttest:1: bad argument #1 to 'load' (function expected, got string)")]
    [InlineData(
        "print(pcall(function() collectgarbage(\"x\") end))",
        "false\ttest:1: bad argument #1 to 'collectgarbage' (invalid option 'x')")]
    [InlineData("print(pcall(function() newproxy(1) end))", "false\ttest:1: bad argument #1 to 'newproxy' (boolean or proxy expected)")]
    [InlineData("print(pcall(function() setfenv(1) end))", "false\ttest:1: bad argument #2 to 'setfenv' (table expected, got no value)")]
    [InlineData("print(pcall(function() getfenv(-1) end))", "false\ttest:1: bad argument #1 to 'getfenv' (level must be non-negative)")]
    [InlineData(
        "print(pcall(function() error(\"m\", \"x\") end))",
        "false\ttest:1: bad argument #2 to 'error' (number expected, got string)")]
    public void Arguments_AreNamed(string source, string expected) => Assert.Equal(expected, Script.Print(source));
}
