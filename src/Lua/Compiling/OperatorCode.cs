using Bixbite.Lua.Bytecode;

namespace Bixbite.Lua.Compiling;

/// <summary>Writes the code of operators. Arithmetic on two literal numbers is done at once.</summary>
internal static class OperatorCode
{
    private static readonly TokenKind[] s_orders = [(TokenKind)'<', TokenKind.LessEqual, (TokenKind)'>', TokenKind.GreaterEqual];

    /// <summary>An operator before its operand: minus, not, or the length.</summary>
    public static void Prefix(FunctionScope scope, TokenKind sign, ref Expression e)
    {
        switch (sign)
        {
            case TokenKind.Not:
                Not(scope, ref e);
                return;
            case (TokenKind)'-' when e.IsLiteralNumber && !double.IsNaN(-e.Number):
                e.Number = -e.Number;
                return;
            default:
                ExpressionCode.ToAnyRegister(scope, ref e);
                ExpressionCode.Release(scope, e);
                OpCode op = sign == (TokenKind)'-' ? OpCode.Unm : OpCode.Len;
                e = new Expression(ExpressionKind.Pending, scope.Code.Write(op, 0, e.Info, 0));
                return;
        }
    }

    /// <summary>The left operand is read and the operator is known.</summary>
    public static void Left(FunctionScope scope, TokenKind sign, ref Expression e)
    {
        switch (sign)
        {
            case TokenKind.And:
                GoIfTrue(scope, ref e);
                break;
            case TokenKind.Or:
                GoIfFalse(scope, ref e);
                break;
            case TokenKind.Concat:
                ExpressionCode.ToNextRegister(scope, ref e);
                break;
            case TokenKind.Equal or TokenKind.NotEqual:
                ExpressionCode.ToValue(scope, ref e);
                if (!e.IsConstant)
                {
                    ExpressionCode.ToAnyRegister(scope, ref e);
                }
                break;
            default:
                if (!e.IsLiteralNumber)
                {
                    ExpressionCode.ToAnyRegister(scope, ref e);
                }
                break;
        }
    }

    /// <summary>Both operands are read; the result is the left one.</summary>
    public static void Right(FunctionScope scope, TokenKind sign, ref Expression left, ref Expression right)
    {
        switch (sign)
        {
            case TokenKind.And:
                ExpressionCode.Discharge(scope, ref right);
                scope.Code.Join(ref right.WhenFalse, left.WhenFalse);
                left = right;
                break;
            case TokenKind.Or:
                ExpressionCode.Discharge(scope, ref right);
                scope.Code.Join(ref right.WhenTrue, left.WhenTrue);
                left = right;
                break;
            case TokenKind.Concat:
                Concat(scope, ref left, ref right);
                break;
            case TokenKind.Equal or TokenKind.NotEqual:
                Equality(scope, sign == TokenKind.Equal, ref left, ref right);
                break;
            case TokenKind.LessEqual or TokenKind.GreaterEqual or (TokenKind)'<' or (TokenKind)'>':
                Order(scope, sign, ref left, ref right);
                break;
            default:
                Arithmetic(scope, sign, ref left, ref right);
                break;
        }
    }

    /// <summary>Goes on where it is true; where it is false, jumps.</summary>
    public static void GoIfTrue(FunctionScope scope, ref Expression e)
    {
        CodeBuffer code = scope.Code;
        ExpressionCode.Discharge(scope, ref e);
        JumpList leave = JumpList.None;
        switch (e.Kind)
        {
            case ExpressionKind.True or ExpressionKind.Number or ExpressionKind.Constant:
                break;
            case ExpressionKind.Jump:
                InvertTest(code, e.Info);
                leave = JumpList.Of(e.Info);
                break;
            case ExpressionKind.False when !e.HasJumps:
                leave = code.Jump();
                break;
            default:
                leave = JumpOn(scope, ref e, 0);
                break;
        }
        code.Join(ref e.WhenFalse, leave);
        code.PatchToHere(e.WhenTrue);
        e.WhenTrue = JumpList.None;
    }

    private static void GoIfFalse(FunctionScope scope, ref Expression e)
    {
        CodeBuffer code = scope.Code;
        ExpressionCode.Discharge(scope, ref e);
        JumpList leave = e.Kind switch
        {
            ExpressionKind.Nil or ExpressionKind.False => JumpList.None,
            ExpressionKind.Jump => JumpList.Of(e.Info),
            _ => JumpOn(scope, ref e, 1),
        };
        code.Join(ref e.WhenTrue, leave);
        code.PatchToHere(e.WhenFalse);
        e.WhenFalse = JumpList.None;
    }

    private static JumpList JumpOn(FunctionScope scope, ref Expression e, int condition)
    {
        CodeBuffer code = scope.Code;
        if (e.Kind == ExpressionKind.Pending && code[e.Info].Op == OpCode.Not)
        {
            int operand = code[e.Info].B;
            code.RemoveLast();
            return code.Test(OpCode.Test, operand, 0, 1 - condition);
        }
        ExpressionCode.ToSomeRegister(scope, ref e);
        ExpressionCode.Release(scope, e);
        return code.Test(OpCode.TestSet, CodeBuffer.NoRegister, e.Info, condition);
    }

    private static void InvertTest(CodeBuffer code, int jump)
    {
        int at = code.Control(jump);
        Instruction test = code[at];
        code[at] = new Instruction(test.Op, 1 - test.A, test.B, test.C);
    }

