using Bixbite.Lua.Running;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The table <c>table</c>. All its functions go past metamethods, but for the order of <c>sort</c>.</summary>
public static class TableLibrary
{
    public static void Open(LuaMachine machine)
    {
        LuaTable table = machine.Memory.NewTable();
        TableConcat concat = new(machine.Memory);
        machine.Register(table, "concat", concat.Begin);
        machine.Register(table, "foreach", (in call) => new PairsTask(call.CheckTable(0), call.CheckFunction(1)).Begin(call));
        machine.Register(table, "foreachi", (in call) => new ElementsTask(call.CheckTable(0), call.CheckFunction(1)).Begin(call));
        machine.Register(table, "getn", (in call) => call.Return((double)call.CheckTable(0).Length));
        machine.Register(table, "insert", Insert);
        machine.Register(table, "maxn", MaxN);
        machine.Register(table, "remove", Remove);
        machine.Register(table, "setn", SetN);
        machine.Register(table, "sort", Sort);
        machine.Globals.Set(machine.Strings.Get("table"), table);
    }

    private static HostStep Insert(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        int end = table.Length + 1;
        switch (call.Count)
        {
            case 2:
                table.RequireWritable();
                table.Set(end, call[1]);
                return call.Return();
            case 3:
                int position = call.CheckInt(1);
                table.RequireWritable();
                end = Math.Max(end, position);
                return new ShiftTask(table, end, position, -1, call[2]).Resume(call);
            default:
                throw call.Error("wrong number of arguments to 'insert'");
        }
    }

    private static HostStep Remove(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        int end = table.Length;
        int position = call.OptInt(1, end);
        if (position < 1 || position > end)
        {
            return call.Return();
        }
        table.RequireWritable();
        LuaValue removed = table.Get(position);
        if (position == end)
        {
            table.Set(end, LuaValue.Nil);
            return call.Return(removed);
        }
        return new ShiftTask(table, position, end, 1, LuaValue.Nil, removed).Resume(call);
    }

    private static HostStep MaxN(in HostCall call) => new MaxNTask(call.CheckTable(0)).Resume(call);

    private static HostStep SetN(in HostCall call)
    {
        call.CheckTable(0);
        throw call.Error("'setn' is obsolete");
    }

    private static HostStep Sort(in HostCall call)
    {
        LuaTable table = call.CheckTable(0);
        if (!call[1].IsNil)
        {
            call.CheckFunction(1);
        }
        if (table.Length > 1)
        {
            table.RequireWritable();
        }
        return new SortTask(table, call[1]).Resume(call);
    }
}
