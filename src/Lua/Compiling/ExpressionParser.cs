using Bixbite.Lua.Bytecode;

namespace Bixbite.Lua.Compiling;

/// <summary>Parses expressions by precedence, and writes their code.</summary>
internal sealed class ExpressionParser
{
    private const int UnaryPriority = 8;

    private readonly ParseContext _context;
    private readonly TableParser _tables;
    private readonly Action _parseBlock;

    /// <param name="context">Shared with the parser of statements.</param>
    /// <param name="parseBlock">Parses the body of a function.</param>
    public ExpressionParser(ParseContext context, Action parseBlock)
    {
        _context = context;
        _parseBlock = parseBlock;
        _tables = new TableParser(context, this);
    }

    private Lexer Lexer => _context.Lexer;

    private FunctionScope Function => _context.Function;

    public Expression Parse() => ParseOperators(0, out _);

    /// <summary>A list; all but the last are in registers.</summary>
    public int ParseList(out Expression last)
    {
        int count = 1;
        last = Parse();
        while (_context.TryTake((TokenKind)','))
        {
            ExpressionCode.ToNextRegister(Function, ref last);
            last = Parse();
            count++;
        }
        return count;
    }

    /// <summary>A variable, a call, or an expression in parentheses, with all that follows it.</summary>
    public Expression ParsePrimary()
    {
        Expression e = ParsePrefix();
        while (true)
        {
            switch (_context.Kind)
            {
                case (TokenKind)'.':
                    ParseField(ref e);
                    break;
                case (TokenKind)'[':
                    ExpressionCode.ToAnyRegister(Function, ref e);
                    Expression key = ParseKey();
                    ExpressionCode.ToIndexed(Function, ref e, ref key);
                    break;
                case (TokenKind)':':
                    Lexer.Next();
                    ExpressionCode.ToMethod(Function, ref e, _context.TakeName());
                    ParseArguments(ref e);
                    break;
                case (TokenKind)'(' or TokenKind.String or (TokenKind)'{':
                    ExpressionCode.ToNextRegister(Function, ref e);
                    ParseArguments(ref e);
                    break;
                default:
                    return e;
            }
        }
    }

    public void ParseField(ref Expression e)
    {
        ExpressionCode.ToAnyRegister(Function, ref e);
        Lexer.Next();
        Expression key = NameConstant();
        ExpressionCode.ToIndexed(Function, ref e, ref key);
    }

    /// <summary>A key in brackets.</summary>
    public Expression ParseKey()
    {
        Lexer.Next();
        Expression key = Parse();
        ExpressionCode.ToValue(Function, ref key);
        _context.Take((TokenKind)']');
        return key;
    }

    public Expression NameConstant() => new(ExpressionKind.Constant, Function.Code.ConstantOf(_context.TakeName()));

    /// <summary>Parameters and body of a function.</summary>
    public Expression ParseFunction(bool isMethod, int line)
    {
        _context.OpenFunction(line);
        _context.Take((TokenKind)'(');
        if (isMethod)
        {
            _context.Declare("self");
            Function.Activate(1);
        }
        ParseParameters();
        int parameterCount = Function.ActiveCount;
        _context.Take((TokenKind)')');
        _parseBlock();
        _context.TakeMatch(TokenKind.End, TokenKind.Function, line);
        Prototype child = _context.CloseFunction(parameterCount);
        FunctionScope function = Function;
        return new Expression(ExpressionKind.Pending, function.Code.Write(OpCode.Closure, 0, 0, function.AddChild(child)));
    }

    private void ParseParameters()
    {
        int count = 0;
        if (_context.Kind != (TokenKind)')')
        {
            do
            {
                if (_context.Kind == TokenKind.Name)
                {
                    Function.Declare(_context.TakeName());
                }
                else if (_context.TryTake(TokenKind.Dots))
                {
                    _context.Declare("arg");
                    Function.VarArgs = VarArgKind.Table;
                }
                else
                {
                    throw Lexer.SyntaxError("<name> or '...' expected");
                }
                count++;
            }
            while (Function.VarArgs == VarArgKind.None && _context.TryTake((TokenKind)','));
        }
        Function.Activate(count);
        Function.Reserve(Function.ActiveCount);
    }

    private Expression ParsePrefix()
    {
        switch (_context.Kind)
        {
            case (TokenKind)'(':
                int line = Lexer.Line;
                Lexer.Next();
                Expression inner = Parse();
                _context.TakeMatch((TokenKind)')', (TokenKind)'(', line);
                ExpressionCode.Discharge(Function, ref inner);
                return inner;
            case TokenKind.Name:
                return Function.Resolve(_context.TakeName());
            default:
                throw Lexer.SyntaxError("unexpected symbol");
        }
    }

