using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>
/// Moves elements of a table by one place and then sets the place that became free, for <c>table.insert</c> and <c>table.remove</c>: from
/// <paramref name="at"/> towards <paramref name="end"/>, each place takes its neighbour's value on that side.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="at">The first place to be overwritten.</param>
/// <param name="end">The place that becomes free.</param>
/// <param name="direction">1 to move elements down, -1 to move them up.</param>
/// <param name="value">The value for the free place.</param>
/// <param name="result">Returned, if there is one.</param>
internal sealed class ShiftTask(LuaTable table, int at, int end, int direction, LuaValue value, LuaValue? result = null) : HostTask
{
    private const int MovesPerCheck = 1024;

    private readonly LuaValue[] _held = [table, value, result ?? LuaValue.Nil];
    private long _at = at;

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override HostStep Resume(in HostCall call)
    {
        int moved = 0;
        for (; direction > 0 ? _at < end : _at > end; _at += direction)
        {
            table.Set((int)_at, table.Get((int)(_at + direction)));
            if (++moved == MovesPerCheck)
            {
                moved = 0;
                if (!call.Spend(MovesPerCheck))
                {
                    _at += direction;
                    return call.Pause(this);
                }
            }
        }
        call.Spend(moved);
        table.Set(end, value);
        return result is { } some ? call.Return(some) : call.Return();
    }
}
