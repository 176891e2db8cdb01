namespace Bixbite.Lua.Running;

/// <summary>The language itself; what is expected is what Lua 5.1.5 prints.</summary>
public sealed class LanguageTests
{
    [Theory]
    [InlineData("print(1 + 2, 7 - 10, 3 * 4, 7 / 2, 7 % 3, -7 % 3, 7 % -3, 2 ^ 10, -2 ^ 2)", "3\t-3\t12\t3.5\t1\t2\t-2\t1024\t-4")]
    [InlineData("print(1 / 0, -1 / 0, 0 / 0 ~= 0 / 0)", "inf\t-inf\ttrue")]
    [InlineData("print(\"10\" + 5, \"0x10\" * 2, 10 .. 20, \" 3 \" - 1)", "15\t32\t1020\t2")]
    [InlineData("local a, b, c = \"10\", 5, -3 print(a + b, a * c, b ^ 2, b % c, -a, a / b, a - b)", "15\t-30\t25\t-1\t-10\t2\t5")]
    [InlineData(
        "local x = 5 print(x + 1, x - 1, x * 2, x / 2, x % 3, x ^ 2, 1 + x, 1 - x, 2 * x, 1 / x, 7 % x, 2 ^ x)",
        "6\t4\t10\t2.5\t2\t25\t6\t-4\t10\t0.2\t2\t32")]
    [InlineData(
        "print(1 == 1, 1 == 2, \"a\" == \"a\", \"1\" == 1, nil == false, {} == {}, 0 == -0)",
        "true\tfalse\ttrue\tfalse\tfalse\tfalse\ttrue")]
    [InlineData(
        "print(1 < 2, 2 <= 2, 3 > 4, 4 >= 4, \"a\" < \"b\", \"a\" < \"B\", \"\" < \"a\", \"a\\0b\" < \"a\\0c\", \"Z\" <"
            + "= \"Z\")",
        "true\ttrue\tfalse\ttrue\ttrue\tfalse\ttrue\ttrue\ttrue")]
    [InlineData(
        "local x, y = 3, 4 print(x < y, x <= y, x > y, x >= y, x < 3, x <= 3, x > 3, x >= 3, 3 < x, 3 <= x, 3 > x, 3 >"
            + "= x, x == 3, x ~= 3, 3 == x)",
        "true\ttrue\tfalse\tfalse\tfalse\ttrue\tfalse\ttrue\tfalse\ttrue\tfalse\ttrue\ttrue\tfalse\ttrue")]
    [InlineData("print(not nil, not 0, not not \"\", not false == true)", "true\tfalse\ttrue\ttrue")]
    [InlineData(
        "print(nil and 1, false and 1, 0 and 1, nil or 2, false or nil, 1 or error(\"no\"), nil and error(\"no\"))",
        "nil\tfalse\t1\t2\tnil\t1\tnil")]
    [InlineData(
        "local a, b = nil, false print(a or b, b or a, a and b, b and a, (a or 1) and (b or 2), not (a and b))",
        "false\tnil\tnil\tfalse\t2\ttrue")]
    [InlineData("local function f(...) return ... end print((f(1, 2, 3)), f(1, 2), (f()))", "1\t1\tnil")]
    [InlineData("local t = {f = function(self, x) return self.v, x end, v = 9} print(t:f(4)) print(t.f({v = 1}, 2))", "9\t4\n1\t2")]
    [InlineData("print(#\"abc\", #\"\", #{1, 2, 3}, #{}, #{n = 1}, -\"2\", - -2)", "3\t0\t3\t0\t0\t-2\t2")]
    [InlineData("print(\"a\\65\\066\\n\\\\\\\"\\z\", [[\nx]], [==[a]]b]==], \"\\\n!\")", "aAB\n\\\"z\tx\ta]]b\t\n!")]
    [InlineData("print(0x1F, 1e3, .5, 3., 5e-2, 0xff + 1, 1e308 * 10)", "31\t1000\t0.5\t3\t0.05\t256\tinf")]
    [InlineData(
        "print(1 .. \"\", 1.5 .. \"\", -0 .. \"\", 1e100 .. \"\", 2 ^ 53 .. \"\", 0.1 .. \"\")",
        "1\t1.5\t-0\t1e+100\t9.007199254741e+15\t0.1")]
    [InlineData(
        "local a = {10, 20, 30, x = 1, [2.5] = \"f\", [\"k k\"] = 2, [true] = \"t\"} print(a[1], a[3], a.x, a[2.5], a["
            + "\"k k\"], a[true], a[4], a[nil])",
        "10\t30\t1\tf\t2\tt\tnil\tnil")]
    [InlineData("local i = 3 local a = {} i, a[i] = i + 1, 20 print(i, a[3], a[4])", "4\t20\tnil")]
    [InlineData(
        "local a, b, c = 1 print(a, b, c) a, b = b, a print(a, b) a, b, c = (function() return 1, 2 end)() print(a, b, "
            + "c)",
        "1\tnil\tnil\nnil\t1\n1\t2\tnil")]
    [InlineData(
        "local a = {1, 2, (function() return 3, 4, 5 end)()} print(#a) a = {(function() return 3, 4 end)(), 1} print(#a"
            + ") a = {(function() end)()} print(#a)",
        "5\n2\n0")]
    [InlineData("local x = 1 local t = {[x] = x, x, x + 1; [3] = 9} print(t[1], t[2], t[3])", "1\t2\t9")]
    [InlineData(
        "print(2 ^ 3 ^ 2, -2 ^ 2, not 1 == 2, 1 .. 2 == \"12\", 1 + 2 < 4 and 2 or 3, \"a\" .. \"b\" == \"ab\")",
        "512\t-4\tfalse\ttrue\t2\ttrue")]
    [InlineData(
        "print((1 < 2) == true, 1 < 2 == true, \"x\" < \"y\" and \"lt\" or \"ge\", (1 > 2) and 1 or (3 > 2))",
        "true\ttrue\tlt\ttrue")]
    [InlineData(
        "local a = 1 < 2 local b = not (1 < 2) local c = (1 < 2) and 5 local d = (2 < 1) or 6 local e = (2 < 1) and 5 p"
            + "rint(a, b, c, d, e)",
        "true\tfalse\t5\t6\tfalse")]
    public void Expressions_Evaluate(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData("for i = 1, 3 do for j = 3, 1, -1 do if i == j then print(i, j) end end end", "1\t1\n2\t2\n3\t3")]
    [InlineData(
        "for i = 1, 0 do print(i) end for i = 0.5, 1 do print(i) end for i = \"1\", \"2\" do print(i) end for i = 3, 1"
            + ", -2 do print(i) end",
        "0.5\n1\n2\n3\n1")]
    [InlineData("for i = 1, 3 do local k = i i = 10 print(k, i) end", "1\t10\n2\t10\n3\t10")]
    [InlineData(
        "local i = 0 while true do i = i + 1 if i == 2 then break end end print(i) repeat local z = i i = i + 1 until "
            + "z > 3 print(i)",
        "2\n5")]
    [InlineData(
        "local fs = {} for i = 1, 3 do fs[i] = function() i = i + 1 return i end end print(fs[1](), fs[1](), fs[2](), f"
            + "s[3]())",
        "2\t3\t3\t4")]
    [InlineData(
        "local fs = {} local j = 0 repeat local x = j fs[#fs + 1] = function() return x end j = j + 1 until x >= 2 prin"
            + "t(fs[1](), fs[2](), fs[3]())",
        "0\t1\t2")]
    [InlineData(
        "local fs = {} local n = 0 while n < 3 do local m = n fs[n] = function(v) if v then m = v end return m end n = "
            + "n + 1 if n == 2 then break end end fs[0](7) print(fs[0](), fs[1]())",
        "7\t1")]
    [InlineData(
        "local function fact(n) if n <= 1 then return 1 else return n * fact(n - 1) end end print(fact(10), fact(20))",
        "3628800\t2.4329020081766e+18")]
    [InlineData("local function loop(n) if n == 0 then return \"done\", n end return loop(n - 1) end print(loop(100000))", "done\t0")]
    [InlineData(
        "local function even(n) if n == 0 then return true end return odd(n - 1) end function odd(n) if n == 0 then ret"
            + "urn false end return even(n - 1) end print(even(10), even(7))",
        "true\tfalse")]
    [InlineData("do local a = 1 do local a = 2 print(a) end print(a) end print(a)", "2\n1\nnil")]
    [InlineData(
        "local t = {} t.a = {b = {}} function t.a.b.f(x) return x end function t.a.b:g() return self == t.a.b end print"
            + "(t.a.b.f(1), t.a.b:g())",
        "1\ttrue")]
    [InlineData(
        "local function f(a, b, ...) return select(\"#\", ...), a, b, ... end print(f()) print(f(1)) print(f(1, 2, 3, n"
            + "il))",
        "0\tnil\tnil\n0\t1\tnil\n2\t1\t2\t3\tnil")]
    [InlineData(
        "local function f(...) local a, b = ... local t = {...} return a, b, #t, (select(\"#\", ...)) end print(f(1, 2"
            + ", 3)) print(f())",
        "1\t2\t3\t3\nnil\tnil\t0\t0")]
    [InlineData(
        "local function f(...) return arg.n, arg[1], arg[2] end print(f(7, 8)) local function g(...) local x = ... retu"
            + "rn arg end print(g(1))",
        "2\t7\t8\nnil")]
    [InlineData("local function f(x, ...) return x, ... end print(f(1, 2, 3), (f(4, 5)))", "1\t4")]
    [InlineData(
        "local function count(...) return select(\"#\", ...) end print(count(nil, nil), count(count(1, 2)), count((coun"
            + "t(1, 2))))",
        "2\t1\t1")]
    [InlineData("if nil then print(1) elseif false then print(2) elseif 0 then print(3) else print(4) end", "3")]
    [InlineData("local a = {} for i = 1, 100 do a[i] = i end local s = 0 for i, v in ipairs(a) do s = s + v end print(#a, s)", "100\t5050")]
    [InlineData("local t = {} for k, v in pairs({10, 20, x = 1}) do t[#t + 1] = k end print(t[1], t[2], t[3])", "1\t2\tx")]
    [InlineData("local t = {} for i = 1, 10 do t[i] = i t[\"k\" .. i] = i end for k in pairs(t) do t[k] = nil end print(next(t))", "nil")]
    [InlineData(
        "local function it(s, c) if c < s then return c + 1, c * c end end for i, q in it, 3, 0 do print(i, q) end",
        "1\t0\n2\t1\n3\t4")]
    [InlineData("local t = {1, 2, 3, nil, 5} print(#t) t[#t + 1] = 6 print(#t, t[6])", "5\n3\t6")]
    [InlineData(
        "local t = {} for i = 1, 200 do t[i] = {i} end local s = 0 for i = 200, 1, -1 do s = s + t[i][1] t[i] = nil en"
            + "d print(s, #t)",
        "20100\t0")]
    [InlineData("local s = \"\" for i = 1, 5 do s = s .. i .. \",\" end print(s)", "1,2,3,4,5,")]
    [InlineData("local a = {f = function() return 1, 2 end} local x, y, z = a.f(), a.f() print(x, y, z)", "1\t1\t2")]
    [InlineData("goto_ = 5 print(goto_)", "5")]
    [InlineData(
        "local t = {n = 0} local mt = {__index = function(t, k) return k .. \"!\" end} setmetatable(t, mt) print(t.n, t"
            + ".foo, t[1])",
        "0\tfoo!\t1!")]
    [InlineData("return print(\"returned\")", "returned")]
    public void Statements_Run(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData(
        "local function counter() local n = 0 return function() n = n + 1 return n end, function() return n end end loc"
            + "al a, b = counter() a() a() print(b()) local c, d = counter() print(c(), d(), b())",
        "2\n1\t1\t2")]
    [InlineData(
        "local x = 1 local function f() x = x + 1 return function() x = x * 2 return x end end local g = f() print(g()"
            + ", x) x = 10 print(g(), x)",
        "4\t4\n20\t20")]
    [InlineData(
        "local fs = {} for i = 1, 5 do local j = i * i fs[i] = function(d) j = j + (d or 0) return j end end print(fs[2"
            + "](1), fs[2](), fs[3](), fs[5](2))",
        "5\t5\t9\t27")]
    [InlineData(
        "local function f() local a = {} for i = 1, 3 do local x = i a[i] = {get = function() return x end, set = funct"
            + "ion(v) x = v end} end return a end local a = f() a[1].set(9) print(a[1].get(), a[2].get())",
        "9\t2")]
    [InlineData(
        "local a = 1 local function f() local b = a return function() a = a + b b = b + 1 return a, b end end local g, "
            + "h = f(), f() print(g()) print(h()) print(g())",
        "2\t2\n3\t2\n5\t3")]
    [InlineData("local t = {} for k, v in pairs({a = 1}) do t[1] = function() return k, v end end print(t[1]())", "a\t1")]
    [InlineData(
        "local function deep() local a = 1 return function() return function() return function() a = a + 1 return a en"
            + "d end end end local f = deep()()() print(f(), f())",
        "2\t3")]
    public void Upvalues_AreShared(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData(
        "local mt = {__add = function(a, b) return \"add\" end, __concat = function(a, b) return \"cat\" end, __unm = f"
            + "unction(a) return \"unm\" end, __len = function() return 99 end} local t = setmetatable({}, mt) print(t + 1, "
            + "1 + t, t .. \"x\", \"x\" .. t, 1 .. t, -t, #t)",
        "add\tadd\tcat\tcat\tcat\tunm\t0")]
    [InlineData(
        "local mt = {} for _, n in ipairs({\"sub\", \"mul\", \"div\", \"mod\", \"pow\"}) do mt[\"__\" .. n] = function("
            + ") return n end end local t = setmetatable({}, mt) print(t - 1, 2 * t, t / t, t % 2, 2 ^ t)",
        "sub\tmul\tdiv\tmod\tpow")]
    [InlineData(
        "local mt = {__eq = function(a, b) return true end} local a, b = setmetatable({}, mt), setmetatable({}, mt) pri"
            + "nt(a == b, a ~= b, a == 1, rawequal(a, b), a == setmetatable({}, {__eq = mt.__eq}), a == setmetatable({}, {__e"
            + "q = print}))",
        "true\tfalse\tfalse\tfalse\ttrue\tfalse")]
    [InlineData(
        "local mt = {__lt = function(a, b) return a.v < b.v end} local a, b = setmetatable({v = 1}, mt), setmetatable({"
            + "v = 2}, mt) print(a < b, a > b, a <= b, a >= b)",
        "true\tfalse\ttrue\tfalse")]
    [InlineData(
        "local mt = {__lt = function(a, b) return nil end, __le = function(a, b) return 1 end} local a, b = setmetatabl"
            + "e({}, mt), setmetatable({}, mt) print(a < b, a <= b, not (a < b), a >= b)",
        "false\ttrue\ttrue\ttrue")]
    [InlineData(
        "local t = setmetatable({}, {__call = function(self, ...) return self, ... end}) local a, b, c = t(1, 2) print("
            + "a == t, b, c) print(select(\"#\", t()))",
        "true\t1\t2\n1")]
    [InlineData(
        "local t = setmetatable({}, {__call = function(self, n) if n == 0 then return \"end\" end return self(n - 1) en"
            + "d}) print(t(1000))",
        "end")]
    [InlineData(
        "local log = {} local t = setmetatable({}, {__newindex = function(t, k, v) rawset(t, k, v * 2) end}) t.a = 1 t."
            + "a = 5 t[1] = 2 print(t.a, t[1])",
        "5\t4")]
    [InlineData(
        "local base = {x = 1, f = function(self) return self.y end} local d = setmetatable({y = 2}, {__index = base}) p"
            + "rint(d.x, d.y, d:f(), d.z) base.z = 3 print(d.z)",
        "1\t2\t2\tnil\n3")]
    [InlineData("local p = setmetatable({}, {__newindex = {}}) p.a = 1 print(rawget(p, \"a\"), getmetatable(p).__newindex.a)", "nil\t1")]
    [InlineData(
        "local c = {} c.__index = c function c.new(v) return setmetatable({v = v}, c) end function c:get() return self."
            + "v end local e = setmetatable({}, {__index = c}) e.__index = e local o = setmetatable({v = 5}, e) print(o:get()"
            + ", c.new(3):get())",
        "5\t3")]
    [InlineData(
        "print(getmetatable({}), getmetatable(setmetatable({}, {__metatable = \"locked\"})), pcall(setmetatable, setmet"
            + "atable({}, {__metatable = 1}), {}))",
        "nil\tlocked\tfalse\tcannot change a protected metatable")]
    [InlineData("print(tostring(setmetatable({}, {__tostring = function() return \"me\" end})))", "me")]
    [InlineData(
        "local t = setmetatable({}, {__concat = function(a, b) return (type(a) == \"table\" and \"T\" or a) .. \"+\" ."
            + ". (type(b) == \"table\" and \"T\" or b) end}) print(\"a\" .. \"b\" .. t .. \"c\" .. \"d\", t .. t, 1 .. 2 .. t"
            + ")",
        "abT+cd\tT+T\t12+T")]
    [InlineData(
        "local mt = {} local t = setmetatable({}, mt) print(t.x) mt.__index = function() return \"now\" end print(t.x) "
            + "mt.__index = nil print(t.x)",
        "nil\nnow\nnil")]
    [InlineData(
        "print(pcall(function() local a = setmetatable({}, {}) getmetatable(a).__index = a return a.x end))",
        "false\ttest:1: loop in gettable")]
    [InlineData(
        "local t = setmetatable({}, {__index = function(t, k) error(\"no \" .. k, 2) end}) print(pcall(function() retur"
            + "n t.foo end))",
        "false\ttest:1: no foo")]
    [InlineData(
        "local a = setmetatable({}, {__index = function(_, k) return function(self, x) return k, x end end}) print(a:an"
            + "ything(3), a.b(nil, 4))",
        "anything\tb\t4")]
    public void Metatables_AreAsked(string source, string expected) => Assert.Equal(expected, Script.Print(source));

