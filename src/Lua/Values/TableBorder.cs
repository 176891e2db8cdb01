namespace Bixbite.Lua.Values;

/// <summary>Finds a border of a table: n with a value at n and none at n + 1. Of several it finds the one that Lua 5.1 does.</summary>
internal static class TableBorder
{
    /// <summary>In an array whose last element is nil.</summary>
    public static int Within(ReadOnlySpan<LuaValue> array)
    {
        int low = 0;
        int high = array.Length;
        while (high - low > 1)
        {
            int middle = (low + high) >>> 1;
            if (array[middle - 1].IsNil)
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }
        return low;
    }

    /// <summary>Beyond the array, whose last element is there.</summary>
    public static int Beyond(LuaTable table, int end)
    {
        int low = end;
        uint high = (uint)end + 1;
        while (!table.Get((int)high).IsNil)
        {
            low = (int)high;
            high *= 2;
            if (high > int.MaxValue)
            {
                return ByStep(table);
            }
        }
        while (high - (uint)low > 1)
        {
            uint middle = ((uint)low + high) / 2;
            if (table.Get((int)middle).IsNil)
            {
                high = middle;
            }
            else
            {
                low = (int)middle;
            }
        }
        return low;
    }

    /// <summary>A table made to mislead the search: as many steps as it has entries at most.</summary>
    private static int ByStep(LuaTable table)
    {
        int next = 1;
        while (!table.Get(next).IsNil)
        {
            next++;
        }
        return next - 1;
    }
}
