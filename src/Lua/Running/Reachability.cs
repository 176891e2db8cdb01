using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>Measures the bytes of everything that a machine's scripts can still reach, each object once, without recursion.</summary>
internal sealed class Reachability(LuaMachine machine)
{
    private readonly Stack<LuaObject> _pending = new();
    private int _mark;
    private long _bytes;

    public long Measure()
    {
        _mark++;
        _bytes = 0;
        Visit(machine.Globals);
        Visit(machine.Main);
        Visit(machine.Current);
        Visit(machine.Error);
        Visit(machine.Outcome.Error);
        Visit(machine.Outcome.Thread);
        Visit(machine.Outcome.Task);
        foreach (LuaTable? metatable in machine.TypeMetatables)
        {
            Visit(metatable);
        }
        foreach (LuaValue root in machine.Roots)
        {
            Visit(root);
        }
        while (_pending.TryPop(out LuaObject? next))
        {
            Scan(next);
        }
        machine.Strings.Trim(_mark);
        return _bytes;
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
            _pending.Push(value);
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

    private void Scan(LuaObject value)
    {
        switch (value)
        {
            case LuaTable table:
                _bytes += table.Bytes;
                Visit(table.Metatable);
                Visit(table.ArrayPart);
                foreach (ref readonly TableNode node in table.NodePart)
                {
                    Visit(node.Key);
                    Visit(node.Value);
                }
                break;
            case LuaClosure closure:
                Scan(closure);
                break;
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
                Scan(thread);
                break;
        }
    }

    private void Scan(LuaClosure closure)
    {
        _bytes += closure.Bytes;
        Visit(closure.Environment);
        Scan(closure.Prototype);
        foreach (Upvalue upvalue in closure.Upvalues)
        {
            if (upvalue.Mark != _mark)
            {
                upvalue.Mark = _mark;
                _bytes += Upvalue.OwnBytes;
                Visit(upvalue.Values[upvalue.Index]);
            }
        }
    }

    /// <summary>Functions nest no deeper than the compiler allows.</summary>
    private void Scan(Prototype prototype)
    {
        if (prototype.Mark == _mark)
        {
            return;
        }
        prototype.Mark = _mark;
        _bytes += prototype.Bytes;
        Visit(prototype.Constants);
        foreach (Prototype child in prototype.Children)
        {
            Scan(child);
        }
    }

    private void Scan(LuaThread thread)
    {
        _bytes += thread.Bytes;
        Visit(thread.Globals);
        Visit(thread.Resumer);
        int top = thread.Top;
        for (int depth = thread.Depth; depth > 0; depth--)
        {
            CallFrame frame = thread.FrameAt(depth);
            Visit(frame.Function);
            Visit(frame.Task);
            if (frame.Closure is { } closure)
            {
                top = Math.Max(top, frame.Base + closure.Prototype.StackSize);
            }
        }
        top = Math.Min(top + LuaThread.Slack, thread.Stack.Length);
        thread.ClearAbove(top);
        Visit(thread.Stack.AsSpan(0, top));
    }
}
