using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>Calls a function with each pair of a table, until it returns something: <c>table.foreach</c>.</summary>
internal sealed class PairsTask(LuaTable table, LuaFunction function) : HostTask
{
    private readonly LuaValue[] _held = [table, function, LuaValue.Nil];

    public override ReadOnlySpan<LuaValue> Held => _held;

    public HostStep Begin(in HostCall call)
    {
        ref LuaValue key = ref _held[2];
        return table.Next(ref key, out LuaValue value) ? call.Call(function, [key, value], this) : call.Return();
    }

    public override HostStep Resume(in HostCall call) => call[0].IsNil ? Begin(call) : call.Return(call[0]);
}

/// <summary>Calls a function with each element of a table, until it returns something: <c>table.foreachi</c>.</summary>
internal sealed class ElementsTask(LuaTable table, LuaFunction function) : HostTask
{
    private readonly LuaValue[] _held = [table, function];
    private readonly int _count = table.Length;
    private int _index;

    public override ReadOnlySpan<LuaValue> Held => _held;

    public HostStep Begin(in HostCall call)
    {
        if (_index == _count)
        {
            return call.Return();
        }
        _index++;
        return call.Call(function, [(double)_index, table.Get(_index)], this);
    }

    public override HostStep Resume(in HostCall call) => call[0].IsNil ? Begin(call) : call.Return(call[0]);
}
