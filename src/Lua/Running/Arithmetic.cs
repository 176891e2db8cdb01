using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Arithmetic on strings that read as numbers, and on what has metamethods.</summary>
internal static class Arithmetic
{
    public static void Run(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        LuaValue left = thread.Stack[frame.Base + i.B];
        LuaValue right = i.Op switch
        {
            OpCode.Unm => left,
            >= OpCode.AddK => frame.Closure!.Prototype.Constants[i.C],
            _ => thread.Stack[frame.Base + i.C],
        };
        int operation = i.Op switch
        {
            OpCode.Unm => MetaEvent.Unm - MetaEvent.Add,
            >= OpCode.AddK => i.Op - OpCode.AddK,
            _ => i.Op - OpCode.Add,
        };
        HostArguments.SpendOnText(machine.Memory, left);
        HostArguments.SpendOnText(machine.Memory, right);
        if (HostArguments.TryNumber(left, out double first) && HostArguments.TryNumber(right, out double second))
        {
            thread.Stack[frame.Base + i.A] = Compute(operation, first, second);
            return;
        }
        LuaValue handler = HandlerOf(machine, left, right, MetaEvent.Add + operation);
        if (handler.IsNil)
        {
            bool isLeftWrong = !HostArguments.TryNumber(left, out _);
            int wrong = isLeftWrong || i.Op == OpCode.Unm ? frame.Base + i.B : i.Op < OpCode.AddK ? frame.Base + i.C : -1;
            Unwinding.Raise(machine, ScriptErrors.TypeError(thread, wrong, isLeftWrong ? left : right, "perform arithmetic on"));
            return;
        }
        Operations.CallHandler(machine, thread, handler, left, right, frame.Base + i.A, FinishKind.None);
    }

    public static void Length(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        LuaValue operand = thread.Stack[frame.Base + i.B];
        LuaValue handler = machine.Metamethod(operand, MetaEvent.Len);
        if (handler.IsNil)
        {
            Unwinding.Raise(machine, ScriptErrors.TypeError(thread, frame.Base + i.B, operand, "get length of"));
            return;
        }
        Operations.CallHandler(machine, thread, handler, operand, LuaValue.Nil, frame.Base + i.A, FinishKind.None);
    }

    /// <summary>The handler of the left operand, or of the right one, or nil.</summary>
    public static LuaValue HandlerOf(LuaMachine machine, LuaValue left, LuaValue right, MetaEvent name)
    {
        LuaValue handler = machine.Metamethod(left, name);
        return handler.IsNil ? machine.Metamethod(right, name) : handler;
    }

    private static double Compute(int operation, double left, double right) => operation switch
    {
        0 => left + right,
        1 => left - right,
        2 => left * right,
        3 => left / right,
        4 => LuaArithmetic.Modulo(left, right),
        5 => Math.Pow(left, right),
        _ => -left,
    };
}
