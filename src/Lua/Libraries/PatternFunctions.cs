using Bixbite.Lua.Running;
using Bixbite.Lua.Text.Patterns;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>
/// The functions of the table <c>string</c> that take patterns. A search that lasts longer than the budget ends its step and goes on in a
/// task. Compiled patterns are kept, and so is what a search needs, for the next one.
/// </summary>
internal sealed class PatternFunctions
{
    /// <summary>A pattern up to this size is small beside the iterator that holds it, in bytes.</summary>
    private const int UncountedMax = 64;

    private readonly PatternCache _patterns;
    private readonly LuaValue[] _captures = new LuaValue[CaptureList.CountMax + 2];
    private SearchTask? _spareSearch;
    private ReplaceTask? _spareReplace;

    public PatternFunctions(LuaMachine machine)
    {
        _patterns = new PatternCache(machine.Memory);
        Memory = machine.Memory;
        _captures.AsSpan().Fill(LuaValue.Nil);
    }

    public LuaMemory Memory { get; }

    public void AddTo(LuaMachine machine, LuaTable table)
    {
        machine.Register(table, "find", Find);
        machine.Register(table, "gfind", GMatch);
        machine.Register(table, "gmatch", GMatch);
        machine.Register(table, "gsub", GSub);
        machine.Register(table, "match", Match);
    }

    /// <summary>
    /// The pattern of an iterator, in which <c>^</c> stands for itself. Iterators do not keep it, because it may be large.
    /// </summary>
    public Pattern Compiled(LuaString pattern) => _patterns.Get(pattern, mayAnchor: false);

    /// <summary>A task that nobody uses is kept for the next search.</summary>
    public void Keep(SearchTask task) => _spareSearch = task;

    /// <summary>A task that nobody uses is kept for the next replacement.</summary>
    public void Keep(ReplaceTask task) => _spareReplace = task;

    /// <summary>
    /// The captures of a match as values, or the whole match where there is none and it is wanted; they are valid until the next call. The
    /// first <paramref name="before"/> places are left for the caller.
    /// </summary>
    public Span<LuaValue> Captures(
        scoped in HostCall call, PatternMatcher matcher, scoped ReadOnlySpan<byte> text, bool wantsWhole, int before = 0)
    {
        int count = matcher.Captures.Count;
        count = count == 0 && wantsWhole ? 1 : count;
        for (int index = 0; index < count; index++)
        {
            _captures[before + index] = Capture(call, matcher, text, index);
        }
        return _captures.AsSpan(0, before + count);
    }

    /// <summary>One capture as a value.</summary>
    public LuaValue Capture(in HostCall call, PatternMatcher matcher, ReadOnlySpan<byte> text, int index)
    {
        PatternError error = matcher.Captures.Get(index, matcher.Start, matcher.End, out Range range, out bool isPosition);
        if (error != PatternError.None)
        {
            throw call.Error(PatternErrors.Text(error));
        }
        return isPosition ? range.Start.Value + 1.0 : Memory.NewString(text[range]);
    }

    private HostStep Find(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        int from = From(call, text);
        SearchTask task = TakeSearch();
        if (call[3].IsTruthy || !Pattern.HasSpecials(pattern.Span))
        {
            return task.FindPlain(call, text, pattern, from);
        }
        return task.Begin(call, SearchKind.Find, text, _patterns.Get(pattern), from);
    }

    private HostStep Match(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        return TakeSearch().Begin(call, SearchKind.Match, text, _patterns.Get(pattern), From(call, text));
    }

    private HostStep GMatch(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        LuaObject held = text;
        if (pattern.Length > UncountedMax)
        {
            LuaTable both = call.Memory.NewTable(2);
            both.Set(1, text);
            both.Set(2, pattern);
            held = both;
        }
        call.Memory.Add(HostFunction.OwnBytes);
        return call.Return(new HostFunction("for iterator", new MatchIterator(this, text, pattern).Next) { Held = held });
    }

    private HostStep GSub(in HostCall call)
    {
        LuaString text = call.CheckString(0);
        LuaString pattern = call.CheckString(1);
        LuaValue replacement = call[2];
        if (replacement.Type is not (LuaType.Number or LuaType.String or LuaType.Function or LuaType.Table))
        {
            throw call.ArgumentError(2, "string/function/table expected");
        }
        int countMax = call.OptInt(3, text.Length + 1);
        ReplaceTask task = _spareReplace ?? new ReplaceTask(this);
        _spareReplace = null;
        return task.Begin(call, text, _patterns.Get(pattern), replacement, countMax);
    }

    private static int From(in HostCall call, LuaString text)
    {
        long from = StringLibrary.Position(call[2].IsNil ? 1 : call.CheckLong(2), text.Length) - 1;
        return (int)Math.Clamp(from, 0, text.Length);
    }

    /// <summary>A task for one search.</summary>
    public SearchTask TakeSearch()
    {
        SearchTask task = _spareSearch ?? new SearchTask(this);
        _spareSearch = null;
        return task;
    }
}
