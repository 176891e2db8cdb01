using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>Parses statements, and writes their code.</summary>
internal sealed class StatementParser
{
    private readonly ParseContext _context;
    private readonly ExpressionParser _expressions;

    public StatementParser(ParseContext context)
    {
        _context = context;
        _expressions = new ExpressionParser(context, ParseStatements);
    }

    private Lexer Lexer => _context.Lexer;

    private FunctionScope Function => _context.Function;

    /// <summary>The whole source.</summary>
    public Prototype ParseChunk()
    {
        _context.OpenFunction(0);
        Function.VarArgs = VarArgKind.Dots;
        Lexer.Next();
        ParseStatements();
        _context.Check(TokenKind.EndOfSource);
        return _context.CloseFunction(0);
    }

    private bool IsBlockEnd => _context.Kind
        is TokenKind.Else or TokenKind.ElseIf or TokenKind.End or TokenKind.Until or TokenKind.EndOfSource;

    private void ParseStatements()
    {
        _context.EnterLevel();
        bool isLast = false;
        while (!isLast && !IsBlockEnd)
        {
            isLast = ParseStatement();
            _context.TryTake((TokenKind)';');
            Function.FreeRegister = Function.ActiveCount;
        }
        _context.LeaveLevel();
    }

    private void ParseBlock()
    {
        Function.Enter(isLoop: false);
        ParseStatements();
        Function.Leave();
    }

    /// <summary>True if no statement may follow.</summary>
    private bool ParseStatement()
    {
        int line = Lexer.Line;
        switch (_context.Kind)
        {
            case TokenKind.If:
                ParseIf(line);
                return false;
            case TokenKind.While:
                ParseWhile(line);
                return false;
            case TokenKind.Do:
                Lexer.Next();
                ParseBlock();
                _context.TakeMatch(TokenKind.End, TokenKind.Do, line);
                return false;
            case TokenKind.For:
                ParseFor(line);
                return false;
            case TokenKind.Repeat:
                ParseRepeat(line);
                return false;
            case TokenKind.Function:
                ParseFunction(line);
                return false;
            case TokenKind.Local:
                Lexer.Next();
                if (_context.TryTake(TokenKind.Function))
                {
                    ParseLocalFunction();
                }
                else
                {
                    ParseLocal();
                }
                return false;
            case TokenKind.Return:
                ParseReturn();
                return true;
            case TokenKind.Break:
                Lexer.Next();
                WriteBreak();
                return true;
            default:
                ParseCallOrAssignment();
                return false;
        }
    }

    /// <summary>A condition; the jumps that are taken where it does not hold.</summary>
    private JumpList ParseCondition()
    {
        Expression e = _expressions.Parse();
        if (e.Kind == ExpressionKind.Nil)
        {
            e.Kind = ExpressionKind.False;
        }
        OperatorCode.GoIfTrue(Function, ref e);
        return e.WhenFalse;
    }

    private void ParseIf(int line)
    {
        CodeBuffer code = Function.Code;
        JumpList toEnd = JumpList.None;
        JumpList toNext = ParseThen();
        while (_context.Kind == TokenKind.ElseIf)
        {
            code.Join(ref toEnd, code.Jump());
            code.PatchToHere(toNext);
            toNext = ParseThen();
        }
        if (_context.Kind == TokenKind.Else)
        {
            code.Join(ref toEnd, code.Jump());
            code.PatchToHere(toNext);
            Lexer.Next();
            ParseBlock();
        }
        else
        {
            code.Join(ref toEnd, toNext);
        }
        code.PatchToHere(toEnd);
        _context.TakeMatch(TokenKind.End, TokenKind.If, line);
    }

    private JumpList ParseThen()
    {
        Lexer.Next();
        JumpList leave = ParseCondition();
        _context.Take(TokenKind.Then);
        ParseBlock();
        return leave;
    }

    private void ParseWhile(int line)
    {
        Lexer.Next();
        CodeBuffer code = Function.Code;
        int start = code.Label();
        JumpList leave = ParseCondition();
        Function.Enter(isLoop: true);
        _context.Take(TokenKind.Do);
        ParseBlock();
        code.JumpBack(start);
        _context.TakeMatch(TokenKind.End, TokenKind.While, line);
        Function.Leave();
        code.PatchToHere(leave);
    }

    private void ParseRepeat(int line)
    {
        CodeBuffer code = Function.Code;
        int start = code.Label();
        Function.Enter(isLoop: true);
        Function.Enter(isLoop: false);
        Scope inner = Function.Block!;
        Lexer.Next();
        ParseStatements();
        _context.TakeMatch(TokenKind.Until, TokenKind.Repeat, line);
        JumpList again = ParseCondition();
        if (inner.HasUpvalue)
        {
            WriteBreak();
            code.PatchToHere(again);
            Function.Leave();
            code.JumpBack(start);
        }
        else
        {
            Function.Leave();
            JumpList over = code.Jump();
            code.PatchToHere(again);
            code.JumpBack(start);
            code.PatchToHere(over);
        }
        Function.Leave();
    }

