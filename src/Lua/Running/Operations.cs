using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Every instruction where it allocates, asks a metamethod or fails. The frame holds the instruction after it.</summary>
internal static class Operations
{
    public static void Run(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        int start = frame.Base;
        var closure = frame.Closure!;
        LuaValue[] stack = thread.Stack;
        LuaValue[] constants = closure.Prototype.Constants;
        switch (i.Op)
        {
            case OpCode.GetGlobal:
                Indexing.Get(machine, thread, closure.Environment, -1, constants[i.C], start + i.A);
                break;
            case OpCode.SetGlobal:
                Indexing.Set(machine, thread, closure.Environment, -1, constants[i.C], stack[start + i.A]);
                break;
            case OpCode.GetTable:
                Indexing.Get(machine, thread, stack[start + i.B], start + i.B, stack[start + i.C], start + i.A);
                break;
            case OpCode.GetField:
                Indexing.Get(machine, thread, stack[start + i.B], start + i.B, constants[i.C], start + i.A);
                break;
            case OpCode.GetInt:
                Indexing.Get(machine, thread, stack[start + i.B], start + i.B, i.C, start + i.A);
                break;
            case OpCode.Self:
                LuaValue self = stack[start + i.B];
                stack[start + i.A + 1] = self;
                Indexing.Get(machine, thread, self, start + i.B, constants[i.C], start + i.A);
                break;
            case OpCode.SetTable or OpCode.SetField or OpCode.SetInt:
                LuaValue value = i.C >= 0 ? stack[start + i.C] : constants[~i.C];
                LuaValue key = i.Op switch { OpCode.SetTable => stack[start + i.B], OpCode.SetField => constants[i.B], _ => i.B };
                Indexing.Set(machine, thread, stack[start + i.A], start + i.A, key, value);
                break;
            case >= OpCode.Add and <= OpCode.Unm:
                Arithmetic.Run(machine, thread, frame, i);
                break;
            case OpCode.Len:
                Arithmetic.Length(machine, thread, frame, i);
                break;
            case OpCode.Concat:
                Concatenation.Run(machine, thread, frame, i, i.C);
                break;
            case OpCode.Equal or OpCode.EqualK:
                Comparison.Equal(machine, thread, frame, i);
                break;
            case OpCode.Less or OpCode.LessEqual or (>= OpCode.LessK and <= OpCode.GreaterEqualK):
                Comparison.Order(machine, thread, frame, i);
                break;
            case OpCode.Return0 or OpCode.Return1:
                Calls.Return(machine, thread, frame, start + i.A, i.Op == OpCode.Return1 ? 1 : 0);
                break;
            case OpCode.TailCall:
                Calls.TailCall(machine, thread, frame, i);
                break;
            case OpCode.ForPrep:
                PrepareLoop(thread, frame, i);
                break;
            case OpCode.TForCall:
                CallIterator(machine, thread, frame, i);
                break;
            case OpCode.VarArg:
                Calls.CopyVarArgs(thread, frame, i);
                break;
            case OpCode.Trace:
                machine.Tracer!.Reached(thread, frame);
                break;
            default:
                throw new InvalidOperationException($"No operation {i.Op}.");
        }
    }

    /// <summary>A table as large as a constructor says.</summary>
    public static LuaTable NewTable(LuaMachine machine, Instruction i) =>
        machine.Memory.NewTable(TableSizes.RoundUp(i.B), TableSizes.RoundUp(i.C));

    public static void Return(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        int first = frame.Base + i.A;
        Calls.Return(machine, thread, frame, first, i.B != 0 ? i.B - 1 : thread.Top - first);
    }

    /// <summary>Calls a metamethod with two operands; its result is the outcome of a test.</summary>
    public static void CallHandler(
        LuaMachine machine, LuaThread thread, CallFrame frame, LuaValue handler, LuaValue left, LuaValue right, FinishKind finish)
    {
        int function = PushHandler(thread, frame, handler, left, right);
        Calls.Invoke(machine, thread, function, 2, function, 1, finish);
    }

    /// <summary>Calls a metamethod with two operands; its result goes to a place on the stack.</summary>
    public static void CallHandler(
        LuaMachine machine, LuaThread thread, LuaValue handler, LuaValue left, LuaValue right, int result, FinishKind finish)
    {
        int function = PushHandler(thread, thread.Frame, handler, left, right);
        Calls.Invoke(machine, thread, function, 2, result, 1, finish);
    }

