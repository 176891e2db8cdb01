using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Commands;

/// <summary>
/// All key specs of a command, and what follows from them: the old first, last and step, and the keys of a concrete request.
/// </summary>
public sealed class KeySpecs
{
    private readonly KeyFlagsResolver? _resolver;

    public KeySpecs(IReadOnlyList<KeySpec> specs, KeyFlagsResolver? resolver)
    {
        Specs = specs;
        _resolver = resolver;
        TellAllKeys = HasKeys && specs.All(static spec => spec.Begin != KeyBegin.Unknown && spec.Find != KeyFind.Unknown);
        FixedFirst = specs.Count > 0 && (specs[0].Flags & KeySpecFlags.NotKey) == 0 ? specs[0].FixedFirst : 0;
        if (specs.Count == 1 && specs[0].IsPlainRange)
        {
            (First, Last, Step) = (specs[0].Position, AbsoluteLast(specs[0]), specs[0].Step);
            IsMovable = IsIncomplete(specs[0]);
        }
        else if (specs.Count > 0)
        {
            Summarise();
        }
    }

    public IReadOnlyList<KeySpec> Specs { get; }

    /// <summary>The position of the first key as COMMAND INFO always told it; 0 where there is none.</summary>
    public int First { get; private set; }

    /// <summary>The position of the last key, from the end where negative.</summary>
    public int Last { get; private set; }

    public int Step { get; private set; }

    /// <summary>First, last and step do not tell all keys.</summary>
    public bool IsMovable { get; private set; }

    /// <summary>Where the first key stands in every request that has one; 0 where that differs.</summary>
    public int FixedFirst { get; }

