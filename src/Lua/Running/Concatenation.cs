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
                    throw ScriptErrors.TypeError(thread, frame.Base + wrong, r[wrong], "concatenate");
                }
                Operations.CallHandler(machine, thread, handler, left, right, frame.Base + last - 1, FinishKind.Concat);
                return;
            }
            int first = last - 1;
            while (first > i.B && IsText(r[first - 1]))
            {
                first--;
            }
            r[first] = Join(machine, r[first..(last + 1)]);
            last = first;
        }
        thread.Stack[frame.Base + i.A] = r[i.B];
    }

    private static bool IsText(LuaValue value) => value.IsNumber || value.Object is LuaString;

    private static LuaValue Join(LuaMachine machine, Span<LuaValue> values)
    {
        long size = 0;
        Span<byte> digits = stackalloc byte[NumberText.SizeMax];
        foreach (LuaValue value in values)
        {
            size += value.Object is LuaString text ? text.Length : NumberText.Write(value.Number, digits);
        }
        if (size > LuaString.SizeMax)
        {
            throw LuaException.NotEnoughMemory();
        }
        if (values.Length == 2 && IsEmpty(values[0]) && !values[1].IsNumber)
        {
            return values[1];
        }
        if (values.Length == 2 && IsEmpty(values[1]) && !values[0].IsNumber)
        {
            return values[0];
        }
        machine.Fuel -= size >> 6;
        machine.Memory.Add(LuaString.BytesFor((int)size));
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)size);
        int at = 0;
        foreach (LuaValue value in values)
        {
            if (value.Object is LuaString text)
            {
                text.Span.CopyTo(bytes.AsSpan(at));
                at += text.Length;
            }
            else
            {
                int length = NumberText.Write(value.Number, digits);
                digits[..length].CopyTo(bytes.AsSpan(at));
                at += length;
            }
        }
        return new LuaString(bytes);
    }

    private static bool IsEmpty(LuaValue value) => value.Object is LuaString { Length: 0 };
}
