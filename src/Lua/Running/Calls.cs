using System.Runtime.CompilerServices;
using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Begins and ends calls. The running frame must be looked up afterwards: it may be another one, or of another thread.</summary>
internal static class Calls
{
    /// <summary>Copying 2 to the power of this many values counts as an instruction.</summary>
    private const int ValuesPerStep = 4;

    /// <summary>So many values are copied one by one.</summary>
    private const int FewValues = 8;

    /// <summary>Calls a value. False if another frame than the given one may be the topmost one then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCall(ref CallFrame frame, LuaObject? callee, Instruction call)
    {
        if (callee is LuaClosure closure && frame.Thread.TryEnter(frame, closure, call) is { } entered)
        {
            frame.Memory.Fuel--;
            frame = entered;
            return true;
        }
        return CallOther(frame, callee, call);
    }

    /// <summary>Returns one value where that takes one step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReturnOne(ref CallFrame frame, Span<LuaValue> r, Instruction i)
    {
        LuaThread thread = frame.Thread;
        if ((thread.TryReturnOne(frame, r[i.A]) ?? thread.TryReturn(frame, r[i.A], 1)) is not { } caller)
        {
            return false;
        }
        frame.Memory.Fuel -= frame.Pc;
        frame = caller;
        return true;
    }

    /// <summary>Returns nothing where that takes one step.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReturnNone(ref CallFrame frame)
    {
        if (frame.Thread.TryReturn(frame, LuaValue.NilReference, 0) is not { } caller)
        {
            return false;
        }
        frame.Memory.Fuel -= frame.Pc;
        frame = caller;
        return true;
    }

    /// <summary>Calls a function of the host in place of the running one, which returns its results then. False if it is none.</summary>
    public static bool TryTailCall(CallFrame frame, LuaObject? callee, Instruction call)
    {
        if (callee is not HostFunction)
        {
            return false;
        }
        frame.Memory.Fuel -= frame.Pc;
        CallOther(frame, callee, call);
        return true;
    }

    /// <summary>Calls in place of the running function.</summary>
    public static void TailCall(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction instruction)
    {
        int function = frame.Base + instruction.A;
        int count = instruction.B != 0 ? instruction.B - 1 : thread.Top - function - 1;
        machine.Fuel -= frame.Pc;
        if (thread.Stack[function].Object is not LuaFunction)
        {
            count = Substitute(machine, thread, function, count);
            if (count < 0)
            {
                return;
            }
        }
        if (thread.Stack[function].Object is not LuaClosure closure)
        {
            Invoke(machine, thread, function, count, function, -1, FinishKind.None);
            return;
        }
        thread.CloseFrom(frame.Base);
        int to = frame.Base - 1 - frame.VarArgCount - NamedBelow(frame);
        Copy(thread.Stack, function, to, count + 1);
        int tailCalls = frame.TailCallCount + 1;
        int returnTo = frame.ReturnTo;
        int wanted = frame.Wanted;
        FinishKind finish = frame.Finish;
        thread.Pop();
        Enter(thread, closure, to, count, returnTo, wanted, finish);
        thread.Frame.TailCallCount = tailCalls;
    }

    /// <summary>Calls a value on the stack with the arguments behind it.</summary>
    public static void Invoke(
        LuaMachine machine, LuaThread thread, int function, int count, int returnTo, int wanted, FinishKind finish)
    {
        machine.Fuel--;
        LuaObject? callee = thread.Stack[function].Object;
        if (callee is not LuaFunction)
        {
            count = Substitute(machine, thread, function, count);
            if (count < 0)
            {
                return;
            }
            callee = thread.Stack[function].Object;
        }
        if (callee is LuaClosure closure)
        {
            Enter(thread, closure, function, count, returnTo, wanted, finish);
            return;
        }
        Begin(machine, thread, (HostFunction)callee!, function, count, returnTo, wanted, finish);
    }

    /// <summary>
    /// Lets the host function of the topmost frame go on. False if the budget is used up, or that frame is the lowest one of its thread.
    /// </summary>
    public static bool TryResume(CallFrame frame)
    {
        if (frame.Memory.Fuel < 0 || frame.Closure is not null || frame.Task is not { } task)
        {
            return false;
        }
        LuaMachine machine = frame.Machine;
        LuaThread thread = frame.Thread;
        bool hasFailed = frame.HasFailed;
        frame.HasFailed = false;
        frame.IsProtected = false;
        int top = thread.Top;
        thread.Ensure(top);
        HostOutcome outcome = machine.Outcome;
        outcome.IsHostRunning = true;
        HostStep step = task.Resume(new HostCall(frame, top - frame.Base, hasFailed));
        outcome.IsHostRunning = false;
        if (step != HostStep.Return)
        {
            GoOn(machine, thread, step, frame);
            return true;
        }
        frame.Task = null;
        thread.Pop();
        int count = outcome.Count;
        Deliver(machine, thread, thread.Top - count, count, frame.ReturnTo, frame.Wanted, frame.Finish);
        return true;
    }