    private void ParseArguments(ref Expression function)
    {
        int line = Lexer.Line;
        Expression last = new(ExpressionKind.None);
        switch (_context.Kind)
        {
            case (TokenKind)'(':
                if (line != Lexer.LastLine)
                {
                    throw Lexer.SyntaxError("ambiguous syntax (function call x new statement)");
                }
                Lexer.Next();
                if (_context.Kind != (TokenKind)')')
                {
                    ParseList(out last);
                    ExpressionCode.ToValues(Function, last, -1);
                }
                _context.TakeMatch((TokenKind)')', (TokenKind)'(', line);
                break;
            case (TokenKind)'{':
                last = _tables.Parse();
                break;
            case TokenKind.String:
                last = StringConstant();
                Lexer.Next();
                break;
            default:
                throw Lexer.SyntaxError("function arguments expected");
        }
        WriteCall(ref function, last, line);
    }

    private void WriteCall(ref Expression function, Expression last, int line)
    {
        int register = function.Info;
        int argumentCount = -1;
        if (!last.HasManyValues)
        {
            if (last.Kind != ExpressionKind.None)
            {
                ExpressionCode.ToNextRegister(Function, ref last);
            }
            argumentCount = Function.FreeRegister - (register + 1);
        }
        int call = Function.Code.Write(OpCode.Call, register, argumentCount + 1, 2);
        Function.Code.SetLine(call, line);
        function = new Expression(ExpressionKind.Call, call);
        Function.FreeRegister = register + 1;
    }

    private Expression ParseOperators(int limit, out TokenKind next)
    {
        _context.EnterLevel();
        Expression e;
        TokenKind sign = _context.Kind;
        if (sign is TokenKind.Not or (TokenKind)'-' or (TokenKind)'#')
        {
            Lexer.Next();
            e = ParseOperators(UnaryPriority, out _);
            OperatorCode.Prefix(Function, sign, ref e);
        }
        else
        {
            e = ParseSimple();
        }
        sign = _context.Kind;
        while (LeftPriority(sign) > limit)
        {
            Lexer.Next();
            OperatorCode.Left(Function, sign, ref e);
            Expression right = ParseOperators(RightPriority(sign), out TokenKind following);
            OperatorCode.Right(Function, sign, ref e, ref right);
            sign = following;
        }
        _context.LeaveLevel();
        next = sign;
        return e;
    }

    private static int LeftPriority(TokenKind sign) => sign switch
    {
        (TokenKind)'^' => 10,
        (TokenKind)'*' or (TokenKind)'/' or (TokenKind)'%' => 7,
        (TokenKind)'+' or (TokenKind)'-' => 6,
        TokenKind.Concat => 5,
        (TokenKind)'<' or (TokenKind)'>' or TokenKind.LessEqual or TokenKind.GreaterEqual or TokenKind.Equal or TokenKind.NotEqual => 3,
        TokenKind.And => 2,
        TokenKind.Or => 1,
        _ => 0,
    };

    /// <summary>Lower than on the left where the operator binds to the right.</summary>
    private static int RightPriority(TokenKind sign) =>
        sign is (TokenKind)'^' or TokenKind.Concat ? LeftPriority(sign) - 1 : LeftPriority(sign);

    private Expression StringConstant() => new(ExpressionKind.Constant, Function.Code.ConstantOf(Lexer.Token.Text!));

    private Expression ParseSimple()
    {
        Expression e;
        switch (_context.Kind)
        {
            case TokenKind.Number:
                e = new Expression(ExpressionKind.Number) { Number = Lexer.Token.Number };
                break;
            case TokenKind.String:
                e = StringConstant();
                break;
            case TokenKind.Nil:
                e = new Expression(ExpressionKind.Nil);
                break;
            case TokenKind.True:
                e = new Expression(ExpressionKind.True);
                break;
            case TokenKind.False:
                e = new Expression(ExpressionKind.False);
                break;
            case TokenKind.Dots:
                if (Function.VarArgs == VarArgKind.None)
                {
                    throw Lexer.SyntaxError("cannot use '...' outside a vararg function");
                }
                Function.VarArgs = VarArgKind.Dots;
                e = new Expression(ExpressionKind.VarArg, Function.Code.Write(OpCode.VarArg, 0, 2, 0));
                break;
            case (TokenKind)'{':
                return _tables.Parse();
            case TokenKind.Function:
                Lexer.Next();
                return ParseFunction(isMethod: false, Lexer.Line);
            default:
                return ParsePrimary();
        }
        Lexer.Next();
        return e;
    }
}
