using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Reads and writes elements through metatables.</summary>
internal static class Indexing
{
    /// <summary>A chain of handlers is taken for a loop when it is longer.</summary>
    private const int ChainMax = 100;

    /// <param name="machine">Knows the metatables.</param>
    /// <param name="thread">The running one.</param>
    /// <param name="target">What is indexed.</param>
    /// <param name="index">Its place in the stack, for messages; -1 if it has none.</param>
    /// <param name="key">The key.</param>
    /// <param name="result">The place in the stack where the element goes.</param>
    public static void Get(LuaMachine machine, LuaThread thread, LuaValue target, int index, LuaValue key, int result)
    {
        for (int links = 0; links < ChainMax; links++)
        {
            LuaValue handler;
            if (target.Object is LuaTable table)
            {
                LuaValue value = table.Find(key);
                handler = value.IsNil ? machine.Events.Find(table.Metatable, MetaEvent.Index) : LuaValue.Nil;
                if (handler.IsNil)
                {
                    thread.Stack[result] = value;
                    return;
                }
            }
            else
            {
                handler = machine.Metamethod(target, MetaEvent.Index);
                if (handler.IsNil)
                {
                    throw ScriptErrors.TypeError(thread, index, target, "index");
                }
            }
            if (handler.Object is LuaFunction)
            {
                Operations.CallHandler(machine, thread, handler, target, key, result, FinishKind.None);
                return;
            }
            target = handler;
            index = -1;
        }
        throw LuaException.At("loop in gettable");
    }

    /// <summary>Sets an element; the parameters are those of reading one.</summary>
    public static void Set(LuaMachine machine, LuaThread thread, LuaValue target, int index, LuaValue key, LuaValue value)
    {
        for (int links = 0; links < ChainMax; links++)
        {
            LuaValue handler;
            if (target.Object is LuaTable table)
            {
                table.RequireWritable();
                handler = table.Metatable is null || !table.Find(key).IsNil
                    ? LuaValue.Nil
                    : machine.Events.Find(table.Metatable, MetaEvent.NewIndex);
                if (handler.IsNil)
                {
                    table.Set(key, value);
                    return;
                }
                LuaTable.CheckKey(key);
            }
            else
            {
                handler = machine.Metamethod(target, MetaEvent.NewIndex);
                if (handler.IsNil)
                {
                    throw ScriptErrors.TypeError(thread, index, target, "index");
                }
            }
            if (handler.Object is LuaFunction)
            {
                Operations.CallSetter(machine, thread, handler, target, key, value);
                return;
            }
            target = handler;
            index = -1;
        }
        throw LuaException.At("loop in settable");
    }
}