    /// <summary>Returns from the running function.</summary>
    public static void Return(LuaMachine machine, LuaThread thread, CallFrame frame, int first, int count)
    {
        machine.Fuel -= frame.Pc;
        thread.CloseFrom(frame.Base);
        thread.Pop();
        Deliver(machine, thread, first, count, frame.ReturnTo, frame.Wanted, frame.Finish);
    }

    /// <summary>Makes variable arguments, of which there are few.</summary>
    public static bool TryCopyVarArgs(CallFrame frame, Span<LuaValue> r, Instruction instruction)
    {
        int given = frame.VarArgCount;
        int wanted = instruction.B != 0 ? instruction.B - 1 : given;
        if (wanted > FewValues)
        {
            return false;
        }
        LuaThread thread = frame.Thread;
        if (instruction.B == 0)
        {
            thread.Top = frame.Base + instruction.A + given;
        }
        ReadOnlySpan<LuaValue> values = thread.Stack.AsSpan(frame.Base - given, Math.Min(given, wanted));
        Span<LuaValue> places = r.Slice(instruction.A, wanted);
        for (int i = 0; i < places.Length; i++)
        {
            if (i < values.Length)
            {
                LuaValue.Copy(ref places[i], values[i]);
            }
            else
            {
                places[i] = LuaValue.Nil;
            }
        }
        return true;
    }

    /// <summary>Makes as many variable arguments as an instruction wants.</summary>
    public static void CopyVarArgs(LuaThread thread, CallFrame frame, Instruction instruction)
    {
        int to = frame.Base + instruction.A;
        int count = frame.VarArgCount;
        int wanted = instruction.B - 1;
        if (wanted < 0)
        {
            wanted = count;
            thread.Ensure(to + count);
            thread.Top = to + count;
        }
        thread.Memory.Fuel -= count >> ValuesPerStep;
        LuaValue[] stack = thread.Stack;
        int given = Math.Min(count, wanted);
        Copy(stack, frame.Base - count, to, given);
        stack.AsSpan(to + given, wanted - given).Fill(LuaValue.Nil);
    }

    /// <summary>Hands results over to the caller, and does what its instruction still has to do with them.</summary>
    public static void Deliver(
        LuaMachine machine, LuaThread thread, int first, int count, int returnTo, int wanted, FinishKind finish)
    {
        LuaValue[] stack = thread.Stack;
        if (wanted < 0)
        {
            wanted = count;
            thread.Top = returnTo + count;
        }
        int given = Math.Min(count, wanted);
        if (first != returnTo)
        {
            Copy(stack, first, returnTo, given);
        }
        for (int i = given; i < wanted; i++)
        {
            stack[returnTo + i] = LuaValue.Nil;
        }
        if (finish != FinishKind.None)
        {
            Finish(machine, thread, returnTo, finish);
        }
    }

    /// <summary>Copies values to another place of the stack, which may overlap theirs.</summary>
    private static void Copy(LuaValue[] stack, int from, int to, int count)
    {
        if (count > FewValues || to > from)
        {
            stack.AsSpan(from, count).CopyTo(stack.AsSpan(to));
            return;
        }
        for (int i = 0; i < count; i++)
        {
            LuaValue.Copy(ref stack[to + i], stack[from + i]);
        }
    }

    /// <summary>Begins the function of a new thread, which is its lowest value, with the arguments behind it.</summary>
    public static void Begin(LuaThread thread, int count) =>
        Enter(thread, (LuaClosure)thread.Stack[0].Object!, 0, count, 0, -1, FinishKind.None);

    /// <summary>Pushes the frame of a function of Lua.</summary>
    private static void Enter(
        LuaThread thread, LuaClosure closure, int function, int count, int returnTo, int wanted, FinishKind finish)
    {
        Prototype prototype = closure.Prototype;
        int start = function + 1;
        thread.Ensure(start + count + prototype.ParameterCount);
        CallFrame frame = thread.Push();
        if (prototype.VarArgs != VarArgKind.None)
        {
            start = PrepareVarArgs(thread, frame, prototype, start, count);
        }
        else
        {
            frame.VarArgCount = 0;
            LuaValue[] stack = thread.Stack;
            for (int i = count; i < prototype.ParameterCount; i++)
            {
                stack[start + i] = LuaValue.Nil;
            }
        }
        frame.Begin(closure, start, returnTo, wanted, finish);
    }

