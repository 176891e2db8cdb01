using Bixbite.Lua.Values;

namespace Bixbite.Lua.Running;

/// <summary>The parts of a table's entries that do not keep their objects alive.</summary>
[Flags]
internal enum WeakKinds
{
    None = 0,
    Keys = 1,
    Values = 2,
}

/// <summary>The weak tables that a measurement met. When it has seen everything, they lose entries whose objects it did not see.</summary>
internal sealed class WeakTables(LuaMachine machine)
{
    /// <summary>Entries that are looked at together.</summary>
    private const int ChunkSize = 512;

    private readonly List<(LuaTable Table, WeakKinds Kinds)> _tables = [];
    private int _table;
    private int _entry;

    public int Count => _tables.Count;

    /// <summary>The letters k and v in the field <c>__mode</c> of a table's metatable.</summary>
    public WeakKinds KindsOf(LuaTable table)
    {
        if (table.Metatable is null || machine.Events.Find(table.Metatable, MetaEvent.Mode).Object is not LuaString mode)
        {
            return WeakKinds.None;
        }
        return (mode.Span.Contains((byte)'k') ? WeakKinds.Keys : WeakKinds.None)
            | (mode.Span.Contains((byte)'v') ? WeakKinds.Values : WeakKinds.None);
    }

    public void Add(LuaTable table, WeakKinds kinds) => _tables.Add((table, kinds));

    public void Clear()
    {
        _tables.Clear();
        _table = 0;
        _entry = 0;
    }

    /// <summary>Drops entries whose objects do not have the mark, until so much work is done. True at the end.</summary>
    public bool TryDrop(int mark, ref long work)
    {
        while (_table < _tables.Count)
        {
            if (work <= 0)
            {
                return false;
            }
            (LuaTable table, WeakKinds kinds) = _tables[_table];
            Span<LuaValue> array = table.ArrayPart;
            Span<TableNode> nodes = table.NodePart;
            int count = array.Length + nodes.Length;
            int end = Math.Min(_entry + ChunkSize, count);
            work -= end - _entry + 1;
            for (; _entry < end; _entry++)
            {
                if (_entry < array.Length)
                {
                    Drop(ref array[_entry], kinds, mark);
                }
                else
                {
                    Drop(ref nodes[_entry - array.Length], kinds, mark);
                }
            }
            if (_entry >= count)
            {
                _table++;
                _entry = 0;
            }
        }
        return true;
    }

    private static void Drop(ref LuaValue element, WeakKinds kinds, int mark)
    {
        if (kinds.HasFlag(WeakKinds.Values) && IsLost(element, mark))
        {
            element = LuaValue.Nil;
        }
    }

    /// <summary>A lost key is replaced, so that it is no longer held; nobody can ask for it.</summary>
    private static void Drop(ref TableNode node, WeakKinds kinds, int mark)
    {
        bool isKeyLost = kinds.HasFlag(WeakKinds.Keys) && IsLost(node.Key, mark);
        if (isKeyLost)
        {
            node.Key = LuaConstant.Lost;
        }
        if (isKeyLost || (kinds.HasFlag(WeakKinds.Values) && IsLost(node.Value, mark)))
        {
            node.Value = LuaValue.Nil;
        }
    }

    private static bool IsLost(LuaValue value, int mark) =>
        value.Object is { } held and not (LuaConstant or LuaString) && held.Mark != mark && held.Mark != LuaObject.Uncounted;
}
