using System.Text;
using Bixbite.Engine.Records;
using Bixbite.Platform;
using Bixbite.Scripting.Functions;
using Bixbite.Scripting.Running;
using Bixbite.Unit.Engine;
using Bixbite.Unit.Engine.Propagation;
using Xunit;

namespace Bixbite.Unit.Scripting;

/// <summary>What libraries do to the server around them: memory, propagation, all or nothing.</summary>
public sealed class FunctionTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly EngineClient _client;
    private readonly FunctionService _functions;

    public FunctionTests()
    {
        _client = _engine.Connect();
        _functions = _engine.Get<FunctionService>();
    }

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void NothingOfLuaIsThereBeforeTheFirstLibrary()
    {
        Assert.Equal("*0", _client.Send("function list"));
        Assert.Equal("-ERR Function not found", _client.Send("fcall f 0"));
        Assert.Equal("-ERR Missing library metadata", Load("x"));
        Assert.Equal("-ERR Library not found", _client.Send("function delete x"));
        Assert.Equal("+OK", _client.Send("function flush"));
        Assert.Equal(0, _functions.MachineBytes);
        Assert.Equal("$1 a", Load(Library("a", "f")));
        Assert.True(_functions.MachineBytes > 0);
        Assert.Equal("+OK", _client.Send("function flush"));
        Assert.Equal(0, _functions.MachineBytes);
        Assert.Equal(0, _functions.CatalogBytes);
    }

    [Fact]
    public void MemoryCountsWhatThereIs()
    {
        long before = _engine.Memory.UsedBytes;
        string source = Library("a", "f") + "--" + new string('x', 10_000);
        Load(source);
        Assert.InRange(_functions.CatalogBytes, source.Length, source.Length + 1000);
        Assert.InRange(_engine.Memory.UsedBytes, before + source.Length, long.MaxValue);
        long one = _functions.CatalogBytes;
        Load(Library("b", "g"));
        Assert.Equal("+OK", _client.Send("function delete b"));
        Assert.Equal(one, _functions.CatalogBytes);
        Load(source.Replace("return 1", "return 2", StringComparison.Ordinal), "replace");
        Assert.Equal(one, _functions.CatalogBytes);
        Assert.Equal("-ERR Library 'a' already exists", Load(source));
        Assert.Equal(one, _functions.CatalogBytes);
        _client.Send("function flush");
        Assert.Equal(before, _engine.Memory.UsedBytes);
    }

    [Fact]
    public void WhatALibraryHeldGoesWithIt()
    {
        string source = "#!lua name=big\nlocal t = ('x'):rep(1000000) redis.register_function('big', function() return #t end)";
        for (int i = 0; i < 20; i++)
        {
            Load(source, "replace");
        }
        Assert.Equal(":1000000", _client.Send("fcall big 0"));
        Assert.InRange(_functions.MachineBytes, 1_000_000, 5_000_000);
        _client.Send("function delete big");
        Load(Library("a", "f"));
        Assert.InRange(_functions.MachineBytes, 1, 3_000_000);
    }

    [Fact]
    public void OverTheLimitOfMemoryNoLibraryIsAdded()
    {
        Load(Library("a", "f"));
        _client.Send("set k v");
        _engine.Memory.LimitBytes = 1;
        Assert.StartsWith("-OOM", Load(Library("b", "g")), StringComparison.Ordinal);
        Assert.StartsWith("-OOM", _client.Send("fcall f 0"), StringComparison.Ordinal);
        Assert.Equal("+OK", _client.Send("function delete a"));
    }

    [Fact]
    public void ChangesAreToldAsTheyWereSentAndAFunctionsAsOneStep()
    {
        var sink = new CollectingSink();
        _engine.Propagator.Attach(sink);
        Load("#!lua name=a\nredis.register_function('f', function(k) redis.call('set', k[1], 1) return redis.call('incr', k[1]) end)");
        Assert.Contains("function load #!lua name=a", sink.Take(), StringComparison.Ordinal);
        Assert.Equal(":2", _client.Send("fcall f 1 k"));
        Assert.Equal("0: MULTI | 0: set k 1 | 0: incr k | -1: EXEC", sink.Take());
        Load("x");
        Load(Library("a", "g"));
        Assert.StartsWith("-ERR Function not found", _client.Send("fcall nosuch 0"), StringComparison.Ordinal);
        Assert.StartsWith("-ERR", _client.Send("function delete nosuch"), StringComparison.Ordinal);
        _client.Send("function list");
        Assert.Equal("", sink.Take());
        _client.Send("function delete a");
        Assert.Equal("0: function delete a", sink.Take());
        _client.Send("function flush async");
        Assert.Equal("0: function flush async", sink.Take());
    }

    [Fact]
    public void AFailedReplacementLeavesTheOldOne()
    {
        Load(Library("a", "f"));
        Load(Library("b", "g"));
        foreach (string wrong in (string[])
            ["#!lua name=a\nx(", "#!lua name=a\nx()", "#!lua name=a\n", Library("a", "g"), "#!lua name=a\n" + Registering("f") + " x()"])
        {
            Assert.StartsWith("-ERR", Load(wrong, "replace"), StringComparison.Ordinal);
            Assert.Equal(":1", _client.Send("fcall f 0"));
            Assert.Equal(":1", _client.Send("fcall G 0"));
            Assert.Equal(2, _functions.FunctionCount);
        }
        Assert.Equal("$1 a", Load(Library("a", "F"), "replace"));
        Assert.Equal("+OK", _client.Send("function delete b"));
        Assert.Equal("$1 a", Load(Library("a", "g"), "replace"));
        Assert.Equal("-ERR Function not found", _client.Send("fcall f 0"));
    }

    [Fact]
    public void NamesThatDifferInCaseAloneAreOneFunctionOfALibrary()
    {
        Load("#!lua name=a\n" + Registering("f") + Registering("F", "2"));
        Assert.Equal(":1", _client.Send("fcall F 0"));
        Assert.Equal(2, _functions.FunctionCount);
        Assert.Equal("+OK", _client.Send("function delete a"));
        Assert.Equal("$1 b", Load(Library("b", "f")));
        Assert.Equal(1, _functions.FunctionCount);
    }

    [Fact]
    public void RecordsComeBackOrNotAtAll()
    {
        Load(Library("b", "g"));
        Load(Library("a", "f"));
        RecordKind records = _functions.Records;
        Assert.Equal(0xF5, records.Code);
        Assert.Equal([Library("a", "f"), Library("b", "g")], records.Records.Select(record => Encoding.Latin1.GetString(record.Span)));
        RecordKind aside = records.MakeAside();
        Assert.Null(aside.Add(Bytes(Library("c", "f")), replaces: false));
        Assert.Equal("Library 'c' already exists", aside.Add(Bytes(Library("c", "g")), replaces: false));
        Assert.Null(aside.Add(Bytes(Library("c", "h")), replaces: true));
        Assert.Equal(":1", _client.Send("fcall f 0"));
        records.Adopt(aside);
        Assert.Equal("-ERR Function not found", _client.Send("fcall f 0"));
        Assert.Equal(":1", _client.Send("fcall h 0"));
        RecordKind discarded = records.MakeAside();
        Assert.Null(discarded.Add(Bytes(Library("d", "h")), replaces: false));
        discarded.Clear();
        Assert.Equal(1, _functions.LibraryCount);
        records.Clear();
        Assert.Equal(0, _functions.MachineBytes);
    }

    [Fact]
    public void ManyLibrariesComeAndGo()
    {
        for (int i = 0; i < 2000; i++)
        {
            Load(Library($"lib{i}", $"f{i}"));
        }
        Assert.Equal(2000, _functions.FunctionCount);
        Assert.Equal(":1", _client.Send("fcall F1999 0"));
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal("+OK", _client.Send($"function delete lib{i}"));
        }
        Assert.Equal(0, _functions.CatalogBytes);
        Assert.Equal(0, _functions.FunctionCount);
    }

    [Fact]
    public void CodeThatTakesTooLongIsRefusedToClientsAndNotToFiles()
    {
        const string Timeout = "Error registering functions: ERR FUNCTION LOAD timeout";
        using var set = new FunctionSet(_engine.Get<ScriptTools>(), new HastyClock());
        byte[] slow = Bytes($"#!lua name=slow\nfor i = 1, 3000000 do end {Registering("f")}");
        Assert.Equal(Timeout, set.Add(Bytes("#!lua name=a\nwhile true do end"), replaces: false, limitMs: 500, out _));
        byte[] growing = Bytes("#!lua name=a\nlocal t = {} while true do t[#t + 1] = {} end");
        Assert.Equal(Timeout, set.Add(growing, replaces: false, limitMs: 500, out _));
        Assert.Equal(Timeout, set.Add(slow, replaces: false, limitMs: 500, out _));
        Assert.Equal(0, set.Catalog.LibraryCount);
        Assert.Null(set.Add(slow, replaces: false, limitMs: 0, out _));
        Assert.Equal(1, set.Catalog.LibraryCount);
    }

    [Fact]
    public void ManyFunctionsOfLongAndSimilarNamesAreFound()
    {
        const int Count = 100_000;
        string prefix = new('p', 100);
        using var set = new FunctionSet(_engine.Get<ScriptTools>(), _engine.Clock);
        string code = $"for i = 1, {Count} do redis.register_function('{prefix}' .. i, function() return i end) end";
        Assert.Null(set.Add(Bytes($"#!lua name=many\n{code}"), replaces: false, limitMs: 0, out _));
        Assert.Equal(Count, set.Catalog.FunctionCount);
        Assert.NotNull(set.Catalog.Find(Bytes($"{prefix.ToUpperInvariant()}{Count}")));
        Assert.Null(set.Catalog.Find(Bytes($"{prefix}{Count + 1}")));
        Assert.Null(set.Catalog.Find(new byte[1 << 20]));
        Assert.Null(set.Add(Bytes($"#!lua name=many\n{code}"), replaces: true, limitMs: 0, out Library? library));
        set.Remove(library!);
        Assert.Equal(0, set.Catalog.FunctionCount);
        Assert.Equal(0, set.Catalog.Bytes);
    }

    private static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static string Library(string name, string function) => $"#!lua name={name}\n{Registering(function)}";

    private static string Registering(string function, string result = "1") =>
        $"redis.register_function('{function}', function() return {result} end) ";

    private string Load(string source, string? option = null) =>
        option is null ? _client.SendWords("function", "load", source) : _client.SendWords("function", "load", option, source);

    /// <summary>Each look at it finds a tenth of a second gone.</summary>
    private sealed class HastyClock : IClock
    {
        private long _nowUs;

        public long UnixMs => UnixUs / 1000;

        public long UnixUs => MonotonicUs;

        public long MonotonicUs => _nowUs += 100_000;
    }
}
