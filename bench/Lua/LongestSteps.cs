using System.Diagnostics;
using System.Globalization;
using System.Text;
using Bixbite.Lua.Extensions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua;

/// <summary>
/// Runs programs that last long in slices, and prints how long a slice took: what a script may keep a server
/// from doing, whatever it does.
/// </summary>
internal static class LongestSteps
{
    private const long SliceSize = 100_000;
    private const long MemoryMax = 2L << 30;
    private static readonly TimeSpan s_timeMax = TimeSpan.FromSeconds(2);

    private static readonly (string Name, string Source)[] s_programs =
    [
        ("empty loop", "while true do end"),
        ("calls of host functions", "while true do type(1) end"),
        ("small tables", "while true do local t = {1, 2, x = 3} end"),
        ("closures", "while true do local x = 1 local f = function() return x end f() end"),
        ("short strings", "local i = 0 while true do i = i + 1 local s = 'k' .. i end"),
        ("fractions as text", "local i = 0 while true do i = i + 1 local s = 'k' .. i / 3 end"),
        ("format of large numbers", "while true do local s = string.format('%99.99f %99.99f', 1e308, 1e-308) end"),
        ("format of many items", "local f, t = ('%99.99f'):rep(250), {} for i = 1, 250 do t[i] = i / 3 end "
            + "while true do local s = string.format(f, unpack(t)) end"),
        ("runtime errors", "local function f(x) return x.y end while true do pcall(f) end"),
        ("errors in deep calls", "local function f(n) if n == 0 then local x x.y = 1 end return (f(n - 1)) end while true do "
            + "pcall(f, 15000) end"),
        ("argument errors", "while true do pcall(string.rep) end"),
        ("compiling", "while true do loadstring('return 1 + 2') end"),
        ("compiling 100 kB", "local s = ('x = x + 1 '):rep(10000) while true do loadstring(s) end"),
        ("compiling 10 MB", "local s = ('x = x + 1 '):rep(1000000) while true do loadstring(s) end"),
        ("compiling a 10 MB table", "local s = 'return {' .. ('{1, 2}, '):rep(1200000) .. '}' while true do loadstring(s) end"),
        ("rep of 100 MB", "while true do ('x'):rep(1e8) end"),
        ("rep of 1 GB", "while true do ('x'):rep(1e9) end"),
        ("lower of 100 MB", "local s = ('X'):rep(1e8) while true do s:lower() end"),
        ("reverse of 100 MB", "local s = ('X'):rep(1e8) while true do s:reverse() end"),
        ("sub of 100 MB", "local s = ('X'):rep(1e8) while true do s:sub(2) end"),
        ("concatenation of 100 MB", "local s = ('X'):rep(1e8) while true do local t = s .. s end"),
        ("comparison of 100 MB", "local s, t = ('X'):rep(1e8), ('X'):rep(1e8) while true do local x = s == t end"),
        ("order of 100 MB", "local s, t = ('X'):rep(1e8), ('X'):rep(1e8) while true do local x = s < t end"),
        ("keys of 100 MB", "local s, t = ('X'):rep(1e8), {[('X'):rep(1e8)] = 1} while true do local x = t[s] end"),
        ("digits, 100 MB", "local s = ('1'):rep(1e8) while true do local x = tonumber(s) end"),
        ("digits added, 10 MB", "local s = ('1'):rep(1e7) while true do local x = s + 1 end"),
        ("a table that grows to 10^7", "while true do local t = {} for i = 1, 1e7 do t[i] = i end end"),
        ("a hash that grows to 5*10^6", "while true do local t = {} for i = 1, 5e6 do t[i + 0.5] = i end end"),
        ("next over a cleared table", "local t = {} for i = 1, 5e6 do t[i] = i end for i = 1, 5e6 do t[i] = nil end while true "
            + "do next(t) end"),
        ("rehash of a large table", "local t = {} for i = 1, 5e6 do t[i] = i end while true do for i = 1, 9 do t['k' .. i] = 1 end "
            + "for i = 1, 9 do t['k' .. i] = nil end end"),
        ("border of a large table", "local t = {} for i = 1, 5e6 do t[i] = i end while true do local n = #t end"),
        ("measuring 10^6 tables", "local t = {} for i = 1, 1e6 do t[i] = {i} end while true do collectgarbage() local x = {} "
            + "x[1] = ('x'):rep(1e8) end"),
        ("measuring an array of 10^7", "local t = {} for i = 1, 1e7 do t[i] = i end while true do collectgarbage() local x = "
            + "('x'):rep(1e8) end"),
        ("a pool of 10^6 names", "local s = {} for i = 1, 1e6 do s[i] = '\"key' .. i .. '\":1' end "
            + "s = '{' .. table.concat(s, ',') .. '}' while true do cjson.decode(s) collectgarbage() end"),
        ("weak tables of 10^6", "local t = setmetatable({}, {__mode = 'k'}) for i = 1, 1e6 do t[{}] = i end while true do "
            + "collectgarbage() end"),
        ("sort of 10^6", "local t = {} while true do for i = 1, 1e6 do t[i] = (i * 7919) % 1000003 end table.sort(t) end"),
        ("sort by a function", "local t = {} while true do for i = 1, 1e5 do t[i] = (i * 7919) % 1000003 end "
            + "table.sort(t, function(a, b) return a > b end) end"),
        ("sort of long strings", "local t, s = {}, ('x'):rep(1e6) for i = 1, 100 do t[i] = s .. i end while true do "
            + "table.sort(t) t[1], t[100] = t[100], t[1] end"),
        ("concat of 10^6", "local t = {} for i = 1, 1e6 do t[i] = 'some text ' .. i end while true do table.concat(t, ',') end"),
        ("concat to 500 MB", "local t, s = {}, ('x'):rep(1e6) for i = 1, 500 do t[i] = s end while true do table.concat(t) end"),
        ("gsub over 10 MB", "local s = ('hello world '):rep(9e5) while true do s:gsub('o', '0') end"),
        ("gsub to 500 MB", "local s = ('x'):rep(1e6) while true do s:gsub('x', ('y'):rep(500)) end"),
        ("a pattern that backtracks", "local s = ('a'):rep(1e5) while true do s:find('.-.-.-.-b') end"),
        ("a long plain search", "local s = ('a'):rep(1e7) while true do s:find(('a'):rep(1e6) .. 'b', 1, true) end"),
        ("unpack of 7000", "local t = {} for i = 1, 7000 do t[i] = i end while true do local a = select('#', unpack(t)) end"),
        ("byte of 7000", "local s = ('x'):rep(7000) while true do string.char(s:byte(1, -1)) end"),
        ("deep varargs", "local function f(n, ...) if n == 0 then return select('#', ...) end return f(n - 1, n, ...) end while "
            + "true do f(10000) end"),
        ("insert in front", "local t = {} for i = 1, 1e6 do t[i] = i end while true do table.insert(t, 1, 0) end"),
        ("cjson encode", "local t = {} for i = 1, 1e5 do t[i] = {id = i, name = 'n' .. i, x = i / 3} end while true do "
            + "cjson.encode(t) end"),
        ("cjson decode", "local t = {} for i = 1, 1e5 do t[i] = {id = i, name = 'n' .. i, x = i / 3} end local s = cjson.encode(t) "
            + "while true do cjson.decode(s) end"),
        ("cjson of a string of 100 MB", "local s = ('x'):rep(1e8) while true do cjson.encode(s) end"),
        ("cjson decode of 100 MB", "local s = '\"' .. ('x'):rep(1e8) .. '\"' while true do cjson.decode(s) end"),
        ("cmsgpack", "local t = {} for i = 1, 1e5 do t[i] = {id = i, name = 'n' .. i, x = i / 3} end while true do "
            + "cmsgpack.unpack(cmsgpack.pack(t)) end"),
        ("cmsgpack of a string of 100 MB", "local s = ('x'):rep(1e8) while true do cmsgpack.unpack(cmsgpack.pack(s)) end"),
        ("struct of 100 MB", "local s = ('x'):rep(1e8) while true do struct.pack('s', s) end"),
        ("bit", "while true do bit.tohex(bit.bxor(123, 456)) end"),
        ("coroutines", "while true do local c = coroutine.wrap(function() coroutine.yield() end) c() end"),
        ("deep recursion", "local function f() return 1 + f() end while true do pcall(f) end"),
        ("memory used up by small tables", "while true do pcall(function() local t = {} while true do t = {t} end end) end"),
        ("memory used up by one table", "while true do pcall(function() local t = {} for i = 1, 1e9 do t[i] = i end end) end"),
        ("memory used up by strings", "while true do pcall(function() local s = 'x' while true do s = s .. s end end) end"),
    ];

