using Bixbite.Lua.Bytecode;

namespace Bixbite.Lua.Compiling;

/// <summary>Parses table constructors. Elements without a key are stored in blocks; the last one may take all values of a call.</summary>
internal sealed class TableParser(ParseContext context, ExpressionParser expressions)
{
    private const int BlockSize = 50;

    /// <summary>Elements so far, those of them that are in registers, and fields.</summary>
    private struct Contents
    {
        public int Register;
        public int ElementCount;
        public int WaitingCount;
        public int FieldCount;
        public Expression Last;
    }

    public Expression Parse()
    {
        FunctionScope function = context.Function;
        int line = context.Lexer.Line;
        int at = function.Code.Write(OpCode.NewTable, 0, 0, 0);
        Expression table = new(ExpressionKind.Pending, at);
        ExpressionCode.ToNextRegister(function, ref table);
        Contents contents = new() { Register = table.Info, Last = new Expression(ExpressionKind.None) };
        context.Take((TokenKind)'{');
        while (context.Kind != (TokenKind)'}')
        {
            StoreBlock(ref contents);
            ParseItem(ref contents);
            if (!context.TryTake((TokenKind)',') && !context.TryTake((TokenKind)';'))
            {
                break;
            }
        }
        context.TakeMatch((TokenKind)'}', (TokenKind)'{', line);
        StoreRest(ref contents);
        function.Code.SetB(at, Math.Min(contents.ElementCount, ushort.MaxValue));
        function.Code.SetC(at, contents.FieldCount);
        return table;
    }

    private void ParseItem(ref Contents contents)
    {
        switch (context.Kind)
        {
            case TokenKind.Name when context.Lexer.LookAhead() == (TokenKind)'=':
            case (TokenKind)'[':
                ParseField(ref contents);
                break;
            default:
                contents.Last = expressions.Parse();
                contents.ElementCount++;
                contents.WaitingCount++;
                break;
        }
    }

    private void ParseField(ref Contents contents)
    {
        FunctionScope function = context.Function;
        int register = function.FreeRegister;
        Expression key = context.Kind == TokenKind.Name ? expressions.NameConstant() : expressions.ParseKey();
        contents.FieldCount++;
        context.Take((TokenKind)'=');
        Expression target = new(ExpressionKind.Register, contents.Register);
        ExpressionCode.ToIndexed(function, ref target, ref key);
        Expression value = expressions.Parse();
        ExpressionCode.Store(function, target, ref value);
        function.FreeRegister = register;
    }

    private void StoreBlock(ref Contents contents)
    {
        if (contents.Last.Kind == ExpressionKind.None)
        {
            return;
        }
        ExpressionCode.ToNextRegister(context.Function, ref contents.Last);
        contents.Last = new Expression(ExpressionKind.None);
        if (contents.WaitingCount == BlockSize)
        {
            Write(ref contents, BlockSize);
        }
    }

    private void StoreRest(ref Contents contents)
    {
        if (contents.WaitingCount == 0)
        {
            return;
        }
        if (contents.Last.HasManyValues)
        {
            ExpressionCode.ToValues(context.Function, contents.Last, -1);
            Write(ref contents, 0);
            contents.ElementCount--;
            return;
        }
        if (contents.Last.Kind != ExpressionKind.None)
        {
            ExpressionCode.ToNextRegister(context.Function, ref contents.Last);
        }
        Write(ref contents, contents.WaitingCount);
    }

    /// <param name="contents">Its waiting elements are stored.</param>
    /// <param name="count">0 is all up to the top.</param>
    private void Write(ref Contents contents, int count)
    {
        FunctionScope function = context.Function;
        function.Code.Write(OpCode.SetList, contents.Register, count, contents.ElementCount - contents.WaitingCount);
        function.FreeRegister = contents.Register + 1;
        contents.WaitingCount = 0;
    }
}
