using System.Runtime.CompilerServices;
using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Compares values, and asks metamethods where there are some.</summary>
internal static class Comparison
{
    /// <summary>Comparing 2 to the power of this many bytes counts as an instruction.</summary>
    public const int BytesPerStep = 5;

    /// <summary>Takes the jump behind a test, or skips it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Branch(Instruction[] code, int pc, bool isTaken) => isTaken ? pc + 1 + code[pc].C : pc + 1;

    /// <summary>Numbers and strings.</summary>
    public static bool TryLess(LuaValue left, LuaValue right, out bool less)
    {
        if (left.IsNumber && right.IsNumber)
        {
            less = left.Number < right.Number;
            return true;
        }
        if (left.Object is LuaString text && right.Object is LuaString to)
        {
            less = text.Span.SequenceCompareTo(to.Span) < 0;
            return true;
        }
        less = false;
        return false;
    }

    public static void Equal(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        LuaValue left = thread.Stack[frame.Base + i.B];
        LuaValue right = i.Op == OpCode.Equal ? thread.Stack[frame.Base + i.C] : ConstantOf(frame, i);
        if (left.Object is LuaString text)
        {
            machine.Fuel -= text.Length >> BytesPerStep;
            Decide(frame, i, left.RawEquals(right));
            return;
        }
        LuaValue handler = EqualityHandler(machine, left, right);
        if (handler.IsNil)
        {
            Decide(frame, i, false);
            return;
        }
        Operations.CallHandler(machine, thread, frame, handler, left, right, FinishKind.Test);
    }

    public static void Order(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        LuaValue left = thread.Stack[frame.Base + i.B];
        LuaValue right = i.Op is OpCode.Less or OpCode.LessEqual ? thread.Stack[frame.Base + i.C] : ConstantOf(frame, i);
        if (i.Op is OpCode.GreaterK or OpCode.GreaterEqualK)
        {
            (left, right) = (right, left);
        }
        bool isStrict = i.Op is OpCode.Less or OpCode.LessK or OpCode.GreaterK;
        if (left.Object is LuaString text && right.Object is LuaString to)
        {
            machine.Fuel -= Math.Min(text.Length, to.Length) >> BytesPerStep;
            int order = text.Span.SequenceCompareTo(to.Span);
            Decide(frame, i, isStrict ? order < 0 : order <= 0);
            return;
        }
        LuaValue handler = OrderHandler(machine, left, right, isStrict ? MetaEvent.Lt : MetaEvent.Le);
        if (!handler.IsNil)
        {
            Operations.CallHandler(machine, thread, frame, handler, left, right, FinishKind.Test);
            return;
        }
        handler = isStrict ? LuaValue.Nil : OrderHandler(machine, right, left, MetaEvent.Lt);
        if (handler.IsNil)
        {
            Unwinding.Raise(machine, OrderError(left, right));
            return;
        }
        Operations.CallHandler(machine, thread, frame, handler, right, left, FinishKind.TestNot);
    }

    /// <summary>The handler that both have in common, or nil.</summary>
    public static LuaValue OrderHandler(LuaMachine machine, LuaValue left, LuaValue right, MetaEvent name)
    {
        if (left.Type != right.Type || left.IsNumber)
        {
            return LuaValue.Nil;
        }
        LuaValue handler = machine.Metamethod(left, name);
        return !handler.IsNil && handler.RawEquals(machine.Metamethod(right, name)) ? handler : LuaValue.Nil;
    }

    public static LuaException OrderError(LuaValue left, LuaValue right)
    {
        string first = left.TypeName;
        string second = right.TypeName;
        return LuaException.At(first[2] == second[2]
            ? $"attempt to compare two {first} values"
            : $"attempt to compare {first} with {second}");
    }

    private static LuaValue EqualityHandler(LuaMachine machine, LuaValue left, LuaValue right)
    {
        if (left.Type != right.Type)
        {
            return LuaValue.Nil;
        }
        LuaTable? first = machine.MetatableOf(left);
        LuaTable? second = machine.MetatableOf(right);
        LuaValue handler = machine.Events.Find(first, MetaEvent.Eq);
        if (handler.IsNil || ReferenceEquals(first, second))
        {
            return handler;
        }
        return handler.RawEquals(machine.Events.Find(second, MetaEvent.Eq)) ? handler : LuaValue.Nil;
    }

    private static LuaValue ConstantOf(CallFrame frame, Instruction i) => frame.Closure!.Prototype.Constants[i.C];

    private static void Decide(CallFrame frame, Instruction i, bool holds)
    {
        Instruction[] code = frame.Closure!.Prototype.Code;
        frame.Pc = Branch(code, frame.Pc, holds == (i.A != 0));
    }
}
