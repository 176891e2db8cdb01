using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>Writes the code that brings the values of expressions where they are wanted.</summary>
internal static class ExpressionCode
{
    private const int FieldKeyMax = ushort.MaxValue;

    /// <summary>Makes it a value: a constant, a register, or an instruction whose register is open.</summary>
    public static void Discharge(FunctionScope scope, ref Expression e)
    {
        CodeBuffer code = scope.Code;
        switch (e.Kind)
        {
            case ExpressionKind.Local:
                e.Kind = ExpressionKind.Register;
                return;
            case ExpressionKind.Upvalue:
                e.Info = code.Write(OpCode.GetUpvalue, 0, e.Info, 0);
                break;
            case ExpressionKind.Global:
                e.Info = code.Write(OpCode.GetGlobal, 0, 0, e.Info);
                break;
            case ExpressionKind.Indexed:
                scope.Free(e.Key);
                scope.Free(e.Info);
                e.Info = code.Write(OpCode.GetTable, 0, e.Info, e.Key);
                break;
            case ExpressionKind.Field:
                scope.Free(e.Info);
                e.Info = code.Write(OpCode.GetField, 0, e.Info, e.Key);
                break;
            case ExpressionKind.Element:
                scope.Free(e.Info);
                e.Info = code.Write(OpCode.GetInt, 0, e.Info, e.Key);
                break;
            case ExpressionKind.Call or ExpressionKind.VarArg:
                ToOneValue(scope, ref e);
                return;
            default:
                return;
        }
        e.Kind = ExpressionKind.Pending;
    }

    /// <summary>Of many values only the first.</summary>
    public static void ToOneValue(FunctionScope scope, ref Expression e)
    {
        if (e.Kind == ExpressionKind.Call)
        {
            e.Kind = ExpressionKind.Register;
            e.Info = scope.Code[e.Info].A;
        }
        else if (e.Kind == ExpressionKind.VarArg)
        {
            scope.Code.SetB(e.Info, 2);
            e.Kind = ExpressionKind.Pending;
        }
    }

    /// <summary>So many values of a call or of the variable arguments, or all (-1); from the first free register on.</summary>
    public static void ToValues(FunctionScope scope, in Expression e, int count)
    {
        if (e.Kind == ExpressionKind.Call)
        {
            scope.Code.SetC(e.Info, count + 1);
        }
        else if (e.Kind == ExpressionKind.VarArg)
        {
            scope.Code.SetB(e.Info, count + 1);
            scope.Code.SetA(e.Info, scope.FreeRegister);
            scope.Reserve(1);
        }
    }

    public static void ToNextRegister(FunctionScope scope, ref Expression e)
    {
        Discharge(scope, ref e);
        Release(scope, e);
        scope.Reserve(1);
        ToRegister(scope, ref e, scope.FreeRegister - 1);
    }

    public static int ToAnyRegister(FunctionScope scope, ref Expression e)
    {
        Discharge(scope, ref e);
        if (e.Kind == ExpressionKind.Register)
        {
            if (!e.HasJumps)
            {
                return e.Info;
            }
            if (e.Info >= scope.ActiveCount)
            {
                ToRegister(scope, ref e, e.Info);
                return e.Info;
            }
        }
        ToNextRegister(scope, ref e);
        return e.Info;
    }

    public static void ToValue(FunctionScope scope, ref Expression e)
    {
        if (e.HasJumps)
        {
            ToAnyRegister(scope, ref e);
        }
        else
        {
            Discharge(scope, ref e);
        }
    }

    /// <summary>A register, or a constant as its complement.</summary>
    public static int ToOperand(FunctionScope scope, ref Expression e)
    {
        ToValue(scope, ref e);
        return e.IsConstant ? ~ConstantOf(scope, e) : ToAnyRegister(scope, ref e);
    }

    /// <summary>The index of a constant.</summary>
    public static int ConstantOf(FunctionScope scope, in Expression e) => e.Kind switch
    {
        ExpressionKind.Number => scope.Code.ConstantOf(e.Number),
        ExpressionKind.Nil => scope.Code.ConstantOf(LuaValue.Nil),
        ExpressionKind.True => scope.Code.ConstantOf(LuaValue.True),
        ExpressionKind.False => scope.Code.ConstantOf(LuaValue.False),
        _ => e.Info,
    };

    public static void Release(FunctionScope scope, in Expression e)
    {
        if (e.Kind == ExpressionKind.Register)
        {
            scope.Free(e.Info);
        }
    }

    /// <summary>The element of a table, which is in a register.</summary>
    public static void ToIndexed(FunctionScope scope, ref Expression table, ref Expression key)
    {
        ToValue(scope, ref key);
        if (key.Kind == ExpressionKind.Constant && !key.HasJumps && key.Info <= FieldKeyMax)
        {
            table.Kind = ExpressionKind.Field;
            table.Key = key.Info;
        }
        else if (key.IsLiteralNumber && key.Number >= 0 && key.Number <= FieldKeyMax && key.Number == (int)key.Number)
        {
            table.Kind = ExpressionKind.Element;
            table.Key = (int)key.Number;
            if (key.Number == 0)
            {
                // In Lua 5.1 it is a constant, and which of the two zeros is the first one is to be seen.
                _ = ConstantOf(scope, key);
            }
        }
        else
        {
            table.Key = ToAnyRegister(scope, ref key);
            table.Kind = ExpressionKind.Indexed;
        }
    }

