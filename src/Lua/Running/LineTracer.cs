using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Asked before a line of a traced function runs whether the run is to stand still there.</summary>
/// <param name="line">The line.</param>
/// <param name="isNew">The line begins, or begins again; otherwise another instruction of it is next.</param>
public delegate bool LineHook(int line, bool isNew);

/// <summary>
/// Lets a host follow a run line by line, as the line hook of PUC's Lua 5.1 does: a line counts as new at the start of a function, on the
/// way back of a loop, and where it differs from the one before. Functions that are not traced run as ever and cost nothing.
/// <code>
///   Prototype.Code     | a | b | test | jump | c |
///   Prototype.Traced   | T | T |  T   | jump | T |      T asks the hook, puts the instruction in its own place, and lets it run;
///                                                       the next T takes that place back
/// </code>
/// While the run stands still its calls and variables can be read, and another function can run beside it.
/// </summary>
public sealed class LineTracer
{
    private readonly LuaMachine _machine;
    private readonly LineHook _hook;
    private Prototype? _open;
    private int _openPc;

    /// <summary>The instruction where the run stood still is next, and is not asked about again.</summary>
    private bool _isPassing;

    /// <summary>The machine has one tracer at a time, which is this one now.</summary>
    public LineTracer(LuaMachine machine, LineHook hook)
    {
        _machine = machine;
        _hook = hook;
        machine.Tracer = this;
    }

    /// <summary>The run stands still: nothing goes on before <see cref="GoOn"/> or <see cref="Raise"/>.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Another function runs beside the run that stands still.</summary>
    public bool IsAside => Aside is not null;

    /// <summary>The calls of the running thread, the innermost first, while it stands still.</summary>
    public int CallCount => _machine.Current.Depth;

    /// <summary>The threads that stand still while another function runs beside them.</summary>
    internal (LuaThread Main, LuaThread Current)? Aside { get; private set; }

    /// <summary>Traces a function that was compiled just now, with all functions in it.</summary>
    public void Trace(LuaFunction function) => Trace(((LuaClosure)function).Prototype);

    /// <summary>The run may go on.</summary>
    public void GoOn() => IsStopped = false;

    /// <summary>The run goes on with an error in the line where it stands.</summary>
    public void Raise(LuaValue error)
    {
        IsStopped = false;
        _isPassing = false;
        _machine.Current.Frame.Pc++;
        Unwinding.Raise(_machine, error);
    }

    /// <summary>Begins a call beside the run that stands still; runs run it until <see cref="EndAside"/>.</summary>
    public void BeginAside(LuaFunction function, params ReadOnlySpan<LuaValue> arguments)
    {
        Aside = (_machine.Main, _machine.Current);
        IsStopped = false;
        _machine.UseThreads(new LuaThread(_machine, _machine.Globals) { Status = ThreadStatus.Running });
        _machine.Start(function, arguments);
    }

    /// <summary>Drops what runs beside, and stands still where it stood.</summary>
    public void EndAside()
    {
        (LuaThread main, LuaThread current) = Aside!.Value;
        _machine.Stop();
        _machine.UseThreads(main, current);
        Aside = null;
        IsStopped = true;
    }

    /// <summary>The function of a call is traced.</summary>
    public bool IsTraced(int call) => FrameOf(call).Closure is { Prototype.Traced: not null };

    /// <summary>The line where a call stands; -1 in a function of the host.</summary>
    public int LineOf(int call)
    {
        CallFrame frame = FrameOf(call);
        return frame.Closure is { } closure ? closure.Prototype.Debug.Lines[PcOf(call, frame)] : -1;
    }

    /// <summary>The name under which a call was made, or null.</summary>
    public string? NameOf(int call) => FrameOf(call) is { TailCallCount: 0, Closure: not null }
        ? ScriptErrors.NameOfCallee(_machine.Current, _machine.Current.Depth - call - 1)?.Name
        : null;

    /// <summary>The local variables of a call that are visible where it stands, in the order of their declarations.</summary>
    public IEnumerable<(LuaString Name, LuaValue Value)> LocalsOf(int call)
    {
        CallFrame frame = FrameOf(call);
        if (frame.Closure is not { } closure)
        {
            yield break;
        }
        int pc = PcOf(call, frame);
        int register = 0;
        foreach (LocalVariable local in closure.Prototype.Debug.Locals)
        {
            if (local.Start <= pc && pc < local.End)
            {
                yield return (local.Name, frame.Thread.Stack[frame.Base + register++]);
            }
        }
    }

