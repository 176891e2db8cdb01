using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>A function that is being compiled: its variables, blocks and registers.</summary>
internal sealed class FunctionScope
{
    private const int LocalsMax = 200;
    private const int UpvaluesMax = 60;
    private const int RegistersMax = 250;

    /// <summary>Registers that a function has at least, for the operands of metamethods.</summary>
    private const int RegistersMin = 2;

    private readonly Lexer _lexer;
    private readonly int _lineDefined;
    private readonly List<LocalVariable> _locals = [];
    private readonly List<int> _active = [];
    private readonly List<(LuaString Name, UpvalueSource Source)> _upvalues = [];
    private readonly List<Prototype> _children = [];
    private int _stackSize = RegistersMin;

    public FunctionScope(FunctionScope? outer, Lexer lexer, int lineDefined)
    {
        Outer = outer;
        _lexer = lexer;
        _lineDefined = lineDefined;
        Code = new CodeBuffer(lexer);
    }

    public FunctionScope? Outer { get; }

    public CodeBuffer Code { get; }

    public Scope? Block { get; private set; }

    /// <summary>The first register that holds nothing.</summary>
    public int FreeRegister { get; set; }

    public VarArgKind VarArgs { get; set; }

    /// <summary>Locals that are visible.</summary>
    public int ActiveCount { get; private set; }

    public Prototype ToPrototype(LuaString source, string chunkName, int parameterCount) => new()
    {
        Code = Code.ToArray(),
        Constants = Code.Constants(),
        Children = [.. _children],
        Upvalues = [.. _upvalues.Select(upvalue => upvalue.Source)],
        Debug = new DebugFacts(
            source, chunkName, _lineDefined, Code.Lines(), [.. _locals], [.. _upvalues.Select(upvalue => upvalue.Name)]),
        ParameterCount = parameterCount,
        VarArgs = VarArgs,
        StackSize = _stackSize,
    };

    public int AddChild(Prototype child)
    {
        _children.Add(child);
        return _children.Count - 1;
    }

    public void CheckLimit(int value, int limit, string what)
    {
        if (value > limit)
        {
            throw _lexer.Error(_lineDefined == 0
                ? $"main function has more than {limit} {what}"
                : $"function at line {_lineDefined} has more than {limit} {what}");
        }
    }

    public void CheckStack(int count)
    {
        int size = FreeRegister + count;
        if (size > _stackSize)
        {
            if (size >= RegistersMax)
            {
                throw _lexer.SyntaxError("function or expression too complex");
            }
            _stackSize = size;
        }
    }

    public void Reserve(int count)
    {
        CheckStack(count);
        FreeRegister += count;
    }

    /// <summary>Gives a register back, if it holds no variable.</summary>
    public void Free(int register)
    {
        if (register >= ActiveCount)
        {
            FreeRegister--;
        }
    }

    /// <summary>Declares a local, which becomes visible later.</summary>
    public void Declare(LuaString name)
    {
        CheckLimit(_active.Count + 1, LocalsMax, "local variables");
        _active.Add(_locals.Count);
        _locals.Add(new LocalVariable(name, 0, 0));
    }

    /// <summary>Makes declared locals visible.</summary>
    public void Activate(int count)
    {
        for (; count > 0; count--)
        {
            int at = _active[ActiveCount++];
            _locals[at] = _locals[at] with { Start = Code.Count };
        }
    }

    /// <summary>The newest local is visible from here only.</summary>
    public void StartNewestHere()
    {
        int at = _active[ActiveCount - 1];
        _locals[at] = _locals[at] with { Start = Code.Count };
    }

    public void Deactivate(int remaining)
    {
        while (ActiveCount > remaining)
        {
            int at = _active[--ActiveCount];
            _locals[at] = _locals[at] with { End = Code.Count };
            _active.RemoveAt(_active.Count - 1);
        }
    }

    /// <summary>The register of a visible local, or -1.</summary>
    public int FindLocal(LuaString name)
    {
        for (int i = ActiveCount - 1; i >= 0; i--)
        {
            if (_locals[_active[i]].Name.Equals(name))
            {
                return i;
            }
        }
        return -1;
    }

    /// <summary>A closure holds this local, so its block must close it.</summary>
    public void MarkUpvalue(int register)
    {
        Scope? block = Block;
        while (block is not null && block.FirstLocal > register)
        {
            block = block.Outer;
        }
        if (block is not null)
        {
            block.HasUpvalue = true;
        }
    }

    /// <summary>The variable with this name as seen here: local, upvalue, or a global.</summary>
    public Expression Resolve(LuaString name)
    {
        int register = FindLocal(name);
        if (register >= 0)
        {
            return new Expression(ExpressionKind.Local, register);
        }
        int upvalue = FindUpvalue(name);
        return upvalue >= 0
            ? new Expression(ExpressionKind.Upvalue, upvalue)
            : new Expression(ExpressionKind.Global, Code.ConstantOf(name));
    }

    public void Enter(bool isLoop) => Block = new Scope(Block, ActiveCount, isLoop);

    public void Leave()
    {
        Scope block = Block!;
        Block = block.Outer;
        Deactivate(block.FirstLocal);
        if (block.HasUpvalue)
        {
            Code.Write(OpCode.Close, block.FirstLocal, 0, 0);
        }
        FreeRegister = ActiveCount;
        Code.PatchToHere(block.Breaks);
    }

    /// <summary>The index of the upvalue with this name; -1 if no enclosing function has such a local.</summary>
    private int FindUpvalue(LuaString name)
    {
        if (Outer is null)
        {
            return -1;
        }
        int register = Outer.FindLocal(name);
        if (register >= 0)
        {
            Outer.MarkUpvalue(register);
            return IndexOf(name, new UpvalueSource(true, register));
        }
        int outer = Outer.FindUpvalue(name);
        return outer >= 0 ? IndexOf(name, new UpvalueSource(false, outer)) : -1;
    }

    private int IndexOf(LuaString name, UpvalueSource source)
    {
        int index = _upvalues.FindIndex(upvalue => upvalue.Source == source);
        if (index < 0)
        {
            CheckLimit(_upvalues.Count + 1, UpvaluesMax, "upvalues");
            index = _upvalues.Count;
            _upvalues.Add((name, source));
        }
        return index;
    }
}
