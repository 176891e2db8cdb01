using System.Runtime.CompilerServices;
using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>The states of a coroutine.</summary>
internal enum ThreadStatus : byte
{
    /// <summary>Not started, or it yielded.</summary>
    Suspended,
    Running,

    /// <summary>It resumed another one.</summary>
    Normal,
    Dead,
}

/// <summary>
/// A stack of values and the frames of the calls that use it: the main thread of a machine, or a coroutine.
///
///   | arguments | variable arguments | base: registers ... | function | arguments = registers of the next frame ...
/// </summary>
public sealed class LuaThread : LuaObject
{
    /// <summary>Calls that may be running at once, as in Lua 5.1.</summary>
    internal const int FramesMax = 20_000;

    /// <summary>Values that may be on the stack.</summary>
    internal const int StackMax = 1 << 23;

    /// <summary>Places from register 0 on that every frame finds: more than a byte can number, so that no access need be checked.</summary>
    internal const int Window = 264;

    /// <summary>Free places that every frame finds above its registers.</summary>
    internal const int HandlerRoom = 24;

    /// <summary>Free places above the first register of every frame.</summary>
    private const int Slack = Window + HandlerRoom;

    internal const long OwnBytes = 136;
    private const int InitialStack = Slack + 32;
    private const int InitialFrames = 4;

    /// <summary>Values and calls that the main thread keeps room for between runs.</summary>
    private const int KeptStack = 1024 + Slack;
    private const int KeptFrames = 256;

    private readonly LuaMachine _machine;
    private readonly LuaMemory _memory;
    private LuaValue[] _stack = [];
    private CallFrame[] _frames = [];

    /// <summary>The latest traced instruction of each call.</summary>
    private int[] _tracedPcs = [];

    internal LuaThread(LuaMachine machine, LuaTable globals)
    {
        LuaMemory memory = machine.Memory;
        _machine = machine;
        _memory = memory;
        Globals = globals;
        memory.Add(OwnBytes);
        GrowStack(InitialStack);
        GrowFrames(InitialFrames);
    }

    public override LuaType Type => LuaType.Thread;

    internal LuaTable Globals { get; set; }

    internal LuaMachine Machine => _machine;

    internal LuaMemory Memory => _memory;

    internal LuaValue[] Stack => _stack;

    /// <summary>The running call.</summary>
    internal CallFrame Frame => _frames[Depth];

    /// <summary>The index of the running call; 0 is the lowest frame.</summary>
    internal int Depth { get; private set; }

    /// <summary>The end of a list of values whose length only running tells.</summary>
    internal int Top { get; set; }

    /// <summary>Variables on the stack that closures hold, the highest first.</summary>
    internal Upvalue? OpenUpvalues { get; set; }

    internal ThreadStatus Status { get; set; }

    /// <summary>How many threads wait below this one.</summary>
    internal int Nesting { get; set; }

    /// <summary>The thread that waits for this one.</summary>
    internal LuaThread? Resumer { get; set; }

    /// <summary>Where it wants what it is handed when it goes on.</summary>
    internal Awaited Awaited { get; set; }

    internal long Bytes => OwnBytes + 16L * _stack.Length + (CallFrame.OwnBytes + 8) * _frames.Length;

    internal CallFrame FrameAt(int depth) => _frames[depth];

    internal ref int TracedPcAt(int depth)
    {
        if (depth >= _tracedPcs.Length)
        {
            Array.Resize(ref _tracedPcs, Math.Max(depth + 1, Math.Min(2 * depth, FramesMax)));
        }
        return ref _tracedPcs[depth];
    }

    /// <summary>Makes room up to an index, and the slack above.</summary>
    internal void Ensure(int size)
    {
        if (size + Slack > _stack.Length)
        {
            GrowStack(size + Slack);
        }
    }

    internal CallFrame Push()
    {
        int depth = Depth + 1;
        if (depth >= _frames.Length)
        {
            if (depth >= FramesMax)
            {
                throw LuaException.At("stack overflow");
            }
            GrowFrames(Math.Min(2 * _frames.Length, FramesMax));
        }
        Depth = depth;
        return _frames[depth];
    }

    internal void Pop() => Depth--;

