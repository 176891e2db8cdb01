using System.Text;

namespace Bixbite.Lua.Libraries;

/// <summary>Random calls beside the reference, in programs of many; each program also runs in slices of one step.</summary>
public sealed class RandomCallTests
{
    private const int CallsPerProgram = 500;

    private static readonly string[] s_patterns =
    [
        "a", "b", ".", "%a", "%d", "[ab]", "[^a]", "(a)", "(.)", "()", "%w+", "a*", ".-", "b?", "%s", "^", "$", "%b()", "%f[a]", "%1",
        "[a-c]+", "(%a(.))",
    ];

    private static readonly string[] s_texts = ["a", "b", "ab", "c1", " ", "(", ")", "x", "\0", "aaa"];

    private static readonly string[] s_replacements =
    [
        "'x'", "'%0'", "'%1'", "'%2'", "'<%1%0>'", "'%%'", "'%'", "''", "7", "{a = 'A', b = false, ab = 3}", "string.upper",
        "function() end", "function(x) return x and x .. '!' end", "function(...) return select('#', ...) end",
        "setmetatable({}, {__index = function(_, k) return '#' .. k end})",
    ];

    [Fact]
    public void Replacements_AreThoseOfTheReference()
    {
        Random random = RandomSeed.Next();
        Compare([.. Enumerable.Range(0, 10_000).Select(_ =>
            $"string.gsub({Text(random, s_texts, 10)}, {Text(random, s_patterns, 4)}, {Pick(random, s_replacements)}{Limit(random)})")]);
    }

    [Fact]
    public void Iterations_AreThoseOfTheReference()
    {
        Random random = RandomSeed.Next();
        Compare([.. Enumerable.Range(0, 5000).Select(_ =>
            "(function() local r = {} for a, b in string.gmatch("
            + $"{Text(random, s_texts, 10)}, {Text(random, s_patterns, 4)}) "
            + "do r[#r + 1] = tostring(a) .. tostring(b) end return table.concat(r, '|') end)()")]);
    }

    /// <summary>The order function notes what it is asked; every kind of order is tried, and some that contradict themselves.</summary>
    [Fact]
    public void Sorts_AskWhatTheReferenceAsks()
    {
        Random random = RandomSeed.Next();
        string[] orders = ["a < b", "a > b", "a <= b", "true", "false", "a % 3 < b % 3", "(a + #n) % 2 == 0", "a ~= b"];
        Compare([.. Enumerable.Range(0, 3000).Select(_ =>
            $"(function() local n, t = {{}}, {{{string.Join(", ", Enumerable.Range(0, random.Next(30)).Select(_ => random.Next(20)))}}} "
            + $"local ok = pcall(table.sort, t, function(a, b) n[#n + 1] = a .. ':' .. b return {Pick(random, orders)} end) "
            + "return ok, table.concat(n, ' '), table.concat(t, ',') end)()")]);
    }

    [Fact]
    public void SortsWithoutAFunction_GiveTheSameOrder()
    {
        Random random = RandomSeed.Next();
        string[] values = ["1", "2", "3", "-1", "0/0", "'a'", "'b'", "1/0"];
        Compare([.. Enumerable.Range(0, 2000).Select(_ =>
            $"(function() local t = {{{List(random, random.Next(2) == 0 ? values[..4] : values)}}} "
            + "local ok, e = pcall(table.sort, t) return ok, e, unpack(t, 1, 12) end)()")]);
    }

    [Fact]
    public void ElementsThatMove_LieWhereTheReferenceHasThem()
    {
        Random random = RandomSeed.Next();
        Compare([.. Enumerable.Range(0, 3000).Select(_ =>
            $"(function() local t = {{1, 2, 3, nil, 5}} "
            + string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => random.Next(3) switch
            {
                0 => $"table.insert(t, {random.Next(-3, 12)}, {random.Next(100)}) ",
                1 => $"table.insert(t, {random.Next(100)}) ",
                _ => $"table.remove(t, {random.Next(-1, 9)}) ",
            }))
            + "local r = {} for i = -4, 16 do r[#r + 1] = tostring(t[i]) end return #t, table.maxn(t), table.concat(r, ',') end)()")]);
    }

    private static void Compare(string[] calls)
    {
        foreach (string[] some in calls.Chunk(CallsPerProgram))
        {
            string program = string.Concat(some.Select(call => $"show(pcall(function() return {call} end)) "));
            string[] expected = ReferenceLua.Run(program);
            string[] actual = new ScriptRunner().Run(program);
            string[] paused = new ScriptRunner().Run(program, fuelAtOnce: 1);
            for (int index = 0; index < some.Length; index++)
            {
                Assert.Equal($"{some[index]}: {Named(expected[index])}", $"{some[index]}: {Named(actual[index])}");
                Assert.Equal($"{some[index]}: {actual[index]}", $"{some[index]}: {paused[index]}");
            }
        }
    }

    /// <summary>The reference's chunk has another name.</summary>
    private static string Named(string line) => line.Replace(
        ReferenceLua.Hex("stdin:"u8), ReferenceLua.Hex("test:"u8), StringComparison.Ordinal);

    private static string Text(Random random, string[] pieces, int countMax)
    {
        string text = string.Concat(Enumerable.Range(0, random.Next(countMax)).Select(_ => Pick(random, pieces)));
        return $"hex'{ReferenceLua.Hex(Encoding.Latin1.GetBytes(text))}'";
    }

    private static string List(Random random, string[] values) =>
        string.Join(", ", Enumerable.Range(0, random.Next(12)).Select(_ => Pick(random, values)));

    private static string Limit(Random random) => random.Next(4) == 0 ? $", {random.Next(-1, 4)}" : "";

    private static string Pick(Random random, string[] pieces) => pieces[random.Next(pieces.Length)];
}
