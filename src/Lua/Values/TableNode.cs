namespace Bixbite.Lua.Values;

/// <summary>A place of a table's hash part. An empty one has the key nil; one whose entry was removed keeps its key.</summary>
internal struct TableNode
{
    public const int OwnBytes = 40;

    public LuaValue Key;
    public LuaValue Value;

    /// <summary>The next place of the chain and the one before; -1 where there is none.</summary>
    public int Next;
    public int Previous;

    public static TableNode Empty => new() { Key = LuaValue.Nil, Value = LuaValue.Nil, Next = -1, Previous = -1 };
}