    /// <summary>Pushes the frame of a call with a known number of arguments that needs nothing special; null if it does.</summary>
    internal CallFrame? TryEnter(CallFrame caller, LuaClosure callee, Instruction call)
    {
        Prototype prototype = callee.Prototype;
        int start = caller.Base + call.A + 1;
        int depth = Depth + 1;
        LuaValue[] stack = _stack;
        CallFrame[] frames = _frames;
        if (call.B == 0 || prototype.VarArgs != VarArgKind.None || start + Slack > stack.Length
            || (uint)depth >= (uint)frames.Length)
        {
            return null;
        }
        for (int i = start + call.B - 1; i < start + prototype.ParameterCount; i++)
        {
            stack[i] = LuaValue.Nil;
        }
        CallFrame frame = frames[depth];
        Depth = depth;
        frame.Begin(callee, start, call.C - 1);
        return frame;
    }

    /// <summary>Returns one value to a function of Lua that wants one; null if there is more to do.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal CallFrame? TryReturnOne(CallFrame frame, in LuaValue result)
    {
        if (frame.Returns != ReturnKind.One || (OpenUpvalues is { } open && open.Index >= frame.Base))
        {
            return null;
        }
        Depth--;
        LuaValue.Copy(ref _stack[frame.ReturnTo], result);
        return frame.Below;
    }

    /// <summary>Returns one value, or none and nil is given, if that is one step: the caller's frame; null if it takes more.</summary>
    internal CallFrame? TryReturn(CallFrame frame, in LuaValue result, int count)
    {
        ReturnKind kind = frame.Returns;
        if (kind == ReturnKind.General)
        {
            return null;
        }
        CloseFrom(frame.Base);
        Depth--;
        if (kind != ReturnKind.Nothing)
        {
            LuaValue.Copy(ref _stack[frame.ReturnTo], result);
        }
        if (kind == ReturnKind.ToHost)
        {
            Top = frame.ReturnTo + count;
        }
        return frame.Below;
    }

    /// <summary>Drops all frames above one.</summary>
    internal void Unwind(int depth)
    {
        for (int i = Depth; i > depth; i--)
        {
            _frames[i].Task = null;
        }
        Depth = depth;
    }

    internal Upvalue FindUpvalue(int index)
    {
        Upvalue? higher = null;
        Upvalue? open = OpenUpvalues;
        while (open is not null && open.Index > index)
        {
            higher = open;
            open = open.NextOpen;
        }
        if (open is not null && open.Index == index)
        {
            return open;
        }
        _memory.Add(Upvalue.OwnBytes);
        var upvalue = new Upvalue(_stack, index, open);
        if (higher is null)
        {
            OpenUpvalues = upvalue;
        }
        else
        {
            higher.NextOpen = upvalue;
        }
        return upvalue;
    }

    /// <summary>Gives all open variables from an index on a place of their own.</summary>
    internal void CloseFrom(int index)
    {
        while (OpenUpvalues is { } open && open.Index >= index)
        {
            OpenUpvalues = open.Close();
        }
    }

    /// <summary>Forgets what lies above the running call, so that it keeps nothing alive.</summary>
    internal void ClearAbove(int index) => _stack.AsSpan(Math.Min(index, _stack.Length)).Clear();

    /// <summary>Nothing runs: forgets all values, and gives back a stack that has grown large.</summary>
    internal void Shrink()
    {
        ClearAbove(0);
        if (_stack.Length > KeptStack)
        {
            _memory.Remove(16L * (_stack.Length - KeptStack));
            _stack = new LuaValue[KeptStack];
        }
        if (_frames.Length > KeptFrames)
        {
            _memory.Remove((CallFrame.OwnBytes + 8) * (_frames.Length - KeptFrames));
            Array.Resize(ref _frames, KeptFrames);
        }
    }

    private void GrowStack(int least)
    {
        if (least > StackMax)
        {
            throw LuaException.At("stack overflow");
        }
        int size = Math.Max(least, Math.Min(2 * _stack.Length, StackMax));
        _memory.Add(16L * (size - _stack.Length));
        Array.Resize(ref _stack, size);
        for (Upvalue? open = OpenUpvalues; open is not null; open = open.NextOpen)
        {
            open.Stack = _stack;
        }
    }

    private void GrowFrames(int size)
    {
        _memory.Add((CallFrame.OwnBytes + 8) * (size - _frames.Length));
        int old = _frames.Length;
        Array.Resize(ref _frames, size);
        for (int i = old; i < size; i++)
        {
            _frames[i] = new CallFrame(this, i > 0 ? _frames[i - 1] : null);
        }
    }
}
