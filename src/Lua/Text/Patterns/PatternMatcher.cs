using System.Diagnostics;

namespace Bixbite.Lua.Text.Patterns;

/// <summary>How far a search has come.</summary>
public enum MatchOutcome : byte
{
    Found,
    NotFound,

    /// <summary>The work that was allowed is done; <see cref="PatternMatcher.Run"/> goes on when it is called again.</summary>
    Paused,

    /// <summary><see cref="PatternMatcher.Error"/> says why.</summary>
    Failed,
}

/// <summary>
/// Searches a text for a pattern. Backtracking has a stack of its own on the heap, so no pattern and no text overflows the machine's, and
/// a search can stop at any step and go on later. One matcher serves one search after the other; the text is handed in with each call and
/// must be the same until the search ends.
/// </summary>
/// <param name="count">Told of each array for backtracking, in bytes, before there is one; throws if there is not so much memory. Null:
/// nobody counts.</param>
public sealed class PatternMatcher(Action<long>? count = null)
{
    /// <summary>A stack up to this size is kept for the next search.</summary>
    private const int KeptFramesMax = 1 << 12;

    private const int FramesMin = 16;
    private const int BytesPerStep = 64;

    /// <summary>A start is looked for in so many bytes at once.</summary>
    private const int BytesAtOnce = 1 << 16;

    private static readonly Pattern s_empty = Pattern.Compile([]);

    private Pattern _pattern = s_empty;
    private BacktrackFrame[] _frames = new BacktrackFrame[FramesMin];
    private int _frameCount;
    private int _at;
    private int _item;
    private bool _isTrying;
    private readonly CaptureList _captures = new();

    /// <summary>The start of the match that was found.</summary>
    public int Start { get; private set; }

    /// <summary>The place after the match that was found.</summary>
    public int End => _at;

    public PatternError Error { get; private set; }

    public CaptureList Captures => _captures;

    /// <summary>The bytes that backtracking holds, as they were counted.</summary>
    public long HeldBytes => (_frames.Length - FramesMin) * (long)BacktrackFrame.Size;

    /// <summary>
    /// Prepares a search for the first match that begins at <paramref name="from"/> or later; an anchored pattern matches there or
    /// nowhere.
    /// </summary>
    public void Begin(Pattern pattern, int from)
    {
        _pattern = pattern;
        Start = from;
        _isTrying = false;
        Error = PatternError.None;
        if (_frames.Length > KeptFramesMax)
        {
            _frames = new BacktrackFrame[FramesMin];
        }
        _frameCount = 0;
    }

    /// <summary>Searches on, for about so many steps; what is left of them stays in <paramref name="steps"/>.</summary>
    public MatchOutcome Run(ReadOnlySpan<byte> text, ref int steps)
    {
        while (true)
        {
            if (!_isTrying)
            {
                MatchOutcome start = FindStart(text, ref steps);
                if (start != MatchOutcome.Found)
                {
                    return start;
                }
                _isTrying = true;
                _at = Start;
                _item = 0;
                _captures.Clear();
            }
            MatchOutcome outcome = Try(text, ref steps);
            if (outcome != MatchOutcome.NotFound)
            {
                return outcome;
            }
            _isTrying = false;
            if (_pattern.IsAnchored)
            {
                return MatchOutcome.NotFound;
            }
            Start++;
        }
    }

    /// <summary>Moves to the next place where a match can begin.</summary>
    private MatchOutcome FindStart(ReadOnlySpan<byte> text, ref int steps)
    {
        while (true)
        {
            if (Start > text.Length)
            {
                return MatchOutcome.NotFound;
            }
            if (_pattern.IsAnchored)
            {
                return MatchOutcome.Found;
            }
            ReadOnlySpan<byte> rest = text[Start..];
            ReadOnlySpan<byte> part = rest[..Math.Min(rest.Length, BytesAtOnce)];
            int skipped = _pattern.FindStart(part);
            steps -= (skipped < 0 ? part.Length : skipped) / BytesPerStep;
            if (skipped >= 0)
            {
                Start += skipped;
                return MatchOutcome.Found;
            }
            if (part.Length == rest.Length)
            {
                return MatchOutcome.NotFound;
            }

            // The last byte may begin a match with what follows.
            Start += part.Length - 1;
            if (steps < 0)
            {
                return MatchOutcome.Paused;
            }
        }
    }

