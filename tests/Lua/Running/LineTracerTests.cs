using System.Globalization;
using System.Text;
using Bixbite.Lua.Libraries;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Lines come as the line hook of an installed <c>lua5.1</c> tells them, with the variables that are visible there.</summary>
public sealed class LineTracerTests
{
    private const int LinesMax = 3000;
    private const int ProgramsCount = 60;

    /// <summary>Before a generated program, on its first line.</summary>
    private const string Names = "local calls = 0 local function show() end local function enter() calls = calls + 1 "
        + "if calls > 200 then error('enough', 0) end end local g, h, self ";

    private const string Hook = """
        local count = 0
        local chunk = loadstring(hex('SOURCE'), '@x') or function() end
        local function hook(_, line)
          if debug.getinfo(2, 'S').source ~= '@x' or count == LIMIT then return end
          count = count + 1
          local names = {}
          for i = 1, 250 do
            local name, value = debug.getlocal(2, i)
            if not name then break end
            if name ~= '(*temporary)' then
              names[#names + 1] = name .. '=' .. (type(value) ~= 'number' and type(value) or value ~= value and 'nan' or tostring(value))
            end
          end
          io.write(line, ' ', table.concat(names, ','), '\n')
        end
        local create, resume = coroutine.create, coroutine.resume
        function coroutine.create(f)
          local thread = create(f)
          debug.sethook(thread, hook, 'l')
          return thread
        end
        local function pass(ok, ...)
          if not ok then error((...), 0) end
          return ...
        end
        function coroutine.wrap(f)
          local thread = coroutine.create(f)
          return function(...) return pass(resume(thread, ...)) end
        end
        debug.sethook(hook, 'l')
        pcall(chunk)
        debug.sethook()

        """;

    [Theory]
    [InlineData("local a = 1\nlocal b = 2\n\nreturn a + b")]
    [InlineData("local a\nif a then\n  a = 1\nelseif not a then\n  a = 2\nelse\n  a = 3\nend\nreturn a")]
    [InlineData("for i = 1, 3 do\n  local x = i\nend\nreturn 1")]
    [InlineData("for i = 1, 3 do local x = i end return 1")]
    [InlineData("for i = 3, 1 do\n  local x = i\nend")]
    [InlineData("for k, v in pairs({1, 2, 3}) do\n  local x = v\nend\nreturn")]
    [InlineData("for k, v in next, {a = 1} do local x = v end")]
    [InlineData("local i = 0\nwhile i < 3 do\n  i = i + 1\nend\nreturn i")]
    [InlineData("local i = 0\nwhile\n  i < 3\ndo\n  i = i + 1\n  if i == 2 then\n    break\n  end\nend")]
    [InlineData("local i = 0\nrepeat\n  local j = i\n  i = i + 1\nuntil j == 2\nreturn i")]
    [InlineData("local i = 0\nrepeat i = i + 1 until i > 3")]
    [InlineData("local i = 0 while i < 3 do i = i + 1 end")]
    [InlineData("local function f(x)\n  local y = x\n  return y\nend\nlocal a = f(1)\nlocal b = f(\n  2\n)\nreturn a + b")]
    [InlineData("local function f(...)\n  local a, b = ...\n  return select('#', ...)\nend\nf(1, 2, 3)\nreturn f()")]
    [InlineData("local function f(...)\n  return arg.n\nend\nreturn f(1, 2)")]
    [InlineData("local t = {\n  1,\n  2,\n  x = 3,\n  [4] = 5,\n}\nreturn t")]
    [InlineData(
        "local t = {}\nt.a =\n  1\nt.b\n  = 2\nfunction t.f()\n  return 1\nend\nfunction t:g(x)\n"
        + "  return self, x\nend\nt.f()\nt:g(\n  1)")]
    [InlineData("local a, b = 1, nil\nlocal c = a\n  and b\n  or 3\nlocal d = not (a\n  == c)\nreturn d")]
    [InlineData("local s = 'a' ..\n  'b' ..\n  1\nreturn s")]
    [InlineData("local f = function() return 1 end\nlocal g = function()\n  return f()\nend\nreturn g() + g()")]
    [InlineData("local function fib(n)\n  if n < 2 then return n end\n  return fib(n - 1) +\n    fib(n - 2)\nend\nreturn fib(5)")]
    [InlineData("local a = 1\ndo\n  local b = 2\n  do local c = 3 end\nend\nlocal d = 4\nreturn")]
    [InlineData(
        "local co = coroutine.create(function(a)\n  local b = coroutine.yield(a)\n  return b\n"
        + "end)\ncoroutine.resume(co, 1)\nreturn co")]
    [InlineData("local t = setmetatable({}, {__index = function(t, k)\n  return k\nend})\nlocal a = t.x\nif t.y == 'y' then\n  a = 1\nend")]
    [InlineData(
        "local ok = pcall(function()\n  local x = 1\n  error('x')\nend)\nlocal t = {3, 1, 2}\n"
        + "table.sort(t, function(a, b)\n  return a < b\nend)")]
    [InlineData("local t = setmetatable({}, {__lt = function() return true end})\nif t < t\nthen\n  t = nil\nend\nreturn t")]
    [InlineData("local a = 0\nfor i = 1, 2 do for j = 1, 2 do\n  a = a + j end\nend")]
    [InlineData("local x = 1; local y = 2\nlocal z = 3; return x")]
    [InlineData("for i = 1, 3 do end\nlocal i = 0\nfor i = 3, 1, -1 do\nend\nreturn i")]
    [InlineData(
        "local i = 0\nwhile i < 3 do\n  for j = 1, 2 do i = i + 1 end\nend\nwhile i < 5 do\n"
        + "  for k in pairs({}) do\n  end\n  i = i + 1\nend")]
    [InlineData(
        "local i = 0\nwhile i < 4 do\n  i = i + 1\n  if i == 2 then\n    i = 3\n  else\n  end\n"
        + "end\nwhile i do\n  if i then\n    break\n  end\nend")]
    [InlineData("goto_ = nil")]
    [InlineData("local a, b, c = (function() return 1, 2 end)()\nreturn a,\n  b,\n  c")]
    [InlineData("return")]
    [InlineData("")]
    public void LinesAreThoseOfTheReference(string source) => Same(source);

