using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// Concatenates a row of registers from the right. As many strings and numbers as there are become one string at once; where a
/// metamethod decides, it is called, and its result goes on as an operand.
/// </summary>
internal static class Concatenation
{
    /// <summary>Results up to this size are put together on the process' stack, in bytes.</summary>
    private const int FewBytes = 256;

    /// <summary>Strings below this size are copied at once.</summary>
    private const int ShortMax = 1024;

    /// <summary>Concatenates short strings; false if there is anything else.</summary>
    public static bool TryRun(LuaMachine machine, Span<LuaValue> r, Instruction i)
    {
        int size = 0;
        for (int at = i.B; at <= i.C; at++)
        {
            if (r[at].Object is not LuaString { Length: < ShortMax and > 0 } text)
            {
                return false;
            }
            size += text.Length;
        }
        LuaString joined = machine.Memory.NewString(size, out Span<byte> rest);
        for (int at = i.B; at <= i.C; at++)
        {
            ReadOnlySpan<byte> text = ((LuaString)r[at].Object!).Span;
            text.CopyTo(rest);
            rest = rest[text.Length..];
        }
        r[i.A] = joined;
        return true;
    }

    /// <param name="machine">Calls the metamethods.</param>
    /// <param name="thread">The running one.</param>
    /// <param name="frame">The running frame.</param>
    /// <param name="i">The instruction.</param>
    /// <param name="last">The last register that is still to be concatenated.</param>
    public static void Run(LuaMachine machine, LuaThread thread, CallFrame frame, Instruction i, int last)
    {
        Span<LuaValue> r = thread.Stack.AsSpan(frame.Base);
        while (last > i.B)
        {
            if (!IsText(r[last - 1]) || !IsText(r[last]))
            {
                LuaValue left = r[last - 1];
                LuaValue right = r[last];
                LuaValue handler = Arithmetic.HandlerOf(machine, left, right, MetaEvent.Concat);
                if (handler.IsNil)
                {
                    int wrong = IsText(left) ? last : last - 1;
                    Unwinding.Raise(machine, ScriptErrors.TypeError(thread, frame.Base + wrong, r[wrong], "concatenate"));
                    return;
                }
                Operations.CallHandler(machine, thread, handler, left, right, frame.Base + last - 1, FinishKind.Concat);
                return;
            }
            int first = last - 1;
            while (first > i.B && IsText(r[first - 1]))
            {
                first--;
            }
            Span<LuaValue> row = r[first..(last + 1)];
            if (row.Length > 1 && SizeOf(row) >= LongConcatenation.SizeMin)
            {
                JoinSlowly(machine, thread, frame, first, last);
                return;
            }
            r[first] = Join(machine, row);
            last = first;
        }
        thread.Stack[frame.Base + i.A] = r[i.B];
    }

    private static bool IsText(LuaValue value) => value.IsNumber || value.Object is LuaString;

    /// <summary>Leaves a row of registers to a host function, which may take several runs.</summary>
    private static void JoinSlowly(LuaMachine machine, LuaThread thread, CallFrame frame, int first, int last)
    {
        int count = last - first + 1;
        int function = frame.Base + frame.Closure!.Prototype.StackSize;
        thread.Ensure(function + count + 1);
        LuaValue[] stack = thread.Stack;
        stack[function] = LongConcatenation.Function;
        for (int i = 0; i < count; i++)
        {
            LuaValue part = stack[frame.Base + first + i];
            stack[function + 1 + i] = HostArguments.TryString(machine.Memory, part)!;
        }
        Calls.Invoke(machine, thread, function, count, frame.Base + first, 1, FinishKind.Concat);
    }

    private static long SizeOf(ReadOnlySpan<LuaValue> values)
    {
        long size = 0;
        foreach (LuaValue value in values)
        {
            size += value.Object is LuaString text ? text.Length : 0;
        }
        return size > LuaString.SizeMax ? throw LuaException.NotEnoughMemory() : size;
    }

    private static LuaValue Join(LuaMachine machine, Span<LuaValue> values)
    {
        if (values.Length == 2 && IsEmpty(values[0]) && !values[1].IsNumber)
        {
            return values[1];
        }
        if (values.Length == 2 && IsEmpty(values[1]) && !values[0].IsNumber)
        {
            return values[0];
        }
        Span<byte> few = stackalloc byte[FewBytes];
        return TryJoin(values, few, out int length) ? machine.Memory.NewString(few[..length]) : JoinMany(machine, values);
    }

    /// <summary>A short result is put together in place; its size need not be known before.</summary>
    private static bool TryJoin(ReadOnlySpan<LuaValue> values, Span<byte> into, out int length)
    {
        length = 0;
        foreach (ref readonly LuaValue value in values)
        {
            if (value.Object is LuaString text)
            {
                if (!text.Span.TryCopyTo(into[length..]))
                {
                    return false;
                }
                length += text.Length;
            }
            else
            {
                if (into.Length - length < NumberText.SizeMax)
                {
                    return false;
                }
                length += NumberText.Write(value.Number, into[length..]);
            }
        }
        return true;
    }

    private static LuaString JoinMany(LuaMachine machine, ReadOnlySpan<LuaValue> values)
    {
        int size = 0;
        Span<byte> digits = stackalloc byte[NumberText.SizeMax];
        foreach (LuaValue value in values)
        {
            size += value.Object is LuaString text ? text.Length : NumberText.Write(value.Number, digits);
        }
        LuaString joined = machine.Memory.NewString(size, out Span<byte> rest);
        foreach (LuaValue value in values)
        {
            ReadOnlySpan<byte> part = value.Object is LuaString text ? text.Span : digits[..NumberText.Write(value.Number, digits)];
            part.CopyTo(rest);
            rest = rest[part.Length..];
        }
        return joined;
    }

    private static bool IsEmpty(LuaValue value) => value.Object is LuaString { Length: 0 };
}