    /// <summary>The named parameters move above the variable arguments.</summary>
    private static int PrepareVarArgs(LuaThread thread, CallFrame frame, Prototype prototype, int start, int count)
    {
        LuaValue[] stack = thread.Stack;
        bool hasTable = prototype.VarArgs == VarArgKind.Table;
        int named = prototype.NamedCount;
        for (; count < named; count++)
        {
            stack[start + count] = LuaValue.Nil;
        }
        int extra = count - named;
        int registers = start + count;
        for (int i = 0; i < named; i++)
        {
            LuaValue.Copy(ref stack[registers + i], stack[start + i]);
            stack[start + i] = LuaValue.Nil;
        }
        if (prototype.ParameterCount > named)
        {
            stack[registers + named] = hasTable ? ArgumentTable(thread, stack.AsSpan(registers - extra, extra)) : LuaValue.Nil;
        }
        frame.VarArgCount = extra;
        return registers;
    }

    private static LuaTable ArgumentTable(LuaThread thread, ReadOnlySpan<LuaValue> values)
    {
        LuaTable table = thread.Memory.NewTable(values.Length, 1);
        for (int i = 0; i < values.Length; i++)
        {
            table.Set(i + 1, values[i]);
        }
        table.Set(LuaString.Of("n"), values.Length);
        return table;
    }

    /// <summary>
    /// Puts the handler of a value that is no function in its place, with the value as the first argument. Returns how many arguments there
    /// are then; negative if there is no handler, and the error has been raised.
    /// </summary>
    private static int Substitute(LuaMachine machine, LuaThread thread, int function, int count)
    {
        LuaValue handler = machine.Metamethod(thread.Stack[function], MetaEvent.Call);
        if (handler.Object is not LuaFunction)
        {
            Unwinding.Raise(machine, ScriptErrors.TypeError(thread, function, thread.Stack[function], "call"));
            return -1;
        }
        thread.Ensure(function + count + 2);
        LuaValue[] stack = thread.Stack;
        stack.AsSpan(function, count + 1).CopyTo(stack.AsSpan(function + 1));
        stack[function] = handler;
        return count + 1;
    }

    /// <summary>The named parameters that a function with variable arguments left below them.</summary>
    private static int NamedBelow(CallFrame frame)
    {
        Prototype prototype = frame.Closure!.Prototype;
        return prototype.VarArgs == VarArgKind.None ? 0 : prototype.NamedCount;
    }

    /// <summary>Calls what is no function of Lua, or needs more than the usual. True if it returned and the frame goes on.</summary>
    private static bool CallOther(CallFrame frame, LuaObject? callee, Instruction call)
    {
        int function = frame.Base + call.A;
        int count = call.B != 0 ? call.B - 1 : frame.Thread.Top - function - 1;
        if (callee is LuaClosure closure)
        {
            frame.Memory.Fuel--;
            Enter(frame.Thread, closure, function, count, function, call.C - 1, FinishKind.None);
            return false;
        }
        if (callee is not HostFunction host)
        {
            Invoke(frame.Machine, frame.Thread, function, count, function, call.C - 1, FinishKind.None);
            return false;
        }
        frame.Memory.Fuel--;
        return Begin(frame.Machine, frame.Thread, host, function, count, function, call.C - 1, FinishKind.None);
    }

    /// <summary>Calls a function of the host. True if it returned.</summary>
    private static bool Begin(
        LuaMachine machine, LuaThread thread, HostFunction host, int function, int count, int returnTo, int wanted, FinishKind finish)
    {
        if (host.Kind == HostKind.Protected && count > 0)
        {
            CallProtected(machine, thread, host, function + 1, count, returnTo, wanted, finish);
            return false;
        }
        if (host.Kind != HostKind.Plain)
        {
            var results = new Awaited(returnTo, wanted, finish, AwaitKind.Values);
            if (Coroutines.TrySwitch(machine, thread, host, function + 1, count, results))
            {
                return false;
            }
        }
        HostStep step = RunBody(machine, thread, host, function + 1, count);
        if (step == HostStep.Return)
        {
            int results = machine.Outcome.Count;
            Deliver(machine, thread, thread.Top - results, results, returnTo, wanted, finish);
            return true;
        }
        if (step == HostStep.Fail)
        {
            Fail(machine);
            return false;
        }
        CallFrame frame = PushHost(thread, host, function + 1);
        frame.ReturnTo = returnTo;
        frame.Wanted = wanted;
        frame.Finish = finish;
        GoOn(machine, thread, step, frame);
        return false;
    }