    [Fact]
    public void LinesOfGeneratedProgramsAreThoseOfTheReference()
    {
        Random random = RandomSeed.Next();
        var programs = new RandomProgram(random);
        for (int i = 0; i < ProgramsCount; i++)
        {
            Same(Names + programs.Next());
        }
    }

    private static void Same(string source)
    {
        string program = Hook.Replace("SOURCE", ReferenceLua.Hex(Encoding.Latin1.GetBytes(source)), StringComparison.Ordinal)
            .Replace("LIMIT", LinesMax.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        string[] expected = ReferenceLua.Run(program);
        List<string> actual = Trace(source);
        Assert.True(expected.SequenceEqual(actual), Difference(source, expected, actual));
    }

    private static List<string> Trace(string source)
    {
        Script script = new();
        StringLibrary.Open(script.Machine);
        TableLibrary.Open(script.Machine);
        MathLibrary.Open(script.Machine, new RandomSequence());
        LuaMachine machine = script.Machine;
        var lines = new List<string>();
        LineTracer? tracer = null;
        tracer = new LineTracer(machine, (line, isNew) =>
        {
            if (isNew && lines.Count < LinesMax)
            {
                lines.Add(string.Create(CultureInfo.InvariantCulture, $"{line} {string.Join(',', tracer!.LocalsOf(0).Select(Show))}"));
            }
            return false;
        });
        if (Load(machine, source) is not { } function)
        {
            return lines;
        }
        tracer.Trace(function);
        machine.Start(function);
        while (machine.Run(1000) == RunStatus.Suspended)
        {
        }
        return lines;
    }

    private static string Difference(string source, string[] expected, List<string> actual)
    {
        int at = expected.Zip(actual).TakeWhile(static pair => pair.First == pair.Second).Count();
        return $"{source}\nline {at}: {expected.ElementAtOrDefault(at)}, not {actual.ElementAtOrDefault(at)}";
    }

    private static LuaFunction? Load(LuaMachine machine, string source)
    {
        try
        {
            return machine.Load(Encoding.Latin1.GetBytes(source), LuaString.Of("@x"));
        }
        catch (LuaException)
        {
            return null;
        }
    }

    private static string Show((LuaString Name, LuaValue Value) local)
    {
        Span<byte> digits = stackalloc byte[64];
        string value = local.Value.IsNumber && double.IsNaN(local.Value.Number) ? "nan"
            : local.Value.IsNumber
            ? Encoding.ASCII.GetString(digits[..NumberText.Write(local.Value.Number, digits)])
            : local.Value.TypeName;
        return $"{local.Name}={value}";
    }
}