    /// <summary>An instruction of a traced function is about to run; the frame holds the one after it.</summary>
    internal void Reached(LuaThread thread, CallFrame frame)
    {
        int pc = --frame.Pc;
        Prototype function = frame.Closure!.Prototype;
        Instruction instruction = function.Code[pc];
        Close();
        if (!IsWholeLoop(instruction))
        {
            function.Traced![pc] = instruction;
            _open = function;
            _openPc = pc;
            Ask(thread, function, pc);
        }
        else if (_isPassing || !Ask(thread, function, pc))
        {
            _isPassing = false;
            Repeat(thread, frame, instruction);
        }
        else
        {
            _isPassing = true;
        }
    }

    /// <summary>The instruction after it is a part of it.</summary>
    private static bool HasJump(OpCode operation) => operation is (>= OpCode.Equal and <= OpCode.TestSet) or OpCode.TForCall;

    /// <summary>
    /// Instructions that PUC's compiler leaves out: variables at the start of a function are nil already, and who jumps to the way back of
    /// a loop jumps back at once.
    /// </summary>
    private static bool IsHidden(Prototype function, int pc, int before) => function.Code[pc].Op switch
    {
        OpCode.LoadNil => pc < function.FirstTracedPc,
        OpCode.Loop => pc > before && pc != function.FirstTracedPc && !FallsThrough(function.Code[before].Op, pc - before),
        _ => false,
    };

    /// <summary>Whether an instruction that is so far after another one is next to it, and not the target of its jump.</summary>
    private static bool FallsThrough(OpCode before, int distance) =>
        HasJump(before) ? distance == 2 : distance == 1 && before != OpCode.Jump;

    /// <summary>A loop without a body jumps to itself, and would not come by here again.</summary>
    private static bool IsWholeLoop(Instruction instruction) => instruction is { Op: OpCode.Loop or OpCode.ForLoop, C: -1 };

    /// <summary>Does what such an instruction does; it is next again, unless the loop is over.</summary>
    private void Repeat(LuaThread thread, CallFrame frame, Instruction instruction)
    {
        _machine.Fuel--;
        if (instruction.Op == OpCode.ForLoop && !Fast.Step(thread.Stack.AsSpan(frame.Base, LuaThread.Window), instruction))
        {
            frame.Pc++;
        }
    }

    /// <summary>Asks the hook; true if the run stands still now.</summary>
    private bool Ask(LuaThread thread, Prototype function, int pc)
    {
        int[] lines = function.Debug.Lines;
        ref int before = ref thread.TracedPcAt(thread.Depth);
        if (IsHidden(function, pc, before))
        {
            return false;
        }
        bool isNew = pc == function.FirstTracedPc || pc <= before || lines[pc] != lines[before];
        before = pc;
        if (!_hook(lines[pc], isNew))
        {
            return false;
        }
        IsStopped = true;
        _machine.Fuel = -1;
        return true;
    }

    /// <summary>The instruction that was let through is asked about again when it is next.</summary>
    private void Close()
    {
        if (_open is { } open)
        {
            open.Traced![_openPc] = new Instruction(OpCode.Trace, 0, 0, 0);
            _open = null;
        }
    }

    private static void Trace(Prototype function)
    {
        Instruction[] code = function.Code;
        int first = 0;
        while (code[first] is { Op: OpCode.LoadNil } clearing && clearing.A >= function.Debug.Locals.Count(local => local.Start <= first))
        {
            first++;
        }
        function.FirstTracedPc = first;
        var traced = new Instruction[code.Length];
        for (int pc = 0; pc < code.Length; pc++)
        {
            traced[pc] = pc > 0 && HasJump(code[pc - 1].Op) ? code[pc] : new Instruction(OpCode.Trace, 0, 0, 0);
        }
        function.Traced = traced;
        foreach (Prototype child in function.Children)
        {
            Trace(child);
        }
    }

    private CallFrame FrameOf(int call) => _machine.Current.FrameAt(_machine.Current.Depth - call);

    /// <summary>The instruction that runs in a call: the next one where the run stands, the call itself elsewhere.</summary>
    private static int PcOf(int call, CallFrame frame) => call == 0 ? frame.Pc : Math.Max(frame.Pc - 1, 0);
}