    /// <summary>Goes on with the match that begins at the start, until it is complete, impossible, or the steps are used up.</summary>
    private MatchOutcome Try(ReadOnlySpan<byte> text, ref int steps)
    {
        ReadOnlySpan<PatternItem> items = _pattern.Items;
        while (true)
        {
            if (--steps < 0)
            {
                return MatchOutcome.Paused;
            }
            ref readonly PatternItem item = ref items[_item];
            bool goesOn;
            switch (item.Operation)
            {
                case PatternOperation.Done:
                    return MatchOutcome.Found;
                case PatternOperation.Literal:
                case PatternOperation.Any:
                case PatternOperation.Set:
                    goesOn = Single(item, items[_item + 1], text, ref steps);
                    break;
                case PatternOperation.OpenCapture:
                    goesOn = Open(CaptureList.Unfinished);
                    break;
                case PatternOperation.PositionCapture:
                    goesOn = Open(CaptureList.Position);
                    break;
                case PatternOperation.CloseCapture:
                    goesOn = Close();
                    break;
                default:
                    goesOn = Rare(item, text, ref steps);
                    break;
            }
            if (Error != PatternError.None)
            {
                return MatchOutcome.Failed;
            }
            if (!goesOn && !Backtrack(text, ref steps))
            {
                return MatchOutcome.NotFound;
            }
        }
    }

    private bool Single(in PatternItem item, in PatternItem next, ReadOnlySpan<byte> text, ref int steps)
    {
        int at = _at;
        if (item.Repeat is PatternRepeat.Star or PatternRepeat.Plus)
        {
            int matching = _pattern.CountMatches(item, text[at..]);
            steps -= matching / BytesPerStep;
            int least = item.Repeat == PatternRepeat.Plus ? 1 : 0;
            if (matching < least)
            {
                return false;
            }
            if (matching > least && next.Operation != PatternOperation.Done)
            {
                Push(new BacktrackFrame(BacktrackKind.Shrink, _item + 1, at + matching, at + least));
            }
            _at = at + matching;
            _item++;
            return true;
        }

        bool isMatch = at < text.Length && _pattern.Matches(item, text[at]);
        switch (item.Repeat)
        {
            case PatternRepeat.Once when !isMatch:
                return false;
            case PatternRepeat.Once:
                _at++;
                break;
            case PatternRepeat.Optional when isMatch:
                Push(new BacktrackFrame(BacktrackKind.Retry, _item + 1, at, at));
                _at++;
                break;
            case PatternRepeat.Lazy when isMatch:
                Push(new BacktrackFrame(BacktrackKind.Grow, _item, at, at));
                break;
        }
        _item++;
        return true;
    }

    private bool Rare(in PatternItem item, ReadOnlySpan<byte> text, ref int steps)
    {
        switch (item.Operation)
        {
            case PatternOperation.TextEnd:
                _item++;
                return _at == text.Length;
            case PatternOperation.Balance:
                return Balance(item, text, ref steps);
            case PatternOperation.Frontier:
                byte before = _at == 0 ? (byte)0 : text[_at - 1];
                byte after = _at < text.Length ? text[_at] : (byte)0;
                _item++;
                return !_pattern.Contains(item.Index, before) && _pattern.Contains(item.Index, after);
            case PatternOperation.BackReference:
                return Repeat(item.Index, text, ref steps);
            default:
                Debug.Assert(item.Operation == PatternOperation.Malformed);
                Error = (PatternError)item.Index;
                return false;
        }
    }

