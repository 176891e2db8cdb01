namespace Bixbite.Lua.Running;

/// <summary>Entries of weak tables go with their objects when memory is measured, as Lua 5.1's collector takes them.</summary>
public sealed class WeakTableTests
{
    [Theory]
    [InlineData("k", "t[{}] = 1 t[{}] = 2 t.x = {} t[1] = {}", "1 x")]
    [InlineData("v", "t.x = {} t[1] = {} t[2] = 5 t.y = 'text' t[{}] = 1", "2 table y")]
    [InlineData("kv", "t.x = {} t[{}] = 1 t.y = 'text' t[3] = true", "3 y")]
    [InlineData("", "t.x = {} t[{}] = 1", "table x")]
    [InlineData("v", "kept = {} t.x = kept t.y = function() end t.z = kept t.w = tostring", "w x z")]
    [InlineData("k", "kept = {} t[kept] = {} t[print] = {} t[{}] = kept", "function table")]
    [InlineData("v", "for i = 1, 100 do t[i] = {} t['k' .. i] = {} end t[50] = 'x'", "50")]
    [InlineData("k", "for i = 1, 100 do t[{}] = i t[coroutine.create(print_)] = i end t.last = 1", "last")]
    public void Entries_GoWithTheirObjects(string mode, string fill, string left)
    {
        string source = $$"""
            function print_() end
            local t = setmetatable({}, {__mode = '{{mode}}'})
            do {{fill}} end
            collectgarbage()
            local names = ''
            local all = {}
            for k in pairs(t) do all[#all + 1] = (type(k) == 'string' or type(k) == 'number') and tostring(k) or type(k) end
            for i = 1, #all do for j = i + 1, #all do if all[j] < all[i] then all[i], all[j] = all[j], all[i] end end end
            for i = 1, #all do names = names .. (i > 1 and ' ' or '') .. all[i] end
            print(names)
            """;
        Assert.Equal(left, Script.Print(source));
    }

    [Fact]
    public void ATraversalGoesOn_WhileEntriesGo()
    {
        const string Source = """
            local t = setmetatable({}, {__mode = 'k'})
            for i = 1, 50 do t[{}] = i end
            local n = 0
            for k, v in pairs(t) do n = n + 1 collectgarbage() end
            collectgarbage()
            print(n, next(t))
            """;
        Assert.Equal("1\tnil", Script.Print(Source));
    }

    [Fact]
    public void ACache_DoesNotFillMemory()
    {
        var script = new Script();
        script.Machine.Memory.Limit = 1 << 20;
        const string Source = """
            local cache = setmetatable({}, {__mode = 'v'})
            for i = 1, 100000 do cache[i] = {i} end
            print(cache[1], type(cache))
            """;
        Assert.Equal("nil\ttable", script.Run(Source));
    }

    [Fact]
    public void Modes_SetLaterCount()
    {
        const string Source = """
            local m = {}
            local t = setmetatable({{}}, m)
            m.__mode = 'v'
            local garbage = {} for i = 1, 1000 do garbage[i] = {} end garbage = nil
            collectgarbage()
            print(#t, t[1])
            """;
        Assert.Equal("0\tnil", Script.Print(Source));
    }
}
