using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>Looks for the largest number among a table's keys.</summary>
internal sealed class MaxNTask(LuaTable table) : HostTask
{
    private const int KeysPerCheck = 1024;

    private readonly LuaValue[] _held = [table, LuaValue.Nil];
    private double _largest;

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override HostStep Resume(in HostCall call)
    {
        int count = 0;
        while (table.Next(ref _held[1], out LuaValue _))
        {
            LuaValue key = _held[1];
            if (key.IsNumber && key.Number > _largest)
            {
                _largest = key.Number;
            }
            if (++count == KeysPerCheck)
            {
                count = 0;
                if (!call.Spend(KeysPerCheck))
                {
                    return call.Pause(this);
                }
            }
        }
        call.Spend(count);
        return call.Return(_largest);
    }
}
