using System.Runtime.CompilerServices;
using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>
/// The common case of each instruction; false where it is not the common case, and then nothing has been done.
/// </summary>
internal static class Fast
{
    /// <summary>Comparing strings up to this length is one step, in bytes.</summary>
    private const int ShortMax = 1024;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear(Span<LuaValue> r, Instruction i)
    {
        for (int at = i.A; at <= i.B; at++)
        {
            r[at] = LuaValue.Nil;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void GetUpvalue(Span<LuaValue> r, Instruction i, LuaClosure closure)
    {
        LuaValue.Copy(ref r[i.A], closure.Upvalues[i.B].Value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SetUpvalue(Span<LuaValue> r, Instruction i, LuaClosure closure)
    {
        LuaValue.Copy(ref closure.Upvalues[i.B].Value, r[i.A]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetField(ref LuaValue to, LuaObject? container, in LuaValue key)
    {
        if (container is LuaTable table)
        {
            ref readonly LuaValue value = ref table.At((LuaString)key.Object!);
            if (!value.IsNil || table.Metatable is null)
            {
                LuaValue.Copy(ref to, value);
                return true;
            }
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetField(Span<LuaValue> r, LuaValue[] k, Instruction i) => GetField(ref r[i.A], r[(byte)i.B].Object, k[i.C]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetInt(Span<LuaValue> r, Instruction i) => r[(byte)i.B].Object is LuaTable table && Get(ref r[i.A], table, i.C);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool GetTable(Span<LuaValue> r, Instruction i)
    {
        if (r[(byte)i.B].Object is not LuaTable table)
        {
            return false;
        }
        ref readonly LuaValue key = ref r[(byte)i.C];
        if (key.IsNumber)
        {
            int whole = double.ConvertToIntegerNative<int>(key.Number);
            return whole == key.Number && Get(ref r[i.A], table, whole);
        }
        return key.Object is LuaString && GetField(ref r[i.A], table, key);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SetTable(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        if (r[i.A].Object is not LuaTable table)
        {
            return false;
        }
        ref readonly LuaValue key = ref r[(byte)i.B];
        if (key.IsNumber)
        {
            int whole = double.ConvertToIntegerNative<int>(key.Number);
            return whole == key.Number && table.TryReplace(whole, Operand(r, k, i.C));
        }
        return key.Object is LuaString text && table.TryReplace(text, Operand(r, k, i.C));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SetField(Span<LuaValue> r, LuaValue[] k, Instruction i) =>
        r[i.A].Object is LuaTable table && table.TryReplace((LuaString)k[i.B].Object!, Operand(r, k, i.C));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SetInt(Span<LuaValue> r, LuaValue[] k, Instruction i) =>
        r[i.A].Object is LuaTable table && table.TryReplace(i.B, Operand(r, k, i.C));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Self(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue target = ref r[(byte)i.B];
        if (target.Object is not LuaTable table)
        {
            return false;
        }
        ref readonly LuaValue method = ref table.At((LuaString)k[i.C].Object!);
        if (method.IsNil)
        {
            return false;
        }
        r[i.A + 1] = target;
        r[i.A] = method;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Add(Span<LuaValue> r, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref r[(byte)i.C];
        if (left.IsNumber && right.IsNumber)
        {
            r[i.A] = new LuaValue(left.Number + right.Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Sub(Span<LuaValue> r, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref r[(byte)i.C];
        if (left.IsNumber && right.IsNumber)
        {
            r[i.A] = new LuaValue(left.Number - right.Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Mul(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref RightOf(r, k, i, OpCode.MulK);
        if (left.IsNumber && right.IsNumber)
        {
            r[i.A] = new LuaValue(left.Number * right.Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Div(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref RightOf(r, k, i, OpCode.DivK);
        if (left.IsNumber && right.IsNumber)
        {
            r[i.A] = new LuaValue(left.Number / right.Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Mod(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref RightOf(r, k, i, OpCode.ModK);
        if (left.IsNumber && right.IsNumber)
        {
            r[i.A] = new LuaValue(LuaArithmetic.Modulo(left.Number, right.Number));
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AddK(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        if (left.IsNumber)
        {
            r[i.A] = new LuaValue(left.Number + k[i.C].Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool SubK(Span<LuaValue> r, LuaValue[] k, Instruction i)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        if (left.IsNumber)
        {
            r[i.A] = new LuaValue(left.Number - k[i.C].Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Unm(Span<LuaValue> r, Instruction i)
    {
        ref readonly LuaValue operand = ref r[(byte)i.B];
        if (operand.IsNumber)
        {
            r[i.A] = new LuaValue(-operand.Number);
            return true;
        }
        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Len(Span<LuaValue> r, Instruction i)
    {
        switch (r[(byte)i.B].Object)
        {
            case LuaTable table:
                r[i.A] = new LuaValue((double)table.Length);
                return true;
            case LuaString text:
                r[i.A] = new LuaValue((double)text.Length);
                return true;
            default:
                return false;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(Span<LuaValue> r, LuaValue[] k, Instruction i, out bool equal)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref RightOf(r, k, i, OpCode.EqualK);
        return TryEqual(left, right, out equal);
    }

    /// <summary>Long strings take time, and tables may have a metamethod.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryEqual(in LuaValue left, in LuaValue right, out bool equal)
    {
        if (left.IsNumber)
        {
            equal = right.IsNumber && left.Number == right.Number;
            return true;
        }
        equal = ReferenceEquals(left.Object, right.Object);
        return equal || left.Object is LuaConstant || TryEqualObjects(left.Object!, right.Object, out equal);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Left(Span<LuaValue> r, Instruction i, out double number)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        number = left.Number;
        return left.IsNumber;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLess(Span<LuaValue> r, Instruction i, out bool less)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref r[(byte)i.C];
        less = left.Number < right.Number;
        return left.IsNumber && right.IsNumber;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryLessEqual(Span<LuaValue> r, Instruction i, out bool less)
    {
        ref readonly LuaValue left = ref r[(byte)i.B];
        ref readonly LuaValue right = ref r[(byte)i.C];
        less = left.Number <= right.Number;
        return left.IsNumber && right.IsNumber;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TestSet(Span<LuaValue> r, Instruction i)
    {
        ref readonly LuaValue value = ref r[(byte)i.B];
        if (value.IsTruthy != (i.C != 0))
        {
            return false;
        }
        LuaValue.Copy(ref r[i.A], value);
        return true;
    }

    /// <summary>The number before the first one of a loop over numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Prepare(Span<LuaValue> r, Instruction i)
    {
        if (r[i.A].IsNumber && r[i.A + 1].IsNumber && r[i.A + 2].IsNumber)
        {
            r[i.A] = new LuaValue(r[i.A].Number - r[i.A + 2].Number);
            return true;
        }
        return false;
    }

    /// <summary>The next number of a loop; false after the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Step(Span<LuaValue> r, Instruction i)
    {
        double step = r[i.A + 2].Number;
        double index = r[i.A].Number + step;
        double limit = r[i.A + 1].Number;
        if (step > 0 ? index <= limit : limit <= index)
        {
            r[i.A] = new LuaValue(index);
            r[i.A + 3] = new LuaValue(index);
            return true;
        }
        return false;
    }

    /// <summary>The iterator's first result is what it is called with next; false if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Advance(Span<LuaValue> r, Instruction i)
    {
        ref readonly LuaValue first = ref r[i.A + 3];
        if (first.IsNil)
        {
            return false;
        }
        LuaValue.Copy(ref r[i.A + 2], first);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly LuaValue Operand(Span<LuaValue> r, LuaValue[] k, int operand)
    {
        if (operand >= 0)
        {
            return ref r[(byte)operand];
        }
        return ref k[~operand];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Get(ref LuaValue to, LuaTable table, int key)
    {
        LuaValue value = table.Get(key);
        if (!value.IsNil || table.Metatable is null)
        {
            LuaValue.Copy(ref to, value);
            return true;
        }
        return false;
    }

    /// <summary>The right operand: a constant, if the instruction is the one that has one there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref readonly LuaValue RightOf(Span<LuaValue> r, LuaValue[] k, Instruction i, OpCode withConstant)
    {
        if (i.Op == withConstant)
        {
            return ref k[i.C];
        }
        return ref r[(byte)i.C];
    }

    private static bool TryEqualObjects(LuaObject left, LuaObject? right, out bool equal)
    {
        equal = false;
        if (left is LuaString text)
        {
            if (text.Length > ShortMax)
            {
                return false;
            }
            equal = right is LuaString other && text.Equals(other);
            return true;
        }
        return left is not (LuaTable or LuaUserdata) || right is not (LuaTable or LuaUserdata);
    }
}
