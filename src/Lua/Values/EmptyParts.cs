namespace Bixbite.Lua.Values;

/// <summary>
/// Empties parts of tables by copying from a part that is empty: one write barrier for all places is less than one for each.
/// </summary>
internal static class EmptyParts
{
    private const int CountAtOnce = 128;

    /// <summary>So many places are set one by one.</summary>
    private const int FewPlaces = 4;

    private static readonly LuaValue[] s_values = NewPart(LuaValue.Nil);
    private static readonly TableNode[] s_nodes = NewPart(TableNode.Empty);

    /// <summary>Sets values to nil.</summary>
    public static void Clear(Span<LuaValue> values)
    {
        if (values.Length <= FewPlaces)
        {
            foreach (ref LuaValue value in values)
            {
                value = LuaValue.Nil;
            }
            return;
        }
        Fill(values, s_values);
    }

    public static void Clear(Span<TableNode> nodes) => Fill(nodes, s_nodes);

    private static void Fill<T>(Span<T> part, T[] empty)
    {
        while (part.Length > empty.Length)
        {
            empty.CopyTo(part);
            part = part[empty.Length..];
        }
        empty.AsSpan(0, part.Length).CopyTo(part);
    }

    private static T[] NewPart<T>(T empty)
    {
        T[] part = new T[CountAtOnce];
        Array.Fill(part, empty);
        return part;
    }
}