    public static void Print(string wanted)
    {
        Console.WriteLine($"Slices of {SliceSize} instructions, in milliseconds\n");
        Console.WriteLine("| program | slices | mean | longest | 2nd | 3rd |");
        Console.WriteLine("| --- | --: | --: | --: | --: | --: |");
        foreach ((string name, string source) in s_programs.Where(program => program.Name.Contains(wanted, StringComparison.Ordinal)))
        {
            List<double> times = Run(source);
            double mean = times.Average();
            times.Sort((a, b) => b.CompareTo(a));
            (double second, double third) = (times.ElementAtOrDefault(1), times.ElementAtOrDefault(2));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {times.Count} | {mean:F2} | {times[0]:F1} | {second:F1} | {third:F1} |"));
            GC.Collect();
        }
    }

    private static List<double> Run(string source)
    {
        var machine = new LuaMachine();
        BaseLibrary.Open(machine);
        CoroutineLibrary.Open(machine);
        StringLibrary.Open(machine);
        TableLibrary.Open(machine);
        MathLibrary.Open(machine, new RandomSequence());
        JsonLibrary.Open(machine);
        MessagePackLibrary.Open(machine);
        StructLibrary.Open(machine);
        BitLibrary.Open(machine);
        machine.Memory.Limit = MemoryMax;
        machine.Start(machine.Load(Encoding.Latin1.GetBytes(source), LuaString.Of("=bench")));
        List<double> times = [];
        long start = Stopwatch.GetTimestamp();
        RunStatus status;
        do
        {
            double before = ProcessorMilliseconds();
            status = machine.Run(SliceSize);
            times.Add(ProcessorMilliseconds() - before);
        }
        while (status == RunStatus.Suspended && Stopwatch.GetElapsedTime(start) < s_timeMax);
        if (status == RunStatus.Failed)
        {
            Console.WriteLine($"{machine.Error}: {source}");
        }
        return times;
    }

    /// <summary>Of this thread, the collector's work on it included.</summary>
    private static double ProcessorMilliseconds() =>
        double.Parse(File.ReadAllText("/proc/thread-self/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
}
