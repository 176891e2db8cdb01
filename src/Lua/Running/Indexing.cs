using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Reads and writes elements through metatables.</summary>
internal static class Indexing
{
    /// <summary>A chain of handlers is taken for a loop when it is longer.</summary>
    private const int ChainMax = 100;

    /// <summary>
    /// Reads a field that the value itself does not have and that its metatable looks up in other tables; false where more must be asked.
    /// </summary>
    public static bool TryGet(LuaMachine machine, Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue value = ref Find(machine, r[(byte)i.B].Object, (LuaString)k[i.C].Object!, out bool isKnown);
        if (isKnown)
        {
            LuaValue.Copy(ref r[i.A], value);
        }
        return isKnown;
    }

    /// <summary>The same for a method.</summary>
    public static bool TrySelf(LuaMachine machine, Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue method = ref Find(machine, r[(byte)i.B].Object, (LuaString)k[i.C].Object!, out bool isKnown);
        if (isKnown)
        {
            r[i.A + 1] = r[(byte)i.B];
            r[i.A] = method;
        }
        return isKnown;
    }

    /// <summary>Adds a field to a table without a metatable; false where more must be asked.</summary>
    public static bool TryAdd(Span<LuaValue> r, LuaValue[] k, Instruction i) =>
        r[i.A].Object is LuaTable table && table.TryAdd((LuaString)k[i.B].Object!, Fast.Operand(r, k, i.C));

    private static ref readonly LuaValue Find(LuaMachine machine, LuaObject? target, LuaString key, out bool isKnown)
    {
        LuaTable? metatable = target is LuaString ? machine.StringMetatable : (target as LuaTable)?.Metatable;
        LuaString index = machine.Events[MetaEvent.Index];
        isKnown = true;
        for (int links = 0; links < ChainMax && metatable is not null && metatable.At(index).Object is LuaTable table; links++)
        {
            ref readonly LuaValue value = ref table.At(key);
            metatable = table.Metatable;
            if (!value.IsNil || metatable is null)
            {
                return ref value;
            }
        }
        isKnown = false;
        return ref LuaValue.NilReference;
    }

    /// <summary>Reads an element.</summary>
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
                    Unwinding.Raise(machine, ScriptErrors.TypeError(thread, index, target, "index"));
                    return;
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
                    Unwinding.Raise(machine, ScriptErrors.TypeError(thread, index, target, "index"));
                    return;
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
