namespace Bixbite.Lua.Bytecode;

/// <summary>
/// One instruction, eight bytes, which the interpreter reads at once and keeps in a register of the processor:
///
///   | operation 8 | A 8 | B 16 | C 32, signed |        the operation in the lowest bits
/// </summary>
public readonly struct Instruction
{
    private readonly ulong _word;

    public Instruction(OpCode op, int a, int b, int c)
    {
        _word = (byte)op | (ulong)(byte)a << 8 | (ulong)(ushort)b << 16 | (ulong)(uint)c << 32;
    }

    public OpCode Op => (OpCode)(byte)_word;

    public byte A => (byte)(_word >> 8);

    public ushort B => (ushort)(_word >> 16);

    public int C => (int)(_word >> 32);

    public override string ToString() => $"{Op} {A} {B} {C}";
}
