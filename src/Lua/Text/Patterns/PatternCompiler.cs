namespace Bixbite.Lua.Text.Patterns;

/// <summary>Takes the text of a pattern apart, up to its end or to the first place where it is malformed.</summary>
internal ref struct PatternCompiler(ReadOnlySpan<byte> source)
{
    private const byte Escape = (byte)'%';
    private const int SetSize = 256;

    private readonly ReadOnlySpan<byte> _source = source;
    private readonly List<PatternItem> _items = new(8);
    private readonly List<bool[]> _sets = [];
    private int _at = 0;

    public Pattern Compile(byte[] whole, bool isAnchored)
    {
        while (_at < _source.Length && TryCompileItem())
        {
        }
        if (_items.Count == 0 || _items[^1].Operation != PatternOperation.Malformed)
        {
            _items.Add(new PatternItem(PatternOperation.Done));
        }
        bool[] sets = new bool[_sets.Count * SetSize];
        for (int index = 0; index < _sets.Count; index++)
        {
            _sets[index].CopyTo(sets, index * SetSize);
        }
        return new Pattern(whole, isAnchored, [.. _items], sets);
    }

    /// <summary>False if the pattern is malformed here.</summary>
    private bool TryCompileItem()
    {
        byte next = At(_at + 1);
        switch (_source[_at])
        {
            case (byte)'(' when next == ')':
                return Add(2, new PatternItem(PatternOperation.PositionCapture));
            case (byte)'(':
                return Add(1, new PatternItem(PatternOperation.OpenCapture));
            case (byte)')':
                return Add(1, new PatternItem(PatternOperation.CloseCapture));
            case (byte)'$' when _at + 1 == _source.Length:
                return Add(1, new PatternItem(PatternOperation.TextEnd));
            case Escape when next == 'b':
                return TryCompileBalance();
            case Escape when next == 'f':
                return TryCompileFrontier();
            case Escape when ByteClass.IsDigit(next):
                return Add(2, new PatternItem(PatternOperation.BackReference, Index: next - '1'));
            default:
                return TryCompileSingle();
        }
    }

    private readonly byte At(int index) => index < _source.Length ? _source[index] : (byte)0;

    private bool Add(int length, PatternItem item)
    {
        _at += length;
        _items.Add(item);
        return true;
    }

    private readonly bool Fail(PatternError error)
    {
        _items.Add(new PatternItem(PatternOperation.Malformed, Index: (int)error));
        return false;
    }

    private bool TryCompileBalance() =>
        _at + 3 < _source.Length
            ? Add(4, new PatternItem(PatternOperation.Balance, First: _source[_at + 2], Second: _source[_at + 3]))
            : Fail(PatternError.Unbalanced);

    private bool TryCompileFrontier()
    {
        if (At(_at + 2) != '[')
        {
            return Fail(PatternError.MissingSetAfterFrontier);
        }
        _at += 2;
        return TryReadSet(out int set) && Add(0, new PatternItem(PatternOperation.Frontier, Index: set));
    }

    private bool TryCompileSingle()
    {
        PatternItem item;
        byte first = _source[_at];
        if (first == '[')
        {
            if (!TryReadSet(out int set))
            {
                return false;
            }
            item = new PatternItem(PatternOperation.Set, Index: set);
        }
        else if (first == Escape)
        {
            if (_at + 1 >= _source.Length)
            {
                return Fail(PatternError.EndsWithPercent);
            }
            byte letter = _source[_at + 1];
            item = IsClass(letter)
                ? new PatternItem(PatternOperation.Set, Index: AddSet(letter))
                : new PatternItem(PatternOperation.Literal, First: letter);
            _at += 2;
        }
        else
        {
            item = first == '.' ? new PatternItem(PatternOperation.Any) : new PatternItem(PatternOperation.Literal, First: first);
            _at++;
        }

        PatternRepeat repeat = At(_at) switch
        {
            (byte)'?' => PatternRepeat.Optional,
            (byte)'*' => PatternRepeat.Star,
            (byte)'+' => PatternRepeat.Plus,
            (byte)'-' => PatternRepeat.Lazy,
            _ => PatternRepeat.Once,
        };
        return Add(repeat == PatternRepeat.Once ? 0 : 1, item with { Repeat = repeat });
    }

    private readonly int AddSet(byte letter)
    {
        bool[] set = new bool[SetSize];
        AddClass(set, letter);
        _sets.Add(set);
        return _sets.Count - 1;
    }

    /// <summary>Reads a set from its opening bracket to behind the closing one. A bracket that comes first is a byte of the set.</summary>
    private bool TryReadSet(out int index)
    {
        index = -1;
        int start = _at + 1;
        bool isComplement = At(start) == '^';
        start += isComplement ? 1 : 0;
        int end = start;
        do
        {
            if (end >= _source.Length)
            {
                return Fail(PatternError.MissingBracket);
            }
            end += _source[end] == Escape && end + 1 < _source.Length ? 2 : 1;
        }
        while (At(end) != ']');

        bool[] set = new bool[SetSize];
        Fill(set, _source[start..end]);
        if (isComplement)
        {
            for (int one = 0; one < SetSize; one++)
            {
                set[one] = !set[one];
            }
        }
        _at = end + 1;
        _sets.Add(set);
        index = _sets.Count - 1;
        return true;
    }

    private static void Fill(bool[] set, ReadOnlySpan<byte> members)
    {
        for (int at = 0; at < members.Length; at++)
        {
            if (members[at] == Escape)
            {
                // It comes last where a range before it ended with a percent sign, as in [a-%%]; then it stands for the bracket, as in Lua.
                at++;
                AddClass(set, at < members.Length ? members[at] : (byte)']');
            }
            else if (at + 2 < members.Length && members[at + 1] == '-')
            {
                for (int one = members[at]; one <= members[at + 2]; one++)
                {
                    set[one] = true;
                }
                at += 2;
            }
            else
            {
                set[members[at]] = true;
            }
        }
    }

    private static bool IsClass(byte letter) => ByteClass.ToLower(letter) is
        (byte)'a' or (byte)'c' or (byte)'d' or (byte)'l' or (byte)'p' or (byte)'s' or (byte)'u' or (byte)'w' or (byte)'x' or (byte)'z';

    /// <summary>Adds the class that a letter stands for, or its complement for a capital; any other byte stands for itself.</summary>
    private static void AddClass(bool[] set, byte letter)
    {
        if (!IsClass(letter))
        {
            set[letter] = true;
            return;
        }
        bool isComplement = ByteClass.IsUpper(letter);
        byte kind = ByteClass.ToLower(letter);
        for (int value = 0; value < SetSize; value++)
        {
            set[value] |= IsIn(kind, (byte)value) != isComplement;
        }
    }

    private static bool IsIn(byte kind, byte one) => kind switch
    {
        (byte)'a' => ByteClass.IsLetter(one),
        (byte)'c' => ByteClass.IsControl(one),
        (byte)'d' => ByteClass.IsDigit(one),
        (byte)'l' => ByteClass.IsLower(one),
        (byte)'p' => ByteClass.IsPunctuation(one),
        (byte)'s' => ByteClass.IsSpace(one),
        (byte)'u' => ByteClass.IsUpper(one),
        (byte)'w' => ByteClass.IsLetterOrDigit(one),
        (byte)'x' => ByteClass.IsHexDigit(one),
        _ => one == 0,
    };
}
