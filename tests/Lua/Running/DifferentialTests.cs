using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// Random programs print the same here and in Lua 5.1.5: values, order of evaluation, error texts. Where that one's recursion in C or its
/// memory ends, there is nothing to compare; such programs are few. BIXBITE_LUA_PROGRAMS says how many.
/// </summary>
public sealed class DifferentialTests
{
    private const int ProgramsDefault = 1000;
    private const int BatchSize = 200;
    private const long MemoryMax = 2L << 30;

    /// <summary>Prints values; objects are shown by their type, and texts that tell an address without it.</summary>
    private const string Prelude = """
        local type, select, pcall, loadstring, tostring, unpack, rawequal = type, select, pcall, loadstring, tostring, unpack, rawequal
        local gsub = string.gsub
        local function show(...)
          local line = {...}
          for i = 1, select('#', ...) do
            local v = line[i]
            local kind = type(v)
            if kind == 'table' or kind == 'function' or kind == 'thread' or kind == 'userdata' then
              line[i] = kind
            elseif kind == 'number' and not (v == v) then
              line[i] = 'nan'
            else
              line[i] = gsub(gsub(gsub(tostring(v), '%z', '0'), '(%l+): 0?x?%x+', '%1: address'), '%-?nan', 'nan')
            end
          end
          print(unpack(line, 1, select('#', ...)))
        end
        local calls = 0
        local function enter() calls = calls + 1 if calls > 300 then error('enough', 0) end end

        """;

    /// <summary>Runs one program with globals of its own, and prints what it returns.</summary>
    private const string WithGlobals = """
        local setfenv, setmetatable, G = setfenv, setmetatable, _G
        local function run(source)
          local f, message = loadstring(source, '=p')
          if not f then print(message) return end
          calls = 0
          setfenv(f, setmetatable({show = show, enter = enter}, {__index = G}))
          show(pcall(f))
        end

        """;

    /// <summary>The same where scripts have no globals.</summary>
    private const string WithoutGlobals = """
        local function run(source)
          local f, message = loadstring('local show, enter = ... local g, h, self ' .. source, '=p')
          if not f then print(message) return end
          calls = 0
          show(pcall(f, show, enter))
        end

        """;

    /// <summary>Collects lines for the reply.</summary>
    private const string Printing = """
        local function print(...)
          local line = {...}
          for i = 1, select('#', ...) do line[i] = tostring(line[i]) end
          out[#out + 1] = table.concat(line, '\t')
        end

        """;

    [Fact]
    public void Programs_PrintTheSame()
    {
        Random random = RandomSeed.Next();
        for (int done = 0; done < ProgramCount; done += BatchSize)
        {
            string[] programs = NewPrograms(random);
            string batch = Batch(Prelude + WithGlobals, programs);
            string[] expected = Parts(batch, ReferenceLua.Run);
            Compare(programs, expected, Parts(batch, source => RunHere(source, pcall: null)));
            CheckComparable(expected);
        }
    }

    [Fact]
    public void Programs_ReturnTheSameFromEval()
    {
        Random random = RandomSeed.Next();
        using ReferenceRedis redis = new();
        for (int done = 0; done < ProgramCount; done += BatchSize)
        {
            string[] all = NewPrograms(random);
            string[] known = Parts(Batch(Prelude + WithoutGlobals, all), ReferenceLua.Run);
            string[] programs = [.. all.Zip(known).Where(pair => IsComparable(pair.Second)).Select(pair => pair.First)];
            string batch = Batch(Prelude + WithoutGlobals, programs);
            Compare(programs, Parts(Printing + batch, redis.Run), Parts(batch, source => RunHere(source, PlainErrors)));
        }
    }

    /// <summary>All short sets, also those in which a bracket or a percent sign is easily misread.</summary>
    [Fact]
    public void Sets_HoldTheSame()
    {
        const string program = """
            local letters, text = {']', '-', '%', '^', 'a', 'z'}, ']-%^az!~'
            local function try(set, depth)
              print(set, pcall(string.gsub, text, '[' .. set .. ']', ''))
              print(set, pcall(string.gsub, text, '[' .. set, ''))
              if depth == 0 then return end
              for i = 1, #letters do try(set .. letters[i], depth - 1) end
            end
            try('', 5)
            """;
        Assert.Equal(string.Join('\n', ReferenceLua.Run(program)).Trim(), string.Join('\n', RunHere(program, pcall: null)).Trim());
    }

    private static int ProgramCount =>
        Environment.GetEnvironmentVariable("BIXBITE_LUA_PROGRAMS") is { } wanted
            ? int.Parse(wanted, CultureInfo.InvariantCulture)
            : ProgramsDefault;

    private static string[] NewPrograms(Random random) =>
        [.. Enumerable.Range(0, BatchSize).Select(_ => new RandomProgram(random).Next())];

    private static string Batch(string prelude, string[] programs)
    {
        StringBuilder batch = new(prelude);
        foreach (string program in programs)
        {
            batch.Append("run([==[").Append(program).Append("]==])\nprint('--')\n");
        }
        return batch.ToString();
    }

    private static HostStep PlainErrors(in HostCall call)
    {
        _ = call.CheckAny(0);
        return call.CallArgumentsProtected(new PlainErrorsTask());
    }

    private static string[] RunHere(string source, HostBody? pcall)
    {
        Script script = new();
        script.Machine.Memory.Limit = MemoryMax;
        StringLibrary.Open(script.Machine);
        TableLibrary.Open(script.Machine);
        MathLibrary.Open(script.Machine, new RandomSequence());
        if (pcall is not null)
        {
            script.Machine.Register(script.Machine.Globals, "pcall", pcall);
        }
        return script.Run(source).Split('\n');
    }

    private static void Compare(string[] programs, string[] expected, string[] actual)
    {
        for (int i = 0; i < programs.Length; i++)
        {
            Assert.True(
                expected[i] == actual[i] || !IsComparable(expected[i]), $"{Difference(expected[i], actual[i])}\n{programs[i]}");
        }
    }

    private static void CheckComparable(string[] outputs) => Assert.True(outputs.Count(IsComparable) > outputs.Length * 9 / 10);

    private static bool IsComparable(string output) =>
        !output.Contains("C stack overflow", StringComparison.Ordinal) && !output.Contains("not enough memory", StringComparison.Ordinal);

    private static string Difference(string expected, string actual)
    {
        (string, string)[] lines = [.. expected.Split('\n').Zip(actual.Split('\n'))];
        int line = Array.FindIndex(lines, pair => pair.Item1 != pair.Item2);
        return line < 0 ? "A line is missing." : $"Line {line} is {lines[line].Item2} and not {lines[line].Item1}.";
    }

    /// <summary>Errors whose level is the one of the code around the programs tell where that is, which differs.</summary>
    private static string[] Parts(string source, Func<string, string[]> run) =>
        Regex.Replace(string.Join('\n', run(source)), @"\b(test|stdin|user_script):\d+:", "around:").Split("\n--");

    /// <summary>The <c>pcall</c> of Redis: of a table as the error it returns the field "err" too, or that alone.</summary>
    private sealed class PlainErrorsTask : HostTask
    {
        private static readonly LuaString s_err = LuaString.Of("err");

        public override HostStep Resume(in HostCall call)
        {
            if (!call.HasFailed || call[0].Object is not LuaTable table)
            {
                return call.ReturnBefore(!call.HasFailed);
            }
            LuaValue text = table.Get(s_err);
            return text.IsNumber || text.Object is LuaString ? call.Return(false, text) : call.Return(false, call[0], text);
        }
    }
}
