using System.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Host functions: arguments, results, errors, calls back and pauses.</summary>
public sealed class HostCallTests
{
    private readonly Script _script = new();

    [Fact]
    public void Results_AreAsManyAsTheCallerWants()
    {
        Register("three", (in call) => call.Return(1, 2, 3));
        Register("none", (in call) => call.Return());
        Register("all", (in call) => call.ReturnArguments(1));
        Register("before", (in call) => call.ReturnBefore("x"u8.Length));
        Assert.Equal(
            "1\t2\t3\n1\t1\t2\t3\nnil\n2\t3\n1\t5\t6",
            _script.Run("print(three()) print((three()), three()) print((none())) print(all(1, 2, 3)) print(before(5, 6))"));
    }

    [Fact]
    public void Failures_HaveThePlaceOfTheCall()
    {
        Register("fail", (in call) => call.Fail("no"));
        Register("raise", (in call) => throw call.Error("never"));
        Register("value", (in call) => call.Fail(call[0]));
        Register("argument", (in call) => call.Return(call.CheckNumber(1)));
        const string Source = """
            print(pcall(function() fail() end), pcall(fail))
            print(pcall(function() raise() end), pcall(raise))
            print(pcall(function() value(7) end))
            print(pcall(function() argument(1, {}) end))
            local t = {f = argument} print(pcall(function() t:f({}) end))
            """;
        Assert.Equal(
            "false\tfalse\tno\nfalse\tfalse\tnever\nfalse\t7\nfalse\ttest:4: bad argument #2 to 'argument' (number expected, got table)\n"
            + "false\ttest:5: bad argument #1 to 'f' (number expected, got table)",
            _script.Run(Source));
    }

    [Fact]
    public void Tasks_CallBackAndGoOn()
    {
        Register("map", (in call) => new Map(call[0], call.Arguments[1..].ToArray()).Go(call));
        const string Source = """
            print(map(function(x) return x * 2 end, 1, 2, 3))
            print(pcall(map, function(x) error('in map', 0) end, 1))
            local co = coroutine.wrap(function() return map(function(x) return coroutine.yield(x) end, 1, 2) end)
            print(co()) print(co('a')) print(co('b'))
            """;
        Assert.Equal("2\t4\t6\nfalse\tin map\n1\n2\na\tb", _script.Run(Source));
    }

    [Fact]
    public void Pauses_LetTheHostRun()
    {
        int pauses = 0;
        Register("pause", (in call) =>
        {
            pauses++;
            return call.Pause(new Answer(call[0]));
        });
        Assert.Equal("1\n2\n3", _script.Run("for i = 1, 3 do print(pause(i)) end"));
        Assert.Equal(3, pauses);
    }

    [Fact]
    public void Spending_EndsTheSlice()
    {
        Register("work", (in call) =>
        {
            call.Spend(1_000_000);
            return call.Return();
        });
        LuaMachine machine = _script.Machine;
        machine.Start(machine.Load(Encoding.Latin1.GetBytes("work() work() work()"), LuaString.Of("=x")));
        Assert.Equal(RunStatus.Suspended, machine.Run(10));
        Assert.Equal(RunStatus.Suspended, machine.Run(10));
        Assert.Equal(RunStatus.Suspended, machine.Run(10));
        Assert.Equal(RunStatus.Finished, machine.Run(10));
        Assert.InRange(machine.InstructionCount, 3_000_000, 3_000_100);
    }

    [Fact]
    public void Results_OfARunAreThere()
    {
        LuaMachine machine = _script.Machine;
        machine.Start(machine.Load("return 1, ..."u8.ToArray(), LuaString.Of("=x")), LuaString.Of("two"), LuaValue.Nil);
        Assert.Equal(RunStatus.Finished, machine.Run(long.MaxValue));
        Assert.Equal([1, (LuaValue)LuaString.Of("two"), LuaValue.Nil], machine.Results.ToArray());
        machine.Start(machine.Load("error({})"u8.ToArray(), LuaString.Of("=x")));
        Assert.Equal(RunStatus.Failed, machine.Run(long.MaxValue));
        Assert.Equal(LuaType.Table, machine.Error.Type);
    }

    [Fact]
    public void Errors_TellTheirPlace()
    {
        Register("fail", (in call) => call.Fail("no"));
        LuaMachine machine = _script.Machine;
        _script.Run("\n\nfail()");
        Assert.Equal(("@test", 3), (machine.ErrorSource?.ToString(), machine.ErrorLine));
        _script.Run("local function f()\nlocal x = nil + 1\nend\nf()");
        Assert.Equal(("@test", 2), (machine.ErrorSource?.ToString(), machine.ErrorLine));
        _script.Run("local f = coroutine.wrap(function()\nerror({})\nend)\n\nf()");
        Assert.Equal(("@test", 5), (machine.ErrorSource?.ToString(), machine.ErrorLine));
        _script.Run("pcall(fail)");
        Assert.Equal(-1, machine.ErrorLine);
    }

    [Fact]
    public void ReadOnlyTables_AreChangedByTheHostOnly()
    {
        LuaTable table = _script.Machine.Memory.NewTable();
        table.Set(1, 1);
        table.Set(LuaString.Of("x"), 1);
        table.IsReadOnly = true;
        _script.Machine.Globals.Set(LuaString.Of("t"), table);
        const string Source = """
            for _, f in ipairs({function() t.x = 2 end, function() t.y = 2 end, function() t[1] = 2 end, function() t[2] = 2 end,
                function() local k = 'x' t[k] = nil end, function() setmetatable({}, {__newindex = t}).z = 1 end,
                function() rawset(t, 1, 2) end, function() setmetatable(t, {}) end}) do
              print(pcall(f))
            end
            print(t.x, t[1], t.y, t[2], t.z)
            """;
        string expected = string.Concat(Enumerable.Range(0, 8).Select(i =>
            $"false\t{(i < 4 ? "test:1: " : i < 6 ? "test:2: " : "")}Attempt to modify a readonly table\n")) + "1\t1\tnil\tnil\tnil";
        Assert.Equal(expected, _script.Run(Source));
        table.Set(2, 2);
        Assert.Equal(2, table.Get(2).Number);
    }

    private void Register(string name, HostBody body) => _script.Machine.Register(_script.Machine.Globals, name, body);

    private sealed class Answer(LuaValue value) : HostTask
    {
        public override HostStep Resume(in HostCall call)
        {
            Assert.Equal(0, call.Count);
            return call.Return(value);
        }
    }

    private sealed class Map(LuaValue function, LuaValue[] values) : HostTask
    {
        private int _next;

        public HostStep Go(in HostCall call) =>
            _next == values.Length ? call.Return(values) : call.Call(function, [values[_next]], this);

        public override HostStep Resume(in HostCall call)
        {
            values[_next++] = call[0];
            return Go(call);
        }
    }
}