    private void WriteBreak()
    {
        bool hasUpvalue = false;
        Scope? block = Function.Block;
        while (block is not null && !block.IsLoop)
        {
            hasUpvalue |= block.HasUpvalue;
            block = block.Outer;
        }
        if (block is null)
        {
            throw Lexer.SyntaxError("no loop to break");
        }
        CodeBuffer code = Function.Code;
        if (hasUpvalue)
        {
            code.Write(OpCode.Close, block.FirstLocal, 0, 0);
        }
        JumpList breaks = block.Breaks;
        code.Join(ref breaks, code.Jump());
        block.Breaks = breaks;
    }

    private void ParseFor(int line)
    {
        Function.Enter(isLoop: true);
        Lexer.Next();
        LuaString name = _context.TakeName();
        switch (_context.Kind)
        {
            case (TokenKind)'=':
                ParseNumericFor(name, line);
                break;
            case (TokenKind)',' or TokenKind.In:
                ParseGenericFor(name);
                break;
            default:
                throw Lexer.SyntaxError("'=' or 'in' expected");
        }
        _context.TakeMatch(TokenKind.End, TokenKind.For, line);
        Function.Leave();
    }

    private void ParseNumericFor(LuaString name, int line)
    {
        int register = Function.FreeRegister;
        _context.Declare("(for index)");
        _context.Declare("(for limit)");
        _context.Declare("(for step)");
        Function.Declare(name);
        _context.Take((TokenKind)'=');
        ParseToNextRegister();
        _context.Take((TokenKind)',');
        ParseToNextRegister();
        if (_context.TryTake((TokenKind)','))
        {
            ParseToNextRegister();
        }
        else
        {
            Expression one = new(ExpressionKind.Number) { Number = 1 };
            ExpressionCode.ToNextRegister(Function, ref one);
        }
        Function.Activate(3);
        _context.Take(TokenKind.Do);
        CodeBuffer code = Function.Code;
        int prepare = code.Write(OpCode.ForPrep, register, 0, 0);
        ParseLoopBody(1);
        int label = code.Label();
        int step = code.Write(OpCode.ForLoop, register, 0, prepare - label);
        code.SetLine(step, line);
        code.SetC(prepare, step - prepare - 1);
    }

    private void ParseGenericFor(LuaString name)
    {
        int register = Function.FreeRegister;
        _context.Declare("(for generator)");
        _context.Declare("(for state)");
        _context.Declare("(for control)");
        Function.Declare(name);
        int count = 1;
        while (_context.TryTake((TokenKind)','))
        {
            Function.Declare(_context.TakeName());
            count++;
        }
        _context.Take(TokenKind.In);
        int line = Lexer.Line;
        int valueCount = _expressions.ParseList(out Expression last);
        Adjust(3, valueCount, ref last);
        Function.CheckStack(3);
        Function.Activate(3);
        _context.Take(TokenKind.Do);
        CodeBuffer code = Function.Code;
        JumpList start = code.Jump();
        int body = code.Count;
        ParseLoopBody(count);
        code.PatchToHere(start);
        int call = code.Write(OpCode.TForCall, register, 0, count);
        code.SetLine(call, line);
        int test = code.Write(OpCode.TForLoop, register, 0, 0);
        code.SetC(test, body - test - 1);
    }

    private void ParseLoopBody(int count)
    {
        Function.Enter(isLoop: false);
        Function.Activate(count);
        Function.Reserve(count);
        ParseBlock();
        Function.Leave();
    }

    private void ParseToNextRegister()
    {
        Expression e = _expressions.Parse();
        ExpressionCode.ToNextRegister(Function, ref e);
    }

    private void ParseFunction(int line)
    {
        Lexer.Next();
        Expression variable = Function.Resolve(_context.TakeName());
        bool isMethod = false;
        while (_context.Kind == (TokenKind)'.')
        {
            _expressions.ParseField(ref variable);
        }
        if (_context.Kind == (TokenKind)':')
        {
            isMethod = true;
            _expressions.ParseField(ref variable);
        }
        Expression body = _expressions.ParseFunction(isMethod, line);
        ExpressionCode.Store(Function, variable, ref body);
        Function.Code.SetLine(Function.Code.Count - 1, line);
    }

    private void ParseLocalFunction()
    {
        Function.Declare(_context.TakeName());
        Expression variable = new(ExpressionKind.Local, Function.FreeRegister);
        Function.Reserve(1);
        Function.Activate(1);
        Expression body = _expressions.ParseFunction(isMethod: false, Lexer.Line);
        ExpressionCode.Store(Function, variable, ref body);
        Function.StartNewestHere();
    }