    /// <summary>Calls a metamethod with three operands and without a result.</summary>
    public static void CallSetter(LuaMachine machine, LuaThread thread, LuaValue handler, LuaValue target, LuaValue key, LuaValue value)
    {
        int function = PushHandler(thread, thread.Frame, handler, target, key);
        thread.Stack[function + 3] = value;
        Calls.Invoke(machine, thread, function, 3, function, 0, FinishKind.None);
    }

    private static int PushHandler(LuaThread thread, CallFrame frame, LuaValue handler, LuaValue left, LuaValue right)
    {
        int function = frame.Base + frame.Closure!.Prototype.StackSize;
        LuaValue[] stack = thread.Stack;
        stack[function] = handler;
        stack[function + 1] = left;
        stack[function + 2] = right;
        return function;
    }

    /// <summary>Instructions after which the frame goes on.</summary>
    public static void RunInPlace(CallFrame frame, Instruction i)
    {
        switch (i.Op)
        {
            case OpCode.Closure:
                MakeClosure(frame, i);
                break;
            case OpCode.SetList:
                SetList(frame.Thread, frame, i);
                break;
            default:
                frame.Thread.CloseFrom(frame.Base + i.A);
                break;
        }
    }

    private static void SetList(LuaThread thread, CallFrame frame, Instruction i)
    {
        int first = frame.Base + i.A + 1;
        int count = i.B != 0 ? i.B : thread.Top - first;
        var table = (LuaTable)thread.Stack[first - 1].Object!;
        table.SetRange(i.C, thread.Stack.AsSpan(first, count));
    }

    private static void PrepareLoop(LuaThread thread, CallFrame frame, Instruction i)
    {
        Span<LuaValue> loop = thread.Stack.AsSpan(frame.Base + i.A, 3);
        if (!HostArguments.TryNumber(loop[0], out double index))
        {
            throw LuaException.At("'for' initial value must be a number");
        }
        if (!HostArguments.TryNumber(loop[1], out double limit))
        {
            throw LuaException.At("'for' limit must be a number");
        }
        if (!HostArguments.TryNumber(loop[2], out double step))
        {
            throw LuaException.At("'for' step must be a number");
        }
        loop[0] = index - step;
        loop[1] = limit;
        loop[2] = step;
        frame.Pc += i.C;
    }

    /// <summary>The iterators of <c>pairs</c> and <c>ipairs</c>, without a call.</summary>
    public static bool TryIterate(LuaMachine machine, Span<LuaValue> r, Instruction i)
    {
        int wanted = i.C;
        if (r[i.A].Object is not HostFunction host || r[i.A + 1].Object is not LuaTable table || wanted > 2)
        {
            return false;
        }
        LuaValue key = r[i.A + 2];
        LuaValue value;
        if (ReferenceEquals(host, machine.NextFunction))
        {
            if (!table.Next(ref key, out value))
            {
                key = LuaValue.Nil;
            }
        }
        else if (ReferenceEquals(host, machine.ElementFunction) && key.IsNumber)
        {
            double index = key.Number + 1;
            value = table.Find(index);
            key = value.IsNil ? LuaValue.Nil : index;
        }
        else
        {
            return false;
        }
        LuaValue.Copy(ref r[i.A + 3], key);
        if (wanted > 1)
        {
            LuaValue.Copy(ref r[i.A + 4], value);
        }
        return true;
    }

    private static void CallIterator(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i)
    {
        int generator = frame.Base + i.A;
        LuaValue[] stack = thread.Stack;
        stack.AsSpan(generator, 3).CopyTo(stack.AsSpan(generator + 3));
        Calls.Invoke(machine, thread, generator + 3, 2, generator + 3, i.C, FinishKind.None);
    }

    private static void MakeClosure(CallFrame frame, Instruction i)
    {
        LuaClosure outer = frame.Closure!;
        LuaThread thread = frame.Thread;
        Prototype prototype = outer.Prototype.Children[i.C];
        frame.Memory.Add(LuaClosure.BytesFor(prototype.Upvalues.Length));
        Upvalue[] upvalues = prototype.Upvalues.Length == 0 ? [] : new Upvalue[prototype.Upvalues.Length];
        for (int n = 0; n < upvalues.Length; n++)
        {
            UpvalueSource source = prototype.Upvalues[n];
            upvalues[n] = source.IsRegister ? thread.FindUpvalue(frame.Base + source.Index) : outer.Upvalues[source.Index];
        }
        thread.Stack[frame.Base + i.A] = new LuaClosure(prototype, upvalues, outer.Environment);
    }
}
