using Bixbite.Lua.Values;

namespace Bixbite.Lua.Bytecode;

/// <summary>A compiled function: what its closures share. It does not change, unless its lines are followed.</summary>
public sealed class Prototype
{
    public required Instruction[] Code { get; init; }

    public required LuaValue[] Constants { get; init; }

    public required Prototype[] Children { get; init; }

    /// <summary>Where a new closure takes its upvalues from.</summary>
    public required UpvalueSource[] Upvalues { get; init; }

    public required DebugFacts Debug { get; init; }

    /// <summary>Named parameters, and the one that <c>arg</c> takes.</summary>
    public required int ParameterCount { get; init; }

    public required VarArgKind VarArgs { get; init; }

    /// <summary>Of a function with variable arguments: the parameters that it names. A chunk names none.</summary>
    internal int NamedCount => Debug.LineDefined != 0 ? ParameterCount - 1 : ParameterCount;

    /// <summary>Registers, of which there are always two more than a call needs.</summary>
    public required int StackSize { get; init; }

    /// <summary>Bytes of this function without its children.</summary>
    internal long Bytes => 200 + 8L * Code.Length + 16L * Constants.Length + 4L * Debug.Lines.Length + 40L * Debug.Locals.Length;

    internal int Mark { get; set; }

    /// <summary>Runs in the place of the code while its lines are followed; null nearly always.</summary>
    internal Instruction[]? Traced { get; set; }

    /// <summary>The first instruction that is followed.</summary>
    internal int FirstTracedPc { get; set; }
}

/// <summary>Names and lines, which only errors ask for.</summary>
/// <param name="Source">The chunk's name as it was given.</param>
/// <param name="ChunkName">As messages show it.</param>
/// <param name="LineDefined">0 for a chunk.</param>
/// <param name="Lines">The line of each instruction.</param>
/// <param name="Locals">In the order in which they become visible.</param>
/// <param name="UpvalueNames">One for each upvalue.</param>
public sealed record DebugFacts(
    LuaString Source, string ChunkName, int LineDefined, int[] Lines, LocalVariable[] Locals, LuaString[] UpvalueNames);

/// <summary>A local variable and the instructions at which it is visible, the second not included.</summary>
public readonly record struct LocalVariable(LuaString Name, int Start, int End);

/// <summary>A register of the enclosing function, or an upvalue of it.</summary>
public readonly record struct UpvalueSource(bool IsRegister, int Index);

/// <summary>How a function takes more arguments than it names.</summary>
public enum VarArgKind : byte
{
    None,

    /// <summary>It uses the three dots.</summary>
    Dots,

    /// <summary>It has the three dots as a parameter and never uses them: they are in the table <c>arg</c>, as in Lua 5.0.</summary>
    Table,
}
