namespace Bixbite.Lua.Bytecode;

/// <summary>
/// The operations. R is a register of the running function, K a constant of it, U an upvalue; RK(C) is R[C], or K[~C] where C is negative.
/// An operation that tests skips the jump that follows it where the test fails, and takes it where it succeeds.
/// </summary>
public enum OpCode : byte
{
    /// <summary>R[A] = R[C].</summary>
    Move,

    /// <summary>R[A] = K[C].</summary>
    LoadK,

    /// <summary>R[A] = B is not 0; skips the next instruction if C is not 0.</summary>
    LoadBool,

    /// <summary>R[A] to R[B] = nil.</summary>
    LoadNil,

    /// <summary>R[A] = U[B].</summary>
    GetUpvalue,

    /// <summary>U[B] = R[A].</summary>
    SetUpvalue,

    /// <summary>R[A] = globals[K[C]], a string.</summary>
    GetGlobal,

    /// <summary>globals[K[C]] = R[A].</summary>
    SetGlobal,

    /// <summary>R[A] = R[B][R[C]].</summary>
    GetTable,

    /// <summary>R[A] = R[B][K[C]], a string.</summary>
    GetField,

    /// <summary>R[A] = R[B][C], a whole number.</summary>
    GetInt,

    /// <summary>R[A][R[B]] = RK(C).</summary>
    SetTable,

    /// <summary>R[A][K[B]] = RK(C).</summary>
    SetField,

    /// <summary>R[A][B] = RK(C).</summary>
    SetInt,

    /// <summary>R[A] = a table with room for B array elements and C others.</summary>
    NewTable,

    /// <summary>R[A + 1] = R[B]; R[A] = R[B][K[C]].</summary>
    Self,

    /// <summary>R[A] = R[B] + R[C].</summary>
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Pow,

    /// <summary>R[A] = R[B] + K[C], a number.</summary>
    AddK,
    SubK,
    MulK,
    DivK,
    ModK,
    PowK,

    /// <summary>R[A] = -R[B].</summary>
    Unm,

    /// <summary>R[A] = not R[B].</summary>
    Not,

    /// <summary>R[A] = #R[B].</summary>
    Len,

    /// <summary>R[A] = R[B] .. to .. R[C].</summary>
    Concat,

    /// <summary>Goes on C instructions further.</summary>
    Jump,

    /// <summary>As a jump, and counts C instructions back as done; the way back of loops.</summary>
    Loop,

    /// <summary>Tests whether (R[B] == R[C]) is A.</summary>
    Equal,
    Less,
    LessEqual,

    /// <summary>Tests whether (R[B] == K[C]) is A.</summary>
    EqualK,

    /// <summary>Tests whether (R[B] &lt; K[C]) is A; the constant is a number.</summary>
    LessK,
    LessEqualK,
    GreaterK,
    GreaterEqualK,

    /// <summary>Tests whether the truth of R[A] is C.</summary>
    Test,

    /// <summary>Tests whether the truth of R[B] is C, and then R[A] = R[B].</summary>
    TestSet,

    /// <summary>
    /// Calls R[A] with the B - 1 arguments behind it (0: up to the top), for C - 1 results from R[A] on (0: all, and sets the top).
    /// </summary>
    Call,
    TailCall,

    /// <summary>Returns R[A] and B - 2 more (0: up to the top).</summary>
    Return,
    Return0,
    Return1,

    /// <summary>Prepares the loop over R[A] to R[A + 1] by R[A + 2] and jumps to its ForLoop.</summary>
    ForPrep,

    /// <summary>Steps; if the loop goes on, R[A + 3] is the number and the jump by C is taken.</summary>
    ForLoop,

    /// <summary>R[A + 3] and C - 1 more = R[A](R[A + 1], R[A + 2]).</summary>
    TForCall,

    /// <summary>If R[A + 3] is not nil, R[A + 2] = it, and the jump by C is taken.</summary>
    TForLoop,

    /// <summary>R[A][C + i] = R[A + i] for the B elements behind A (0: up to the top).</summary>
    SetList,

    /// <summary>Closes the upvalues from R[A] on.</summary>
    Close,

    /// <summary>R[A] = a closure of the child function C.</summary>
    Closure,

    /// <summary>R[A] and B - 2 more = the variable arguments (0: all, and sets the top).</summary>
    VarArg,

    /// <summary>Stands for another operation in a function that is traced.</summary>
    Trace,
}
