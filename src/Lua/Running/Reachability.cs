using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// Measures the bytes of everything that a machine's scripts can still reach, each object once, without recursion; then weak tables
/// lose the entries whose objects nothing else reaches. It can be done in steps while no script runs. New objects that appear between
/// steps are missing in the sum.
/// </summary>
internal sealed class Reachability(LuaMachine machine)
{
    /// <summary>Values of a large object that are looked at together.</summary>
    private const int ChunkSize = 512;

    /// <summary>Looking at an object counts as looking at so many values.</summary>
    private const int ObjectWork = 4;

    private readonly Stack<(LuaObject Object, int At)> _pending = new();
    private readonly WeakTables _weak = new(machine);
    private int _mark;
    private long _bytes;

    /// <summary>A measurement has begun and is not at its end.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Measures at once.</summary>
    public long Measure()
    {
        Begin();
        long work = long.MaxValue;
        _ = TryFinish(ref work, out long bytes);
        return bytes;
    }

    /// <summary>Begins a measurement; one that was running is dropped.</summary>
    public void Begin()
    {
        _mark++;
        _bytes = 0;
        _pending.Clear();
        _weak.Clear();
        IsRunning = true;
        Visit(machine.Globals);
        Visit(machine.Main);
        Visit(machine.Current);
        if (machine.Tracer?.Aside is { } aside)
        {
            Visit(aside.Main);
            Visit(aside.Current);
        }
        Visit(machine.Error);
        Visit(machine.Outcome.Error);
        Visit(machine.Outcome.Task);
        foreach (LuaTable? metatable in machine.TypeMetatables)
        {
            Visit(metatable);
        }
        foreach (LuaValue root in machine.Roots)
        {
            Visit(root);
        }
    }

    /// <summary>Goes on until so much work is done. True at the end, with the bytes.</summary>
    public bool TryFinish(ref long work, out long bytes)
    {
        bytes = 0;
        while (work > 0 && _pending.TryPop(out (LuaObject Object, int At) next))
        {
            work -= Scan(next.Object, next.At);
        }
        if (_pending.Count > 0 || !_weak.TryDrop(_mark, ref work) || !machine.Strings.TryTrim(_mark, ref work))
        {
            return false;
        }
        machine.HasWeakTables = _weak.Count > 0;
        _weak.Clear();
        IsRunning = false;
        bytes = _bytes + machine.Strings.Bytes;
        return true;
    }

    private void Visit(LuaValue value) => Visit(value.Object);

    private void Visit(LuaObject? value)
    {
        if (value is null or LuaConstant || value.Mark == _mark || value.Mark == LuaObject.Uncounted)
        {
            return;
        }
        value.Mark = _mark;
        if (value is LuaString text)
        {
            _bytes += LuaString.BytesFor(text.Length);
        }
        else
        {
            _pending.Push((value, 0));
        }
    }

    private void Visit(HostTask? task)
    {
        if (task is not null)
        {
            _bytes += task.HeldBytes;
            Visit(task.Held);
        }
    }

    private void Visit(ReadOnlySpan<LuaValue> values)
    {
        foreach (LuaValue value in values)
        {
            Visit(value);
        }
    }

    /// <summary>Looks at an object, of a large one at the part from an index on; returns the work.</summary>
    private int Scan(LuaObject value, int at)
    {
        switch (value)
        {
            case LuaTable table:
                return Scan(table, at);
            case LuaClosure closure:
                return Scan(closure);
            case HostFunction function:
                _bytes += HostFunction.OwnBytes;
                Visit(function.Held);
                break;
            case LuaUserdata userdata:
                _bytes += LuaUserdata.OwnBytes;
                Visit(userdata.Metatable);
                Visit(userdata.Environment);
                break;
            case LuaThread thread:
                return Scan(thread, at);
        }
        return ObjectWork;
    }

    private int Scan(LuaTable table, int at)
    {
        WeakKinds weak = _weak.KindsOf(table);
        if (at == 0)
        {
            _bytes += table.Bytes;
            Visit(table.Metatable);
            if (weak != WeakKinds.None)
            {
                _weak.Add(table, weak);
            }
        }
        Span<LuaValue> array = table.ArrayPart;
        Span<TableNode> nodes = table.NodePart;
        int end = Math.Min(at + ChunkSize, array.Length + nodes.Length);
        int i = at;
        for (; i < end && i < array.Length; i++)
        {
            Visit(array[i], weak, WeakKinds.Values);
        }
        for (; i < end; i++)
        {
            ref readonly TableNode node = ref nodes[i - array.Length];
            Visit(node.Key, weak, WeakKinds.Keys);
            Visit(node.Value, weak, WeakKinds.Values);
        }
        if (end < array.Length + nodes.Length)
        {
            _pending.Push((table, end));
        }
        return ObjectWork + Math.Max(end - at, 0);
    }

    /// <summary>A string counts as a value that nobody can lose.</summary>
    private void Visit(LuaValue value, WeakKinds weak, WeakKinds place)
    {
        if ((weak & place) == 0 || value.Object is LuaString)
        {
            Visit(value);
        }
    }

    private int Scan(LuaClosure closure)
    {
        _bytes += closure.Bytes;
        Visit(closure.Environment);
        int work = ObjectWork + closure.Upvalues.Length + Scan(closure.Prototype);
        foreach (Upvalue upvalue in closure.Upvalues)
        {
            if (upvalue.Mark != _mark)
            {
                upvalue.Mark = _mark;
                _bytes += Upvalue.OwnBytes;
                Visit(upvalue.Value);
            }
        }
        return work;
    }

    /// <summary>Functions nest no deeper than the compiler allows.</summary>
    private int Scan(Prototype prototype)
    {
        if (prototype.Mark == _mark)
        {
            return 0;
        }
        prototype.Mark = _mark;
        _bytes += prototype.Bytes;
        Visit(prototype.Constants);
        int work = ObjectWork + prototype.Constants.Length;
        foreach (Prototype child in prototype.Children)
        {
            work += Scan(child);
        }
        return work;
    }

    /// <summary>While a host function runs or waits, what lies above its arguments is no longer needed; it is forgotten.</summary>
    private int Scan(LuaThread thread, int at)
    {
        int top = thread.Top;
        CallFrame running = thread.Frame;
        bool isLua = running.Closure is not null && !(thread == machine.Current && machine.Outcome.IsHostRunning);
        if (isLua)
        {
            top = running.Base + running.Closure!.Prototype.StackSize + LuaThread.HandlerRoom;
        }
        top = Math.Min(Math.Max(top, thread.Top), thread.Stack.Length);
        if (at == 0)
        {
            _bytes += thread.Bytes;
            Visit(thread.Globals);
            Visit(thread.Resumer);
            thread.ClearAbove(top);
            for (int depth = thread.Depth; depth > 0; depth--)
            {
                CallFrame frame = thread.FrameAt(depth);
                Visit(frame.Function);
                Visit(frame.Task);
            }
        }
        int end = Math.Min(at + ChunkSize, top);
        if (at < end)
        {
            Visit(thread.Stack.AsSpan(at, end - at));
        }
        if (end < top)
        {
            _pending.Push((thread, end));
        }
        return ObjectWork + (at == 0 ? thread.Depth : 0) + Math.Max(end - at, 0);
    }
}