    /// <summary>Calls the first argument of a function of the host with the others; it goes on when that has returned or failed.</summary>
    private static void CallProtected(
        LuaMachine machine, LuaThread thread, HostFunction host, int first, int count, int returnTo, int wanted, FinishKind finish)
    {
        CallFrame frame = PushHost(thread, host, first);
        frame.ReturnTo = returnTo;
        frame.Wanted = wanted;
        frame.Finish = finish;
        frame.Task = host.Then;
        frame.IsProtected = true;
        if (thread.Stack[first].Object is LuaClosure closure)
        {
            Enter(thread, closure, first, count - 1, first, -1, FinishKind.None);
            return;
        }
        thread.Top = first + count;
        machine.Outcome.PendingFunction = first;
        machine.Outcome.Pending = PendingStep.Call;
    }

    /// <summary>The first step of a function of the host.</summary>
    private static HostStep RunBody(LuaMachine machine, LuaThread thread, HostFunction host, int first, int count)
    {
        int top = first + count;
        thread.Ensure(top);
        thread.Top = top;
        HostOutcome outcome = machine.Outcome;
        outcome.IsHostRunning = true;
        HostStep step = host.Body(new HostCall(machine, thread, first, count));
        outcome.IsHostRunning = false;
        return step;
    }

    /// <summary>A frame for a function of the host that has not returned.</summary>
    private static CallFrame PushHost(LuaThread thread, HostFunction host, int first)
    {
        CallFrame frame = thread.Push();
        frame.Closure = null;
        frame.Host = host;
        frame.Base = first;
        frame.VarArgCount = 0;
        frame.TailCallCount = 0;
        frame.HasFailed = false;
        return frame;
    }

    private static void Fail(LuaMachine machine)
    {
        LuaValue error = machine.Outcome.Error;
        machine.Outcome.Error = LuaValue.Nil;
        Unwinding.Raise(machine, error);
    }

    /// <summary>
    /// A host function whose frame is the topmost one ended a step and waits now, or failed. Functions of the host that it calls are called
    /// here, one from the other, until one returns or waits for something else.
    /// </summary>
    private static void GoOn(LuaMachine machine, LuaThread thread, HostStep step, CallFrame frame)
    {
        HostOutcome outcome = machine.Outcome;
        while (step != HostStep.Fail)
        {
            if (outcome.Task is { } task)
            {
                frame.Task = task;
                outcome.Task = null;
            }
            frame.IsProtected = outcome.IsProtected;
            outcome.IsProtected = false;
            int function = frame.Base;
            if (step == HostStep.Pause)
            {
                thread.Top = function;
                machine.Fuel = Math.Min(machine.Fuel, -1);
                return;
            }
            int count = outcome.Count;
            MoveCall(thread, function, count);
            LuaObject? callee = thread.Stack[function].Object;
            if (callee is LuaClosure closure)
            {
                Enter(thread, closure, function, count, function, -1, FinishKind.None);
                return;
            }
            if (callee is not HostFunction { Kind: HostKind.Plain } host)
            {
                outcome.PendingFunction = function;
                outcome.Pending = PendingStep.Call;
                return;
            }
            machine.Fuel--;
            step = RunBody(machine, thread, host, function + 1, count);
            if (step == HostStep.Return)
            {
                Deliver(machine, thread, thread.Top - outcome.Count, outcome.Count, function, -1, FinishKind.None);
                return;
            }
            if (step == HostStep.Fail)
            {
                Fail(machine);
                return;
            }
            frame = PushHost(thread, host, function + 1);
            frame.ReturnTo = function;
            frame.Wanted = -1;
            frame.Finish = FinishKind.None;
        }
        frame.Task = null;
        thread.Pop();
        Fail(machine);
    }

    /// <summary>Moves a function with its arguments, which are topmost, to a place further down.</summary>
    private static void MoveCall(LuaThread thread, int to, int count)
    {
        int first = thread.Top - count - 1;
        if (first != to)
        {
            thread.Stack.AsSpan(first, count + 1).CopyTo(thread.Stack.AsSpan(to));
            thread.Top = to + count + 1;
        }
    }

    /// <summary>Does what an instruction still has to do with the result of a call that it made.</summary>
    public static void Finish(LuaMachine machine, LuaThread thread, int result, FinishKind finish)
    {
        CallFrame frame = thread.Frame;
        Prototype prototype = frame.Closure!.Prototype;
        if (finish == FinishKind.Concat)
        {
            Instruction concat = prototype.Code[frame.Pc - 1];
            Concatenation.Run(machine, thread, frame, concat, result - frame.Base);
            return;
        }
        bool holds = thread.Stack[result].IsTruthy == (finish == FinishKind.Test);
        Instruction test = prototype.Code[frame.Pc - 1];
        frame.Pc = Comparison.Branch(prototype.Code, frame.Pc, holds == (test.A != 0));
    }
}
