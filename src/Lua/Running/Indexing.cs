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
    public static bool TryGet(LuaMachine machine, Span<LuaValue> r, LuaValue[] k, in Instruction i)
    {
        if (!TryFind(machine, r[i.B], (LuaString)k[i.C].Object!, out LuaValue value))
        {
            return false;
        }
        r[i.A] = value;
        return true;
    }

    /// <summary>The same for a method.</summary>
    public static bool TrySelf(LuaMachine machine, Span<LuaValue> r, LuaValue[] k, in Instruction i)
    {
        LuaValue self = r[i.B];
        if (!TryFind(machine, self, (LuaString)k[i.C].Object!, out LuaValue method))
        {
            return false;
        }
        r[i.A + 1] = self;
        r[i.A] = method;
        return true;
    }

    /// <summary>Adds a field to a table without a metatable; false where more must be asked.</summary>
    public static bool TryAdd(Span<LuaValue> r, LuaValue[] k, in Instruction i) =>
        r[i.A].Object is LuaTable table && table.TryAdd((LuaString)k[i.B].Object!, Fast.Operand(r, k, i.C));

    private static bool TryFind(LuaMachine machine, in LuaValue target, LuaString key, out LuaValue value)
    {
        value = LuaValue.Nil;
        LuaTable? metatable = target.Object switch
        {
            LuaTable indexed => indexed.Metatable,
            LuaString => machine.StringMetatable,
            _ => machine.MetatableOf(target),
        };
        for (int links = 0; links < ChainMax; links++)
        {
            LuaValue handler = machine.Events.Find(metatable, MetaEvent.Index);
            if (handler.Object is not LuaTable table)
            {
                return handler.IsNil && (links > 0 || target.Object is LuaTable);
            }
            value = table.Get(key);
            metatable = table.Metatable;
            if (!value.IsNil || metatable is null)
            {
                return true;
            }
        }
        return false;
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
