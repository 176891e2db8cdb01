using System.Text;
using Bixbite.Lua.Extensions;
using Bixbite.Lua.Running;

namespace Bixbite.Lua.Values;

/// <summary>The pool forgets names that nobody reaches, a part of it at a time.</summary>
public sealed class StringPoolTests
{
    private const int NameCount = 20_000;

    [Fact]
    public void ManyNames_AreForgottenInSlices()
    {
        Script script = new();
        LuaMachine machine = script.Machine;
        JsonLibrary.Open(machine);
        Assert.True(Run(machine, "return 1") > 0);
        machine.Memory.Measure();
        long before = machine.Memory.Used;
        string text = "{" + string.Join(',', Enumerable.Range(0, NameCount).Select(i => $"\"name{i}\":{i}")) + "}";
        Run(machine, $"kept = cjson.decode('{text}')");
        Assert.True(machine.Strings.Bytes > NameCount * sizeof(ulong));

        // Each slice looks at some thousand slots, of which there are two for each name at least.
        Assert.True(Run(machine, "collectgarbage()") > 10);
        Assert.True(machine.Strings.Bytes > NameCount * sizeof(ulong));
        Run(machine, "local sum = 0 for name, value in pairs(kept) do sum = sum + value end assert(sum == 199990000, sum) "
            + "assert(kept.name0 == 0 and kept.name19999 == 19999 and kept.name20000 == nil)");
        Run(machine, "kept = nil for i = 1, 100000 do local garbage = {i} end");
        Assert.True(Run(machine, "collectgarbage()") > 10);
        machine.Stop();
        machine.Memory.Measure();
        Assert.InRange(machine.Memory.Used, 0, before + (16 << 10));
        Assert.InRange(machine.Strings.Bytes, 1, 16 << 10);
        Run(machine, "kept = {name0 = 1} assert(cjson.decode('{\"name0\":2}').name0 == 2 and kept.name0 == 1)");
    }

    [Fact]
    public void AMeasurementThatIsDropped_BeginsAnew()
    {
        Script script = new();
        LuaMachine machine = script.Machine;
        JsonLibrary.Open(machine);
        string text = "{" + string.Join(',', Enumerable.Range(0, NameCount).Select(i => $"\"name{i}\":{i}")) + "}";
        Run(machine, $"kept = cjson.decode('{text}')");
        machine.Start(machine.Load("collectgarbage()"u8.ToArray(), LuaString.Of("=test")));
        for (int slice = 0; slice < 5; slice++)
        {
            Assert.Equal(RunStatus.Suspended, machine.Run(1));
        }
        machine.Stop();
        machine.Memory.Measure();
        Run(machine, "kept = nil");
        machine.Memory.Measure();
        Assert.InRange(machine.Strings.Bytes, 1, 16 << 10);
        Run(machine, "assert(cjson.decode('{\"type\":1}').type == 1 and type(1) == 'number')");
    }

    /// <summary>Runs a program in small slices and returns how many there were.</summary>
    private static int Run(LuaMachine machine, string source)
    {
        machine.Start(machine.Load(Encoding.Latin1.GetBytes(source), LuaString.Of("=test")));
        int slices = 1;
        while (machine.Run(1000) == RunStatus.Suspended)
        {
            slices++;
        }
        Assert.True(machine.Error.IsNil, machine.Error.ToString());
        return slices;
    }
}
