using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>The parsers' common state: the tokens, the function that is being compiled, and how deep the syntax nests.</summary>
internal sealed class ParseContext(Lexer lexer, LuaString name)
{
    /// <summary>Nested blocks, functions and expressions, each of which is a call of the parser.</summary>
    public const int LevelsMax = 200;

    private readonly string _chunkName = ChunkName.ForRunning(name.Span);
    private int _levels;

    public Lexer Lexer { get; } = lexer;

    public FunctionScope Function { get; private set; } = null!;

    public TokenKind Kind => Lexer.Token.Kind;

    public int Levels => _levels;

    public void EnterLevel()
    {
        if (++_levels > LevelsMax)
        {
            throw Lexer.Error("chunk has too many syntax levels");
        }
    }

    public void LeaveLevel() => _levels--;

    public void OpenFunction(int line) => Function = new FunctionScope(Function, Lexer, line);

    /// <summary>Ends the function and goes back to the one around it.</summary>
    public Prototype CloseFunction(int parameterCount)
    {
        FunctionScope function = Function;
        function.Deactivate(0);
        ExpressionCode.WriteReturn(function, 0, 0);
        Function = function.Outer!;
        return function.ToPrototype(name, _chunkName, parameterCount);
    }

    public bool TryTake(TokenKind kind)
    {
        if (Kind != kind)
        {
            return false;
        }
        Lexer.Next();
        return true;
    }

    public void Check(TokenKind kind)
    {
        if (Kind != kind)
        {
            throw Lexer.SyntaxError($"'{TokenText.Of(kind)}' expected");
        }
    }

    public void Take(TokenKind kind)
    {
        Check(kind);
        Lexer.Next();
    }

    /// <summary>Takes the token that closes what another opened on some line.</summary>
    public void TakeMatch(TokenKind kind, TokenKind opening, int line)
    {
        if (TryTake(kind))
        {
            return;
        }
        if (line == Lexer.Line)
        {
            throw Lexer.SyntaxError($"'{TokenText.Of(kind)}' expected");
        }
        throw Lexer.SyntaxError($"'{TokenText.Of(kind)}' expected (to close '{TokenText.Of(opening)}' at line {line})");
    }

    public LuaString TakeName()
    {
        Check(TokenKind.Name);
        LuaString name = Lexer.Token.Text!;
        Lexer.Next();
        return name;
    }

    public void Declare(string name) => Function.Declare(Lexer.Strings.Get(name));
}