    /// <summary>Assigns a value to a variable.</summary>
    public static void Store(FunctionScope scope, in Expression variable, ref Expression value)
    {
        CodeBuffer code = scope.Code;
        switch (variable.Kind)
        {
            case ExpressionKind.Local:
                Release(scope, value);
                ToRegister(scope, ref value, variable.Info);
                return;
            case ExpressionKind.Upvalue:
                code.Write(OpCode.SetUpvalue, ToAnyRegister(scope, ref value), variable.Info, 0);
                break;
            case ExpressionKind.Global:
                code.Write(OpCode.SetGlobal, ToAnyRegister(scope, ref value), 0, variable.Info);
                break;
            default:
                OpCode op = variable.Kind switch
                {
                    ExpressionKind.Field => OpCode.SetField,
                    ExpressionKind.Element => OpCode.SetInt,
                    _ => OpCode.SetTable,
                };
                int operand = ToOperand(scope, ref value);
                code.Write(op, variable.Info, variable.Key, operand);
                break;
        }
        Release(scope, value);
    }

    /// <summary>The method of an object and the object, in two registers.</summary>
    public static void ToMethod(FunctionScope scope, ref Expression e, LuaString name)
    {
        ToAnyRegister(scope, ref e);
        Release(scope, e);
        int function = scope.FreeRegister;
        scope.Reserve(2);
        scope.Code.Write(OpCode.Self, function, e.Info, scope.Code.ConstantOf(name));
        e.Info = function;
        e.Kind = ExpressionKind.Register;
    }

    public static void WriteNil(FunctionScope scope, int from, int count)
    {
        CodeBuffer code = scope.Code;
        if (!code.IsTarget && code.Count > 0)
        {
            Instruction last = code[code.Count - 1];
            if (last.Op == OpCode.LoadNil && last.A <= from && from <= last.B + 1)
            {
                code.SetB(code.Count - 1, Math.Max(last.B, from + count - 1));
                return;
            }
        }
        code.Write(OpCode.LoadNil, from, from + count - 1, 0);
    }

    public static void WriteReturn(FunctionScope scope, int first, int count) => scope.Code.Write(
        count switch { 0 => OpCode.Return0, 1 => OpCode.Return1, _ => OpCode.Return },
        first,
        count + 1,
        0);

    /// <summary>Into a certain register; tests that left early get there as well, with true or false or what they tested.</summary>
    public static void ToRegister(FunctionScope scope, ref Expression e, int register)
    {
        CodeBuffer code = scope.Code;
        ToPlainRegister(scope, ref e, register);
        if (e.Kind == ExpressionKind.Jump)
        {
            code.Join(ref e.WhenTrue, JumpList.Of(e.Info));
        }
        if (e.HasJumps)
        {
            int whenFalse = -1;
            int whenTrue = -1;
            if (code.NeedsValue(e.WhenTrue) || code.NeedsValue(e.WhenFalse))
            {
                JumpList over = e.Kind == ExpressionKind.Jump ? JumpList.None : code.Jump();
                code.Label();
                whenFalse = code.Write(OpCode.LoadBool, register, 0, 1);
                code.Label();
                whenTrue = code.Write(OpCode.LoadBool, register, 1, 0);
                code.PatchToHere(over);
            }
            int end = code.Label();
            code.PatchTo(e.WhenFalse, end, register, whenFalse);
            code.PatchTo(e.WhenTrue, end, register, whenTrue);
        }
        e = new Expression(ExpressionKind.Register, register);
    }

    /// <summary>Into some register, but for the outcome of a test.</summary>
    public static void ToSomeRegister(FunctionScope scope, ref Expression e)
    {
        if (e.Kind != ExpressionKind.Register)
        {
            scope.Reserve(1);
            ToPlainRegister(scope, ref e, scope.FreeRegister - 1);
        }
    }

    private static void ToPlainRegister(FunctionScope scope, ref Expression e, int register)
    {
        Discharge(scope, ref e);
        CodeBuffer code = scope.Code;
        switch (e.Kind)
        {
            case ExpressionKind.Nil:
                WriteNil(scope, register, 1);
                break;
            case ExpressionKind.True or ExpressionKind.False:
                code.Write(OpCode.LoadBool, register, e.Kind == ExpressionKind.True ? 1 : 0, 0);
                break;
            case ExpressionKind.Number or ExpressionKind.Constant:
                code.Write(OpCode.LoadK, register, 0, ConstantOf(scope, e));
                break;
            case ExpressionKind.Pending:
                code.SetA(e.Info, register);
                break;
            case ExpressionKind.Register:
                if (register != e.Info)
                {
                    code.Write(OpCode.Move, register, 0, e.Info);
                }
                break;
            default:
                return;
        }
        e.Info = register;
        e.Kind = ExpressionKind.Register;
    }
}
