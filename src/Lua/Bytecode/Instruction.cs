namespace Bixbite.Lua.Bytecode;

/// <summary>
/// One instruction, eight bytes, whose fields are read without shifting:
///
///   | operation 8 | A 8 | B 16 | C 32, signed |
/// </summary>
public readonly struct Instruction
{
    public readonly OpCode Op;
    public readonly byte A;
    public readonly ushort B;
    public readonly int C;

    public Instruction(OpCode op, int a, int b, int c)
    {
        Op = op;
        A = (byte)a;
        B = (ushort)b;
        C = c;
    }

    public override string ToString() => $"{Op} {A} {B} {C}";
}
