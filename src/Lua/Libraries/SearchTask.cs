using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Text.Patterns;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>The results that a search has.</summary>
internal enum SearchKind
{
    /// <summary>First and last position, and the captures.</summary>
    Find,

    /// <summary>The captures or the whole match.</summary>
    Match,

    /// <summary>The same, for an iterator that goes on after the match.</summary>
    Iterate,

    /// <summary>First and last position of bytes that are looked for as they are.</summary>
    Plain,
}

/// <summary>One search of <c>find</c>, <c>match</c> or <c>gmatch</c>, and its state while it is paused.</summary>
internal sealed class SearchTask(PatternFunctions functions) : HostTask
{
    private readonly PatternMatcher _matcher = new(functions.Memory.Add);
    private readonly LuaValue[] _held = [LuaValue.Nil, LuaValue.Nil];
    private SearchKind _kind;
    private LuaString _text = LuaString.Empty;
    private LuaString _needle = LuaString.Empty;
    private PlainSearch _plain;
    private MatchIterator? _iterator;

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override long HeldBytes => _matcher.HeldBytes;

    public HostStep Begin(in HostCall call, SearchKind kind, LuaString text, Pattern pattern, int from, MatchIterator? iterator = null)
    {
        _kind = kind;
        _text = text;
        _iterator = iterator;
        _matcher.Begin(pattern, from);
        return Resume(call);
    }

    public HostStep FindPlain(in HostCall call, LuaString text, LuaString needle, int from)
    {
        _kind = SearchKind.Plain;
        _text = text;
        _needle = needle;
        _plain = new PlainSearch(from);
        return Resume(call);
    }

    public override HostStep Resume(in HostCall call) => _kind == SearchKind.Plain ? ResumePlain(call) : ResumePattern(call);

    private HostStep ResumePlain(in HostCall call)
    {
        int allowed = WorkBudget.StepsFor(call);
        int steps = allowed;
        bool? found = _plain.Run(_text.Span, _needle.Span, ref steps);
        call.Spend(allowed - steps);
        if (found is null)
        {
            return Pause(call);
        }
        int start = _plain.Found;
        int length = _needle.Length;
        End();
        return found.Value ? call.Return(start + 1.0, (double)(start + length)) : call.Return(LuaValue.Nil);
    }

    private HostStep ResumePattern(in HostCall call)
    {
        int allowed = WorkBudget.StepsFor(call);
        int steps = allowed;
        MatchOutcome outcome = _matcher.Run(_text.Span, ref steps);
        call.Spend(allowed - steps);
        switch (outcome)
        {
            case MatchOutcome.Paused:
                return Pause(call);
            case MatchOutcome.Failed:
                throw call.Error(PatternErrors.Text(_matcher.Error));
            case MatchOutcome.NotFound:
                End();
                return _kind == SearchKind.Iterate ? call.Return() : call.Return(LuaValue.Nil);
            default:
                return Found(call);
        }
    }

    private HostStep Found(in HostCall call)
    {
        Span<LuaValue> results;
        if (_kind == SearchKind.Find)
        {
            results = functions.Captures(call, _matcher, _text.Span, wantsWhole: false, before: 2);
            results[0] = _matcher.Start + 1.0;
            results[1] = (double)_matcher.End;
        }
        else
        {
            results = functions.Captures(call, _matcher, _text.Span, wantsWhole: true);
            _iterator?.GoOnAfter(_matcher.Start, _matcher.End);
        }
        End();
        HostStep step = call.Return(results);
        results.Clear();
        return step;
    }

    private HostStep Pause(in HostCall call)
    {
        _held[0] = _text;
        _held[1] = _needle;
        return call.Pause(this);
    }

    private void End()
    {
        _text = LuaString.Empty;
        _needle = LuaString.Empty;
        _iterator = null;
        _held[0] = _held[1] = LuaValue.Nil;
        functions.Keep(this);
    }
}
