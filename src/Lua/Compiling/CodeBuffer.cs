using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>The instructions, lines and constants of a function being compiled, and jumps whose targets become known later.</summary>
internal sealed class CodeBuffer(Lexer lexer)
{
    /// <summary>Stands for no register in an instruction whose register is chosen later.</summary>
    public const int NoRegister = 255;

    private readonly List<Instruction> _code = [];
    private readonly List<int> _lines = [];
    private readonly List<LuaValue> _constants = [];
    private readonly Dictionary<LuaString, int> _strings = [];
    private readonly Dictionary<double, int> _numbers = [];
    private readonly Dictionary<LuaObject, int> _others = [];
    private JumpList _jumpsHere = JumpList.None;
    private int _lastTarget = -1;

    public int Count => _code.Count;

    /// <summary>Whether a jump may lead to the next instruction, so that it must stay apart from the one before.</summary>
    public bool IsTarget => _code.Count <= _lastTarget;

    public Instruction this[int at]
    {
        get => _code[at];
        set => _code[at] = value;
    }

    public Instruction[] ToArray() => [.. _code];

    public int[] Lines() => [.. _lines];

    public LuaValue[] Constants() => [.. _constants];

    public int Write(OpCode op, int a, int b, int c)
    {
        PatchTo(_jumpsHere, _code.Count, NoRegister, _code.Count);
        _jumpsHere = JumpList.None;
        _code.Add(new Instruction(op, a, b, c));
        _lines.Add(lexer.LastLine);
        return _code.Count - 1;
    }

    /// <summary>Removes the last instruction.</summary>
    public void RemoveLast()
    {
        _code.RemoveAt(_code.Count - 1);
        _lines.RemoveAt(_lines.Count - 1);
    }

    public void SetA(int at, int a) => _code[at] = new Instruction(_code[at].Op, a, _code[at].B, _code[at].C);

    public void SetB(int at, int b) => _code[at] = new Instruction(_code[at].Op, _code[at].A, b, _code[at].C);

    public void SetC(int at, int c) => _code[at] = new Instruction(_code[at].Op, _code[at].A, _code[at].B, c);

    public void SetLine(int at, int line) => _lines[at] = line;

    public int ConstantOf(LuaString text)
    {
        if (!_strings.TryGetValue(text, out int index))
        {
            index = AddConstant(text);
            _strings.Add(text, index);
        }
        return index;
    }

    /// <summary>Zero and minus zero are one constant, as in Lua 5.1.</summary>
    public int ConstantOf(double number)
    {
        if (!_numbers.TryGetValue(number, out int index))
        {
            index = AddConstant(number);
            _numbers.Add(number, index);
        }
        return index;
    }

    /// <summary>The constant nil, true or false.</summary>
    public int ConstantOf(LuaValue word)
    {
        if (!_others.TryGetValue(word.Object!, out int index))
        {
            index = AddConstant(word);
            _others.Add(word.Object!, index);
        }
        return index;
    }

    /// <summary>The place of the next instruction, which a jump will lead to.</summary>
    public int Label()
    {
        _lastTarget = _code.Count;
        return _lastTarget;
    }

    /// <summary>A jump, together with those that would have led to it.</summary>
    public JumpList Jump()
    {
        JumpList here = _jumpsHere;
        _jumpsHere = JumpList.None;
        JumpList list = JumpList.Of(Write(OpCode.Jump, 0, 0, 0));
        Join(ref list, here);
        return list;
    }

    /// <summary>The way back to the start of a loop.</summary>
    public void JumpBack(int target)
    {
        int at = Write(OpCode.Loop, 0, 0, 0);
        SetC(at, target - at - 1);
    }

    /// <summary>A test and the jump that is taken where it succeeds.</summary>
    public JumpList Test(OpCode op, int a, int b, int c)
    {
        Write(op, a, b, c);
        return Jump();
    }

    public void Join(ref JumpList list, JumpList other)
    {
        if (other.IsEmpty)
        {
            return;
        }
        if (list.IsEmpty)
        {
            list = other;
            return;
        }
        SetC(list.Last, other.First - list.Last);
        list.Last = other.Last;
    }

    public void PatchToHere(JumpList list)
    {
        Label();
        Join(ref _jumpsHere, list);
    }

    public void Patch(JumpList list, int target)
    {
        if (target == _code.Count)
        {
            PatchToHere(list);
        }
        else
        {
            PatchTo(list, target, NoRegister, target);
        }
    }

    /// <summary>Jumps that carry a value lead to one place, with the value in a register; those that do not, to another.</summary>
    public void PatchTo(JumpList list, int withValue, int register, int without)
    {
        int at = list.First;
        while (at >= 0)
        {
            int next = at == list.Last ? -1 : at + _code[at].C;
            int target = GiveValue(at, register) ? withValue : without;
            SetC(at, target - at - 1);
            at = next;
        }
    }

    /// <summary>Whether some jump of the list does not carry a value.</summary>
    public bool NeedsValue(JumpList list)
    {
        for (int at = list.First; at >= 0; at = at == list.Last ? -1 : at + _code[at].C)
        {
            if (_code[Control(at)].Op != OpCode.TestSet)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>No jump of the list carries a value any more.</summary>
    public void RemoveValues(JumpList list)
    {
        for (int at = list.First; at >= 0; at = at == list.Last ? -1 : at + _code[at].C)
        {
            GiveValue(at, NoRegister);
        }
    }

    /// <summary>The instruction that decides about a jump: the test before it, or itself.</summary>
    public int Control(int jump) => jump > 0 && IsTest(_code[jump - 1].Op) ? jump - 1 : jump;

    private static bool IsTest(OpCode op) => op is (>= OpCode.Equal and <= OpCode.GreaterEqualK) or OpCode.Test or OpCode.TestSet;

    private bool GiveValue(int jump, int register)
    {
        int at = Control(jump);
        Instruction test = _code[at];
        if (test.Op != OpCode.TestSet)
        {
            return false;
        }
        _code[at] = register != NoRegister && register != test.B
            ? new Instruction(OpCode.TestSet, register, test.B, test.C)
            : new Instruction(OpCode.Test, test.B, 0, test.C);
        return true;
    }

    private int AddConstant(LuaValue value)
    {
        _constants.Add(value);
        return _constants.Count - 1;
    }
}
