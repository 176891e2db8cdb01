namespace Bixbite.Lua.Compiling;

/// <summary>Where the value of an expression is, or how it is had; code for it is written as late as possible.</summary>
internal enum ExpressionKind
{
    /// <summary>No expression.</summary>
    None,
    Nil,
    True,
    False,

    /// <summary>A number, not among the constants yet.</summary>
    Number,

    /// <summary>Constant <c>Info</c>.</summary>
    Constant,

    /// <summary>The local variable in register <c>Info</c>.</summary>
    Local,
    Upvalue,

    /// <summary>The global named by constant <c>Info</c>.</summary>
    Global,

    /// <summary>The element of the table in register <c>Info</c> whose key is in register <c>Key</c>.</summary>
    Indexed,

    /// <summary>The same with the constant string <c>Key</c>.</summary>
    Field,

    /// <summary>The same with the whole number <c>Key</c>.</summary>
    Element,

    /// <summary>The outcome of a test, whose jump is instruction <c>Info</c>.</summary>
    Jump,

    /// <summary>The result of instruction <c>Info</c>, whose register is to be chosen.</summary>
    Pending,

    /// <summary>In register <c>Info</c>.</summary>
    Register,

    /// <summary>The results of the call that is instruction <c>Info</c>.</summary>
    Call,

    /// <summary>The variable arguments, by instruction <c>Info</c>.</summary>
    VarArg,
}

/// <summary>An expression that is being compiled, with the jumps that leave it early.</summary>
internal struct Expression
{
    public ExpressionKind Kind;
    public int Info;
    public int Key;
    public double Number;

    /// <summary>Jumps taken where it is true.</summary>
    public JumpList WhenTrue;

    /// <summary>Jumps taken where it is false.</summary>
    public JumpList WhenFalse;

    public Expression(ExpressionKind kind, int info = 0)
    {
        Kind = kind;
        Info = info;
        WhenTrue = JumpList.None;
        WhenFalse = JumpList.None;
    }

    public readonly bool HasJumps => !WhenTrue.IsEmpty || !WhenFalse.IsEmpty;

    /// <summary>A number that operations may be done with now.</summary>
    public readonly bool IsLiteralNumber => Kind == ExpressionKind.Number && !HasJumps;

    public readonly bool HasManyValues => Kind is ExpressionKind.Call or ExpressionKind.VarArg;

    public readonly bool IsConstant => !HasJumps
        && Kind is ExpressionKind.Nil or ExpressionKind.True or ExpressionKind.False or ExpressionKind.Number or ExpressionKind.Constant;
}

/// <summary>Jumps with the same target that is not known yet: each holds the distance to the next.</summary>
internal struct JumpList
{
    public int First;
    public int Last;

    public static JumpList None => new() { First = -1, Last = -1 };

    public readonly bool IsEmpty => First < 0;

    public static JumpList Of(int jump) => new() { First = jump, Last = jump };
}