    private void ParseLocal()
    {
        int count = 0;
        do
        {
            Function.Declare(_context.TakeName());
            count++;
        }
        while (_context.TryTake((TokenKind)','));
        int valueCount = 0;
        Expression last = new(ExpressionKind.None);
        if (_context.TryTake((TokenKind)'='))
        {
            valueCount = _expressions.ParseList(out last);
        }
        Adjust(count, valueCount, ref last);
        Function.Activate(count);
    }

    /// <summary>Makes so many values out of a list.</summary>
    private void Adjust(int wanted, int given, ref Expression last)
    {
        int missing = wanted - given;
        if (last.HasManyValues)
        {
            missing = Math.Max(missing + 1, 0);
            ExpressionCode.ToValues(Function, last, missing);
            if (missing > 1)
            {
                Function.Reserve(missing - 1);
            }
            return;
        }
        if (last.Kind != ExpressionKind.None)
        {
            ExpressionCode.ToNextRegister(Function, ref last);
        }
        if (missing > 0)
        {
            int register = Function.FreeRegister;
            Function.Reserve(missing);
            ExpressionCode.WriteNil(Function, register, missing);
        }
    }

    private void ParseReturn()
    {
        Lexer.Next();
        if (IsBlockEnd || _context.Kind == (TokenKind)';')
        {
            ExpressionCode.WriteReturn(Function, 0, 0);
            return;
        }
        int count = _expressions.ParseList(out Expression last);
        CodeBuffer code = Function.Code;
        if (last.HasManyValues)
        {
            ExpressionCode.ToValues(Function, last, -1);
            if (last.Kind == ExpressionKind.Call && count == 1)
            {
                Instruction call = code[last.Info];
                code[last.Info] = new Instruction(OpCode.TailCall, call.A, call.B, call.C);
            }
            ExpressionCode.WriteReturn(Function, Function.ActiveCount, -1);
        }
        else if (count == 1)
        {
            int register = ExpressionCode.ToAnyRegister(Function, ref last);
            ExpressionCode.WriteReturn(Function, register, 1);
        }
        else
        {
            ExpressionCode.ToNextRegister(Function, ref last);
            ExpressionCode.WriteReturn(Function, Function.ActiveCount, count);
        }
    }

    private void ParseCallOrAssignment()
    {
        Expression e = _expressions.ParsePrimary();
        if (e.Kind == ExpressionKind.Call)
        {
            Function.Code.SetC(e.Info, 1);
            return;
        }
        List<Expression> targets = [e];
        CheckAssignable(e);
        while (_context.TryTake((TokenKind)','))
        {
            Expression next = _expressions.ParsePrimary();
            if (next.Kind == ExpressionKind.Local)
            {
                AvoidConflict(targets, next);
            }
            Function.CheckLimit(targets.Count, ParseContext.LevelsMax - _context.Levels, "variables in assignment");
            CheckAssignable(next);
            targets.Add(next);
        }
        _context.Take((TokenKind)'=');
        int given = _expressions.ParseList(out Expression last);
        int rest = targets.Count - 1;
        if (given == targets.Count)
        {
            ExpressionCode.ToOneValue(Function, ref last);
            ExpressionCode.Store(Function, targets[rest--], ref last);
        }
        else
        {
            Adjust(targets.Count, given, ref last);
            Function.FreeRegister -= Math.Max(given - targets.Count, 0);
        }
        for (; rest >= 0; rest--)
        {
            Expression value = new(ExpressionKind.Register, Function.FreeRegister - 1);
            ExpressionCode.Store(Function, targets[rest], ref value);
        }
    }

    private void CheckAssignable(in Expression e)
    {
        if (e.Kind is < ExpressionKind.Local or > ExpressionKind.Element)
        {
            throw Lexer.SyntaxError("syntax error");
        }
    }

    /// <summary>A local that an earlier target uses as table or key is assigned to: the target uses a copy.</summary>
    private void AvoidConflict(List<Expression> targets, in Expression local)
    {
        int copy = Function.FreeRegister;
        bool isUsed = false;
        for (int i = 0; i < targets.Count; i++)
        {
            Expression target = targets[i];
            if (target.Kind is not (ExpressionKind.Indexed or ExpressionKind.Field or ExpressionKind.Element))
            {
                continue;
            }
            if (target.Info == local.Info)
            {
                isUsed = true;
                target.Info = copy;
            }
            if (target.Kind == ExpressionKind.Indexed && target.Key == local.Info)
            {
                isUsed = true;
                target.Key = copy;
            }
            targets[i] = target;
        }
        if (isUsed)
        {
            Function.Code.Write(OpCode.Move, copy, 0, local.Info);
            Function.Reserve(1);
        }
    }
}