    private bool Balance(in PatternItem item, ReadOnlySpan<byte> text, ref int steps)
    {
        if (_at >= text.Length || text[_at] != item.First)
        {
            return false;
        }
        int depth = 1;
        int at = _at + 1;
        while (true)
        {
            int step = text[at..].IndexOfAny(item.First, item.Second);
            steps -= 1 + Math.Max(step, 0) / BytesPerStep;
            if (step < 0)
            {
                steps -= (text.Length - at) / BytesPerStep;
                return false;
            }
            at += step + 1;

            // Where both are the same byte, it closes.
            depth += text[at - 1] == item.Second ? -1 : 1;
            if (depth == 0)
            {
                _at = at;
                _item++;
                return true;
            }
        }
    }

    private bool Repeat(int capture, ReadOnlySpan<byte> text, ref int steps)
    {
        if (!_captures.IsClosed(capture))
        {
            Error = PatternError.InvalidCaptureIndex;
            return false;
        }
        int length = _captures.LengthAt(capture);
        if (length == CaptureList.Position || text.Length - _at < length)
        {
            return false;
        }
        steps -= length / BytesPerStep;
        if (!text.Slice(_at, length).SequenceEqual(text.Slice(_captures.StartAt(capture), length)))
        {
            return false;
        }
        _at += length;
        _item++;
        return true;
    }

    private bool Open(int kind)
    {
        if (!_captures.TryOpen(_at, kind))
        {
            Error = PatternError.TooManyCaptures;
            return false;
        }
        Push(new BacktrackFrame(BacktrackKind.UndoOpen, 0, 0, 0));
        _item++;
        return true;
    }

    private bool Close()
    {
        int capture = _captures.Close(_at);
        if (capture < 0)
        {
            Error = PatternError.InvalidPatternCapture;
            return false;
        }
        Push(new BacktrackFrame(BacktrackKind.UndoClose, capture, 0, 0));
        _item++;
        return true;
    }

    /// <summary>Returns to the last place where there is another way; false if there is none.</summary>
    private bool Backtrack(ReadOnlySpan<byte> text, ref int steps)
    {
        while (_frameCount > 0)
        {
            ref BacktrackFrame frame = ref _frames[_frameCount - 1];
            switch (frame.Kind)
            {
                case BacktrackKind.Retry:
                    (_item, _at) = (frame.Item, frame.At);
                    _frameCount--;
                    return true;
                case BacktrackKind.Shrink when TryShrink(ref frame, text, ref steps):
                    return true;
                case BacktrackKind.Grow when frame.At < text.Length && _pattern.Matches(_pattern.Items[frame.Item], text[frame.At]):
                    frame = frame with { At = frame.At + 1 };
                    (_item, _at) = (frame.Item + 1, frame.At);
                    return true;
                case BacktrackKind.UndoOpen:
                    _captures.UndoOpen();
                    break;
                case BacktrackKind.UndoClose:
                    _captures.UndoClose(frame.Item);
                    break;
            }
            _frameCount--;
        }
        return false;
    }

    /// <summary>Gives up matched bytes until the next item can match; a byte that must follow is looked for at once.</summary>
    private bool TryShrink(ref BacktrackFrame frame, ReadOnlySpan<byte> text, ref int steps)
    {
        int at = frame.At - 1;
        ref readonly PatternItem next = ref _pattern.Items[frame.Item];
        if (at >= frame.Least && next is { Operation: PatternOperation.Literal, Repeat: PatternRepeat.Once or PatternRepeat.Plus })
        {
            int length = at - frame.Least + 1;
            int last = text.Slice(frame.Least, length).LastIndexOf(next.First);
            steps -= (length - last) / BytesPerStep;
            at = last < 0 ? -1 : frame.Least + last;
        }
        if (at < frame.Least)
        {
            return false;
        }
        frame = frame with { At = at };
        (_item, _at) = (frame.Item, at);
        return true;
    }

    private void Push(BacktrackFrame frame)
    {
        if (_frameCount == _frames.Length)
        {
            count?.Invoke(_frames.Length * 2L * BacktrackFrame.Size);
            Array.Resize(ref _frames, _frames.Length * 2);
        }
        _frames[_frameCount++] = frame;
    }
}