    private static void Not(FunctionScope scope, ref Expression e)
    {
        CodeBuffer code = scope.Code;
        ExpressionCode.Discharge(scope, ref e);
        switch (e.Kind)
        {
            case ExpressionKind.Nil or ExpressionKind.False:
                e.Kind = ExpressionKind.True;
                break;
            case ExpressionKind.Constant or ExpressionKind.Number or ExpressionKind.True:
                e.Kind = ExpressionKind.False;
                break;
            case ExpressionKind.Jump:
                InvertTest(code, e.Info);
                break;
            default:
                ExpressionCode.ToSomeRegister(scope, ref e);
                ExpressionCode.Release(scope, e);
                e.Info = code.Write(OpCode.Not, 0, e.Info, 0);
                e.Kind = ExpressionKind.Pending;
                break;
        }
        (e.WhenTrue, e.WhenFalse) = (e.WhenFalse, e.WhenTrue);
        code.RemoveValues(e.WhenFalse);
        code.RemoveValues(e.WhenTrue);
    }

    /// <summary>A chain of concatenations is one instruction over all of its registers.</summary>
    private static void Concat(FunctionScope scope, ref Expression left, ref Expression right)
    {
        CodeBuffer code = scope.Code;
        ExpressionCode.ToValue(scope, ref right);
        if (right.Kind == ExpressionKind.Pending && code[right.Info].Op == OpCode.Concat)
        {
            ExpressionCode.Release(scope, left);
            code.SetB(right.Info, left.Info);
            left = new Expression(ExpressionKind.Pending, right.Info);
            return;
        }
        ExpressionCode.ToNextRegister(scope, ref right);
        scope.Free(right.Info);
        scope.Free(left.Info);
        left = new Expression(ExpressionKind.Pending, code.Write(OpCode.Concat, 0, left.Info, right.Info));
    }

    private static void Equality(FunctionScope scope, bool wanted, ref Expression left, ref Expression right)
    {
        ExpressionCode.ToValue(scope, ref right);
        if (left.IsConstant && !right.IsConstant)
        {
            (left, right) = (right, left);
        }
        WriteTest(scope, OpCode.Equal, OpCode.EqualK, wanted ? 1 : 0, ref left, ref right);
    }

    private static void Order(FunctionScope scope, TokenKind sign, ref Expression left, ref Expression right)
    {
        ExpressionCode.ToValue(scope, ref right);
        int order = Array.IndexOf(s_orders, sign);
        if (left.IsLiteralNumber && !right.IsConstant)
        {
            (left, right) = (right, left);
            order ^= 2;
        }
        if (right.IsLiteralNumber)
        {
            OpCode withConstant = order switch
            {
                0 => OpCode.LessK,
                1 => OpCode.LessEqualK,
                2 => OpCode.GreaterK,
                _ => OpCode.GreaterEqualK,
            };
            WriteTest(scope, withConstant, withConstant, 1, ref left, ref right);
            return;
        }
        ExpressionCode.ToAnyRegister(scope, ref right);
        if (order >= 2)
        {
            ExpressionCode.ToAnyRegister(scope, ref left);
            (left, right) = (right, left);
        }
        OpCode op = (order & 1) == 0 ? OpCode.Less : OpCode.LessEqual;
        WriteTest(scope, op, op, 1, ref left, ref right);
    }

    private static void WriteTest(
        FunctionScope scope, OpCode op, OpCode withConstant, int wanted, ref Expression left, ref Expression right)
    {
        CodeBuffer code = scope.Code;
        ExpressionCode.ToAnyRegister(scope, ref left);
        bool isConstant = right.IsConstant;
        int operand = isConstant ? ExpressionCode.ConstantOf(scope, right) : ExpressionCode.ToAnyRegister(scope, ref right);
        ExpressionCode.Release(scope, right);
        ExpressionCode.Release(scope, left);
        JumpList jump = code.Test(isConstant ? withConstant : op, wanted, left.Info, operand);
        left = new Expression(ExpressionKind.Jump, jump.First);
    }

    private static void Arithmetic(FunctionScope scope, TokenKind sign, ref Expression left, ref Expression right)
    {
        int operation = sign switch
        {
            (TokenKind)'+' => 0,
            (TokenKind)'-' => 1,
            (TokenKind)'*' => 2,
            (TokenKind)'/' => 3,
            (TokenKind)'%' => 4,
            _ => 5,
        };
        if (left.IsLiteralNumber && right.IsLiteralNumber && TryFold(operation, left.Number, right.Number, out double result))
        {
            left.Number = result;
            return;
        }
        bool isConstant = right.IsLiteralNumber;
        int operand = isConstant ? ExpressionCode.ConstantOf(scope, right) : ExpressionCode.ToAnyRegister(scope, ref right);
        ExpressionCode.ToAnyRegister(scope, ref left);
        ExpressionCode.Release(scope, right);
        ExpressionCode.Release(scope, left);
        var op = (OpCode)((int)(isConstant ? OpCode.AddK : OpCode.Add) + operation);
        left = new Expression(ExpressionKind.Pending, scope.Code.Write(op, 0, left.Info, operand));
    }

    private static bool TryFold(int operation, double left, double right, out double result)
    {
        result = 0;
        if (operation is 3 or 4 && right == 0)
        {
            return false;
        }
        result = operation switch
        {
            0 => left + right,
            1 => left - right,
            2 => left * right,
            3 => left / right,
            4 => LuaArithmetic.Modulo(left, right),
            _ => Math.Pow(left, right),
        };
        return !double.IsNaN(result);
    }
}
