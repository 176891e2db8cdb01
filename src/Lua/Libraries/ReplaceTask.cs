using Bixbite.Lua.Running;
using Bixbite.Lua.Text;
using Bixbite.Lua.Text.Patterns;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Libraries;

/// <summary>
/// One <c>string.gsub</c>: its text, what it has assembled, and where it stands while a function or metamethod of the script runs or the
/// budget is used up.
/// </summary>
internal sealed class ReplaceTask : HostTask
{
    /// <summary>A chain of tables that index each other is taken for a loop when it is longer.</summary>
    private const int ChainMax = 100;

    private readonly PatternFunctions _functions;
    private readonly PatternMatcher _matcher;
    private readonly ByteBuffer _result;
    private readonly LuaValue[] _held = [LuaValue.Nil, LuaValue.Nil];
    private LuaString _text = LuaString.Empty;
    private Pattern _pattern = Pattern.Compile([]);
    private LuaValue _replacement = LuaValue.Nil;
    private int _countMax;
    private int _count;
    private int _from;
    private bool _isCalling;

    public ReplaceTask(PatternFunctions functions)
    {
        _functions = functions;
        _matcher = new PatternMatcher(functions.Memory.Add);
        _result = new ByteBuffer(functions.Memory.Add);
    }

    public override ReadOnlySpan<LuaValue> Held => _held;

    public override long HeldBytes => _matcher.HeldBytes + _result.Capacity + PatternCache.BytesOf(_pattern);

    public HostStep Begin(in HostCall call, LuaString text, Pattern pattern, LuaValue replacement, int countMax)
    {
        _text = text;
        _pattern = pattern;
        _replacement = replacement.IsNumber ? HostArguments.TryString(call.Memory, replacement)! : replacement;
        _held[0] = text;
        _held[1] = _replacement;
        _countMax = countMax;
        _count = 0;
        _from = 0;
        _isCalling = false;
        _result.Clear();
        _matcher.Begin(pattern, 0);
        return Resume(call);
    }

    public override HostStep Resume(in HostCall call)
    {
        if (_isCalling)
        {
            _isCalling = false;
            AddResult(call, call[0]);
            GoOnAfterMatch();
        }
        int allowed = WorkBudget.StepsFor(call);
        int steps = allowed;
        while (_count < _countMax && _from <= _text.Length)
        {
            MatchOutcome outcome = _matcher.Run(_text.Span, ref steps);
            if (outcome == MatchOutcome.Failed)
            {
                throw call.Error(PatternErrors.Text(_matcher.Error));
            }
            if (outcome == MatchOutcome.Paused)
            {
                call.Spend(allowed - steps);
                return call.Pause(this);
            }
            if (outcome == MatchOutcome.NotFound)
            {
                break;
            }
            _result.Add(_text.Span[_from.._matcher.Start]);
            _count++;
            if (!TryReplace(call, out HostStep step))
            {
                call.Spend(allowed - steps);
                return step;
            }
            GoOnAfterMatch();
        }
        call.Spend(allowed - steps);
        return Finish(call);
    }

    private HostStep Finish(in HostCall call)
    {
        if (_from < _text.Length)
        {
            _result.Add(_text.Span[_from..]);
        }
        LuaString result = _count == 0 ? _text : call.Memory.NewString(_result.Written);
        _text = LuaString.Empty;
        _replacement = LuaValue.Nil;
        _held[0] = _held[1] = LuaValue.Nil;
        _result.Clear();
        _functions.Keep(this);
        return call.Return(result, (double)_count);
    }

    /// <summary>After an empty match the byte there is kept, and the next one is looked for after it.</summary>
    private void GoOnAfterMatch()
    {
        _from = _matcher.End;
        if (_matcher.End == _matcher.Start)
        {
            if (_from < _text.Length)
            {
                _result.Add(_text.Span[_from]);
            }
            _from++;
        }
        if (_pattern.IsAnchored)
        {
            _countMax = _count;
        }
        else
        {
            _matcher.Begin(_pattern, _from);
        }
    }

    /// <summary>False if the script must be asked first; then the step ends.</summary>
    private bool TryReplace(in HostCall call, out HostStep step)
    {
        step = HostStep.Return;
        switch (_replacement.Object)
        {
            case LuaString template:
                AddTemplate(call, template.Span);
                return true;
            case LuaTable table:
                return TryLookUp(call, table, out step);
            default:
                _isCalling = true;
                Span<LuaValue> captures = _functions.Captures(call, _matcher, _text.Span, wantsWhole: true);
                step = call.Call(_replacement, captures, this);
                captures.Clear();
                return false;
        }
    }

    private bool TryLookUp(in HostCall call, LuaTable table, out HostStep step)
    {
        step = HostStep.Return;
        LuaValue key = _functions.Capture(call, _matcher, _text.Span, 0);
        LuaValue target = table;
        for (int links = 0; links < ChainMax; links++)
        {
            LuaValue found = target.Object is LuaTable one ? one[key] : LuaValue.Nil;
            bool isPlain = !found.IsNil || target.Object is LuaTable { Metatable: null };
            LuaValue handler = isPlain ? LuaValue.Nil : call.Machine.Metamethod(target, call.Machine.Strings.Get("__index"u8));
            if (handler.IsNil)
            {
                if (target.Object is not LuaTable)
                {
                    throw call.Error($"attempt to index a {target.TypeName} value");
                }
                AddResult(call, found);
                return true;
            }
            if (handler.Object is LuaFunction)
            {
                _isCalling = true;
                step = call.Call(handler, [target, key], this);
                return false;
            }
            target = handler;
        }
        throw call.Error("loop in gettable");
    }

    private void AddResult(in HostCall call, LuaValue value)
    {
        if (!value.IsTruthy)
        {
            _result.Add(_text.Span[_matcher.Start.._matcher.End]);
            return;
        }
        AddText(call, value);
    }

    private void AddText(in HostCall call, LuaValue value)
    {
        if (value.IsNumber)
        {
            _result.Advance(NumberText.Write(value.Number, _result.Reserve(NumberText.SizeMax)));
        }
        else if (value.Object is LuaString text)
        {
            _result.Add(text.Span);
        }
        else
        {
            throw call.Error($"invalid replacement value (a {value.TypeName})");
        }
    }

    /// <summary>A percent sign and a digit stand for a capture, and with any other byte for that byte.</summary>
    private void AddTemplate(in HostCall call, ReadOnlySpan<byte> template)
    {
        while (true)
        {
            int percent = template.IndexOf((byte)'%');
            if (percent < 0)
            {
                _result.Add(template);
                return;
            }
            _result.Add(template[..percent]);
            byte letter = percent + 1 < template.Length ? template[percent + 1] : (byte)0;
            if (!ByteClass.IsDigit(letter))
            {
                _result.Add(letter);
            }
            else if (letter == '0')
            {
                _result.Add(_text.Span[_matcher.Start.._matcher.End]);
            }
            else
            {
                AddCapture(call, letter - '1');
            }
            template = template[Math.Min(percent + 2, template.Length)..];
        }
    }

    private void AddCapture(in HostCall call, int index)
    {
        PatternError error = _matcher.Captures.Get(index, _matcher.Start, _matcher.End, out Range range, out bool isPosition);
        if (error != PatternError.None)
        {
            throw call.Error(PatternErrors.Text(error));
        }
        if (isPosition)
        {
            AddText(call, range.Start.Value + 1.0);
        }
        else
        {
            _result.Add(_text.Span[range]);
        }
    }
}