    [Theory]
    [InlineData(
        "local co = coroutine.create(function(a, b) local c = coroutine.yield(a + b) local d, e = coroutine.yield(c * 2"
            + ") return d + e end) print(coroutine.resume(co, 1, 2)) print(coroutine.resume(co, 10)) print(coroutine.resume(c"
            + "o, 3, 4)) print(coroutine.resume(co)) print(coroutine.status(co))",
        "true\t3\ntrue\t20\ntrue\t7\nfalse\tcannot resume dead coroutine\ndead")]
    [InlineData(
        "local gen = coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i) end end) print(gen(), gen(), gen(), g"
            + "en()) print(pcall(gen))",
        "1\t2\t3\nfalse\tcannot resume dead coroutine")]
    [InlineData(
        "local function perm(a, n) n = n or #a if n <= 1 then coroutine.yield(a) else for i = 1, n do a[n], a[i] = a[i]"
            + ", a[n] perm(a, n - 1) a[n], a[i] = a[i], a[n] end end end local s = \"\" for p in coroutine.wrap(function() pe"
            + "rm({1, 2, 3}) end) do s = s .. p[1] .. p[2] .. p[3] .. \" \" end print(s)",
        "231 321 312 132 213 123 ")]
    [InlineData(
        "local co co = coroutine.create(function() print(coroutine.status(co), coroutine.running() == co) print(corouti"
            + "ne.resume(co)) error({}) end) local ok, e = coroutine.resume(co) print(ok, type(e), coroutine.status(co))",
        "running\ttrue\nfalse\tcannot resume running coroutine\nfalse\ttable\tdead")]
    [InlineData(
        "local a, b a = coroutine.create(function() print(coroutine.resume(b)) end) b = coroutine.create(function() pri"
            + "nt(coroutine.status(a), coroutine.resume(a)) end) print(coroutine.resume(a))",
        "normal\tfalse\tcannot resume normal coroutine\ntrue\ntrue")]
    [InlineData(
        "local w = coroutine.wrap(function() local x x() end) print(pcall(w))",
        "false\ttest:1: attempt to call local 'x' (a nil value)")]
    [InlineData(
        "local co = coroutine.wrap(function(...) local n = select(\"#\", ...) while true do n = select(\"#\", coroutine"
            + ".yield(n)) end end) print(co(), co(1, nil), co(nil, nil, nil), co())",
        "0\t2\t3\t0")]
    [InlineData(
        "local up = 0 local co = coroutine.create(function() local x = 1 up = function() x = x + 1 return x end corouti"
            + "ne.yield() x = x * 10 coroutine.yield(x) end) coroutine.resume(co) print(up(), up()) print(coroutine.resume(co"
            + ")) print(up())",
        "2\t3\ntrue\t30\n31")]
    [InlineData(
        "print(coroutine.running(), coroutine.resume(coroutine.create(function() return type(coroutine.running()) end))"
            + ")",
        "nil\ttrue\tthread")]
    [InlineData(
        "local t = {} for i = 1, 100 do t[i] = coroutine.wrap(function() local s = i while true do s = s + coroutine.yi"
            + "eld(s) end end) t[i]() end local s = 0 for r = 1, 3 do for i = 1, 100 do s = s + t[i](r) end end print(s)",
        "16150")]
    public void Coroutines_Switch(string source, string expected) => Assert.Equal(expected, Script.Print(source));
}
