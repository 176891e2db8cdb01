using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// One step of a host function: its arguments, and the ways to end it. The place of the called function, below the arguments, is free for a
/// result. Arguments are numbered from 0 here and from 1 in messages. A
/// function that calls another one ends its step with that call and goes on in a task; it never calls the machine.
/// </summary>
public readonly ref struct HostCall
{
    private readonly LuaThread _thread;
    private readonly int _base;

    /// <summary>The function's frame, if it has waited; null in its first step.</summary>
    private readonly CallFrame? _frame;

    /// <summary>The first step of a function.</summary>
    internal HostCall(LuaMachine machine, LuaThread thread, int start, int count)
    {
        Machine = machine;
        _thread = thread;
        _base = start;
        Count = count;
    }

    /// <summary>A step of the function whose frame is the topmost one.</summary>
    internal HostCall(CallFrame frame, int count, bool hasFailed)
    {
        Machine = frame.Machine;
        _thread = frame.Thread;
        _frame = frame;
        _base = frame.Base;
        Count = count;
        HasFailed = hasFailed;
    }

    public LuaMachine Machine { get; }

    public LuaMemory Memory => Machine.Memory;

    /// <summary>The number of arguments.</summary>
    public int Count { get; }

    /// <summary>In a task: the protected call failed, and its error is the argument.</summary>
    public bool HasFailed { get; }

    internal LuaThread Thread => _thread;

    /// <summary>The depth of the frame that called.</summary>
    internal int CallerDepth => _frame is null ? _thread.Depth : _thread.Depth - 1;

    /// <summary>An argument; nil beyond the last one.</summary>
    public LuaValue this[int index] => (uint)index < (uint)Count ? _thread.Stack[_base + index] : LuaValue.Nil;

    /// <summary>Valid until the step ends.</summary>
    public ReadOnlySpan<LuaValue> Arguments => _thread.Stack.AsSpan(_base, Count);

    /// <summary>Returns nothing.</summary>
    public HostStep Return() => Finish(0);

    public HostStep Return(LuaValue result)
    {
        int at = _base - 1;
        LuaValue.Copy(ref _thread.Stack[at], result);
        _thread.Top = at + 1;
        Machine.Outcome.Count = 1;
        return HostStep.Return;
    }

    public HostStep Return(LuaValue first, LuaValue second)
    {
        int at = _base - 1;
        LuaValue[] stack = _thread.Stack;
        LuaValue.Copy(ref stack[at], first);
        LuaValue.Copy(ref stack[at + 1], second);
        _thread.Top = at + 2;
        return Finish(2);
    }

    public HostStep Return(LuaValue first, LuaValue second, LuaValue third) => Return([first, second, third]);

    public HostStep Return(params ReadOnlySpan<LuaValue> results)
    {
        int at = _base - 1;
        _thread.Ensure(at + results.Length);
        results.CopyTo(_thread.Stack.AsSpan(at));
        _thread.Top = at + results.Length;
        return Finish(results.Length);
    }

    /// <summary>Returns the arguments from one on.</summary>
    public HostStep ReturnArguments(int from)
    {
        _thread.Top = _base + Count;
        return Finish(Math.Max(Count - from, 0));
    }

    /// <summary>Returns a value and then the arguments.</summary>
    public HostStep ReturnBefore(LuaValue first)
    {
        _thread.Stack[_base - 1] = first;
        _thread.Top = _base + Count;
        return Finish(Count + 1);
    }

    /// <summary>Fails with a value as it is.</summary>
    public HostStep Fail(LuaValue error)
    {
        Machine.Outcome.Error = error;
        return HostStep.Fail;
    }

    /// <summary>Fails with a message, before which goes the place of the call.</summary>
    public HostStep Fail(string message) => Fail(Unwinding.NewMessage(Machine, Where(1) + message));

    /// <summary>Calls a value and goes on in a task with the results.</summary>
    public HostStep Call(LuaValue function, ReadOnlySpan<LuaValue> arguments, HostTask then)
    {
        Push(function, arguments);
        GoOnIn(then);
        Machine.Outcome.Count = arguments.Length;
        return HostStep.Call;
    }

    /// <summary>The same with two arguments, which takes less copying.</summary>
    public HostStep Call(LuaValue function, LuaValue first, LuaValue second, HostTask then)
    {
        LuaValue[] stack = _thread.Stack;
        stack[_base] = function;
        LuaValue.Copy(ref stack[_base + 1], first);
        LuaValue.Copy(ref stack[_base + 2], second);
        _thread.Top = _base + 3;
        GoOnIn(then);
        Machine.Outcome.Count = 2;
        return HostStep.Call;
    }

    /// <summary>The same; an error is handed to the task too.</summary>
    public HostStep CallProtected(LuaValue function, ReadOnlySpan<LuaValue> arguments, HostTask then)
    {
        Machine.Outcome.IsProtected = true;
        return Call(function, arguments, then);
    }

    /// <summary>Calls the first argument with the others, and goes on in a task with the results or the error.</summary>
    public HostStep CallArgumentsProtected(HostTask then)
    {
        Machine.Outcome.IsProtected = true;
        Machine.Outcome.Task = then;
        _thread.Top = _base + Count;
        Machine.Outcome.Count = Count - 1;
        return HostStep.Call;
    }

    /// <summary>Ends the run for now; the next one goes on in the task.</summary>
    public HostStep Pause(HostTask then)
    {
        Machine.Outcome.Task = then;
        return HostStep.Pause;
    }

    /// <summary>Counts work as instructions; false once the budget is used up, and the function should pause.</summary>
    public bool Spend(int steps) => (Machine.Fuel -= steps) >= 0;

    /// <summary>An error to be thrown, with the place of the call.</summary>
    public LuaException Error(string message) => new(Unwinding.NewMessage(Machine, Where(1) + message));

    /// <summary>An error about an argument, to be thrown: it names the function as the script called it.</summary>
    public LuaException ArgumentError(int index, string message)
    {
        var name = ScriptErrors.NameOfCallee(_thread, CallerDepth);
        int number = index + 1;
        if (name is { Kind: "method" } method)
        {
            if (--number == 0)
            {
                return Error($"calling '{method.Name}' on bad self ({message})");
            }
        }
        return Error($"bad argument #{number} to '{name?.Name ?? "?"}' ({message})");
    }

    /// <summary>An argument of the wrong type.</summary>
    public LuaException TypeError(int index, string expected) =>
        ArgumentError(index, $"{expected} expected, got {(index < Count ? this[index].TypeName : "no value")}");

    /// <summary>The place of a call as a prefix: 1 is the one that called this function.</summary>
    internal string Where(int level) => ScriptErrors.WhereAtLevel(_thread, CallerDepth, level);

    /// <summary>A function that calls again and again mostly goes on in the task that it has.</summary>
    private void GoOnIn(HostTask then)
    {
        if (_frame is null || !ReferenceEquals(_frame.Task, then))
        {
            Machine.Outcome.Task = then;
        }
    }

    private HostStep Finish(int count)
    {
        Machine.Outcome.Count = count;
        return HostStep.Return;
    }

    /// <summary>The arguments may lie on the stack that grows.</summary>
    private void Push(LuaValue function, ReadOnlySpan<LuaValue> arguments)
    {
        int top = _base + Count;
        _thread.Ensure(top + 1 + arguments.Length);
        arguments.CopyTo(_thread.Stack.AsSpan(top + 1));
        _thread.Stack[top] = function;
        _thread.Top = top + 1 + arguments.Length;
    }
}
