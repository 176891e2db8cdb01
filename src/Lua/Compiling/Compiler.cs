using Bixbite.Lua.Bytecode;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>Compiles a chunk in one pass: code is written while the source is read; no tree is built and nothing deep is walked.</summary>
public static class Compiler
{
    /// <param name="source">The text; a chunk of byte code is no text and so a syntax error.</param>
    /// <param name="name">"=name" and "@name" are shown as they are, anything else as a quoted beginning of the source.</param>
    /// <param name="strings">The pool that names and constants are taken from.</param>
    /// <exception cref="LuaException">The source is no chunk.</exception>
    public static Prototype Compile(byte[] source, LuaString name, StringPool strings)
    {
        var lexer = new Lexer(source, name, strings);
        var context = new ParseContext(lexer, name);
        var statements = new StatementParser(context);
        return statements.ParseChunk();
    }
}