    public bool HasKeys
    {
        get
        {
            foreach (KeySpec spec in Specs)
            {
                if ((spec.Flags & KeySpecFlags.NotKey) == 0)
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Requests name something by which a cluster finds the node for them: keys, or channels of shards.</summary>
    public bool IsRouted => Specs.Count > 0;

    /// <summary>Requests name keys, and they tell all that a request may touch.</summary>
    public bool TellAllKeys { get; }

    /// <summary>
    /// Finds the keys of a request, its command's name first, into a list that is emptied before and may be used again and again. False,
    /// and none found, where the arguments do not fit a spec or where a spec cannot tell.
    /// </summary>
    public bool Find(ReadOnlySpan<Argument> arguments, List<KeyPosition> found)
    {
        return Find(arguments, found, KeySpecFlags.NotKey);
    }

    /// <summary>As <see cref="Find(ReadOnlySpan{Argument}, List{KeyPosition})"/>, with what is routed like a key.</summary>
    public bool FindRouted(ReadOnlySpan<Argument> arguments, List<KeyPosition> found) => Find(arguments, found, KeySpecFlags.None);

    private bool Find(ReadOnlySpan<Argument> arguments, List<KeyPosition> found, KeySpecFlags without)
    {
        found.Clear();
        for (int i = 0; i < Specs.Count; i++)
        {
            KeySpec spec = Specs[i];
            if ((spec.Flags & without) == 0 && !Find(spec, arguments, found))
            {
                found.Clear();
                return false;
            }
        }
        return true;
    }

    private bool Find(KeySpec spec, ReadOnlySpan<Argument> arguments, List<KeyPosition> found)
    {
        if (spec.Begin == KeyBegin.Unknown && spec.Keyword is not null)
        {
            int position = spec.Keyword.Length == 0 ? 0 : PositionAfter(spec, arguments);
            if (position != 0)
            {
                found.Add(new KeyPosition(position, spec.Flags));
            }
            return true;
        }
        int begin = spec.Begin == KeyBegin.Keyword ? PositionAfter(spec, arguments) : spec.Position;
        if (spec.Begin == KeyBegin.Keyword && begin == 0)
        {
            return true;
        }
        if (spec.Begin == KeyBegin.Keyword && IsIncomplete(spec))
        {
            return FindInstead(spec, arguments, found);
        }
        bool isUnknown = spec.Begin == KeyBegin.Unknown || spec.Find == KeyFind.Unknown;
        if (isUnknown || !TryFindRange(spec, begin, arguments, out int first, out int last))
        {
            return false;
        }
        KeySpecFlags flags = spec.Flags;
        if (_resolver is not null && (flags & KeySpecFlags.VariableFlags) != 0)
        {
            flags = _resolver(arguments);
        }
        for (int i = first; i <= last; i += spec.Step)
        {
            found.Add(new KeyPosition(i, flags));
        }
        return !IsIncomplete(spec);
    }

    /// <summary>
    /// The keys behind KEYS of MIGRATE stand in the place of the one at the beginning, which is empty then; otherwise the request is wrong.
    /// Whatever AUTH and AUTH2 say is no keyword, so the spec cannot tell. As Redis finds them.
    /// </summary>
    private bool FindInstead(KeySpec spec, ReadOnlySpan<Argument> arguments, List<KeyPosition> found)
    {
        const int OptionsAt = 6;
        int first = Specs[0].Position;
        int last = first;
        for (int i = OptionsAt; i < arguments.Length; i++)
        {
            ReadOnlySpan<byte> option = arguments[i].Bytes;
            if (System.Text.Ascii.EqualsIgnoreCase(option, spec.Keyword))
            {
                (first, last) = arguments[first].Length == 0 ? (i + 1, arguments.Length - 1) : (0, -1);
                break;
            }
            i += Ascii.EqualsIgnoreCase(option, "auth2"u8) ? 2 : Ascii.EqualsIgnoreCase(option, "auth"u8) ? 1 : 0;
        }
        found.Clear();
        for (int i = first; i <= last; i++)
        {
            found.Add(new KeyPosition(i, spec.Flags));
        }
        return found.Count > 0;
    }

    private static bool TryFindRange(KeySpec spec, int begin, ReadOnlySpan<Argument> arguments, out int first, out int last)
    {
        int count = arguments.Length;
        first = begin;
        last = spec switch
        {
            { Last: >= 0 } => first + spec.Last,
            { Limit: > 1 } => first + ((count - first) / spec.Limit) - 1,
            _ => count + spec.Last,
        };
        if (spec.Find == KeyFind.Count)
        {
            int countAt = begin + spec.CountAt;
            if (countAt >= count || !TryReadCount(arguments[countAt].Bytes, out long keyCount) || keyCount > count)
            {
                return false;
            }
            first = begin + spec.FirstAt;
            last = first + ((int)(keyCount - 1) * spec.Step);
        }
        return first < count && last < count && last >= first;
    }

    /// <summary>
    /// A number of keys; where it is no number, the digits that it begins with, as Redis reads them here: the command refuses it, but what
    /// it might be about is known.
    /// </summary>
    private static bool TryReadCount(ReadOnlySpan<byte> text, out long count)
    {
        if (!Integers.TryParse(text, out count))
        {
            text = text.TrimStart(" \t\n\v\f\r"u8);
            text = text.StartsWith("+"u8) ? text[1..] : text;
            int length = text.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
            text = (length < 0 ? text : text[..length]).TrimStart((byte)'0');
            _ = Integers.TryParse(text, out count);
        }
        return count > 0;
    }

    /// <summary>The position after the keyword; 0 where it is not among the arguments. A negative start searches backwards.</summary>
    private static int PositionAfter(KeySpec spec, ReadOnlySpan<Argument> arguments)
    {
        int step = spec.Position > 0 ? 1 : -1;
        int start = spec.Position > 0 ? spec.Position : arguments.Length + spec.Position;
        int end = spec.Position > 0 ? arguments.Length - 1 : 1;
        for (int i = start; i != end && i >= 1 && i < arguments.Length; i += step)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(arguments[i].Bytes, spec.Keyword))
            {
                return i + 1;
            }
        }
        return 0;
    }

    /// <summary>Several specs as one range where they follow one another, as Redis sums them up for old clients.</summary>
    private void Summarise()
    {
        int first = int.MaxValue;
        int last = 0;
        foreach (KeySpec spec in Specs)
        {
            bool isFollowing = spec.Step == 1 && (last == 0 || last == spec.Position - 1);
            if (!spec.IsPlainRange || !isFollowing)
            {
                IsMovable = true;
                continue;
            }
            IsMovable |= IsIncomplete(spec);
            first = Math.Min(first, spec.Position);
            last = (int)Math.Max((uint)last, (uint)AbsoluteLast(spec));
        }
        if (first == int.MaxValue)
        {
            IsMovable = true;
            return;
        }
        (First, Last, Step) = (first, last, 1);
    }

    private static int AbsoluteLast(KeySpec spec) => spec.Last < 0 ? spec.Last : spec.Position + spec.Last;

    private static bool IsIncomplete(KeySpec spec) => (spec.Flags & KeySpecFlags.Incomplete) != 0;
}
