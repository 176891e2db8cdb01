using System.Globalization;
using System.Text;

namespace Bixbite.Lua.Running;

/// <summary>
/// Random programs print the same here and in Lua 5.1.5: values, order of evaluation, error texts. Where that one's
/// recursion in C ends, this one goes on, and there is nothing to compare. BIXBITE_LUA_PROGRAMS says how many.
/// </summary>
public sealed class DifferentialTests
{
    private const int ProgramsDefault = 400;
    private const int BatchSize = 200;

    /// <summary>Runs one program with globals of its own, and prints what it returns. Objects are shown by their type.</summary>
    private const string Prelude = """
        local print, type, select, pcall, setfenv, setmetatable, loadstring = print, type, select, pcall, setfenv, setmetatable, loadstring
        local tostring, unpack, G = tostring, unpack, _G
        function show(...)
          local line = {...}
          for i = 1, select('#', ...) do
            local v = line[i]
            local kind = type(v)
            line[i] = (kind == 'table' or kind == 'function' or kind == 'thread') and kind or v ~= v and 'nan' or tostring(v)
          end
          print(unpack(line, 1, select('#', ...)))
        end
        local show, calls = show, 0
        function enter() calls = calls + 1 if calls > 200 then error('enough', 0) end end
        function run(source)
          local f, message = loadstring(source, '=p')
          if not f then print(message) return end
          calls = 0
          setfenv(f, setmetatable({}, {__index = G}))
          show(pcall(f))
        end

        """;

    [Fact]
    public void Programs_PrintTheSame()
    {
        Random random = RandomSeed.Next();
        string? wanted = Environment.GetEnvironmentVariable("BIXBITE_LUA_PROGRAMS");
        int count = wanted is null ? ProgramsDefault : int.Parse(wanted, CultureInfo.InvariantCulture);
        for (int done = 0; done < count; done += BatchSize)
        {
            Compare([.. Enumerable.Range(0, BatchSize).Select(_ => new RandomProgram(random).Next())]);
        }
    }

    private static void Compare(string[] programs)
    {
        StringBuilder batch = new(Prelude);
        foreach (string program in programs)
        {
            batch.Append("run([==[").Append(program).Append("]==])\nprint('--')\n");
        }
        string[] expected = Parts("debug.setmetatable('', nil)\n" + batch, ReferenceLua.Run);
        string[] actual = Parts(batch.ToString(), source => new Script().Run(source).Split('\n'));
        for (int i = 0; i < programs.Length; i++)
        {
            if (expected[i].Contains("C stack overflow", StringComparison.Ordinal))
            {
                continue;
            }
            Assert.True(expected[i] == actual[i], $"{Difference(expected[i], actual[i])}\n{programs[i]}");
        }
    }

    private static string Difference(string expected, string actual)
    {
        (string, string)[] lines = [.. expected.Split('\n').Zip(actual.Split('\n'))];
        int line = Array.FindIndex(lines, pair => pair.Item1 != pair.Item2);
        return line < 0 ? "A line is missing." : $"Line {line} is {lines[line].Item2} and not {lines[line].Item1}.";
    }

    private static string[] Parts(string source, Func<string, string[]> run) => string.Join('\n', run(source)).Split("\n--");
}
