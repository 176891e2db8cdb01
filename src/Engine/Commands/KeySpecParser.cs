using System.Globalization;

namespace Bixbite.Engine.Commands;

/// <summary>
/// Reads the Keys of a <see cref="CommandAttribute"/>. Specs are separated by bars, the flags stand before the semicolon, and positions
/// count from the command's name, which is 0, or from the end where negative:
/// <code>
///   ro access; 1                                 one key
///   ro access; 1..-1                             all arguments
///   rw access; 1..2                              the first two
///   ow update; 1..-1 step 2                      every second one
///   ow update; 2 | ro access; 3..-1              two specs
///   ro access; numkeys 2                         argument 2 says how many keys follow it
///   ow update; numkeys 1 step 2                  as many, with something after each
///   ow update; after STORE from 6                the one after the word, which is looked for from argument 6 on
///   ro access; after STREAMS from 4 to -1 limit 2   from after the word through the first half of what is left
///   ro access; unknown                           keys that no rule finds
///   ow update; unknown after STORE               the same for clients; to us it is the argument after the last such word
///   ro access; unknown outside                   the same for clients; to us keys that are no arguments
///   rw access; 1 -- why it is so                 with notes for people
/// </code>
/// Also compiled into the generator, which reports what is wrong.
/// </summary>
public static class KeySpecParser
{
    private const string NotesMark = " -- ";

    /// <summary>Null, and what is wrong, where the text is not well formed.</summary>
    public static IReadOnlyList<KeySpec>? Parse(string text, out string error)
    {
        error = "";
        var specs = new List<KeySpec>();
        if (text.Length == 0)
        {
            return specs;
        }
        foreach (string part in text.Split('|'))
        {
            KeySpec? spec = ParseOne(part, ref error);
            if (spec is null)
            {
                return null;
            }
            specs.Add(spec);
        }
        return specs;
    }

    private static KeySpec? ParseOne(string text, ref string error)
    {
        string notes = "";
        int dashes = text.IndexOf(NotesMark, StringComparison.Ordinal);
        if (dashes >= 0)
        {
            notes = text.Substring(dashes + NotesMark.Length).Trim();
            text = text.Substring(0, dashes);
        }
        int semicolon = text.IndexOf(';');
        if (semicolon < 0)
        {
            error = "a semicolon must stand between flags and positions";
            return null;
        }
        if (!CommandWords.TryParse(text.Substring(0, semicolon), out KeySpecFlags flags))
        {
            error = "unknown key flag";
            return null;
        }
        var words = new Words(text.Substring(semicolon + 1));
        KeySpec? spec = words.Next() switch
        {
            "unknown" => ParseUnknown(flags, words),
            "numkeys" => ParseCount(flags, words),
            "after" => ParseKeyword(flags, words),
            string range => ParseIndex(flags, range, words),
        };
        if (spec is null || !words.IsAtEnd)
        {
            error = "cannot read '" + text.Substring(semicolon + 1).Trim() + "'";
            return null;
        }
        spec.Notes = notes;
        return spec;
    }

    private static KeySpec? ParseIndex(KeySpecFlags flags, string range, Words words)
    {
        int dots = range.IndexOf("..", StringComparison.Ordinal);
        string first = dots < 0 ? range : range.Substring(0, dots);
        if (!TryReadNumber(first, out int position) || position < 1)
        {
            return null;
        }
        int last = position;
        if (dots >= 0 && !TryReadNumber(range.Substring(dots + 2), out last))
        {
            return null;
        }
        var spec = new KeySpec(flags, KeyBegin.Index, KeyFind.Range) { Position = position, Last = last < 0 ? last : last - position };
        return (last < 0 || last >= position) && TryReadSteps(spec, words) ? spec : null;
    }

    private static KeySpec? ParseUnknown(KeySpecFlags flags, Words words)
    {
        var spec = new KeySpec(flags, KeyBegin.Unknown, KeyFind.Unknown);
        if (words.Take("after"))
        {
            spec.Keyword = words.Next();
            spec.Position = -2;
            return spec.Keyword.Length == 0 ? null : spec;
        }
        spec.Keyword = words.Take("outside") ? "" : null;
        return spec;
    }

    private static KeySpec? ParseCount(KeySpecFlags flags, Words words)
    {
        if (!TryReadNumber(words.Next(), out int position) || position < 1)
        {
            return null;
        }
        var spec = new KeySpec(flags, KeyBegin.Index, KeyFind.Count) { Position = position, FirstAt = 1 };
        return TryReadSteps(spec, words) ? spec : null;
    }

    private static KeySpec? ParseKeyword(KeySpecFlags flags, Words words)
    {
        string keyword = words.Next();
        if (keyword.Length == 0 || words.Next() != "from" || !TryReadNumber(words.Next(), out int from) || from == 0)
        {
            return null;
        }
        var spec = new KeySpec(flags, KeyBegin.Keyword, KeyFind.Range) { Position = from, Keyword = keyword };
        if (words.Take("to"))
        {
            if (!TryReadNumber(words.Next(), out int last) || last >= 0)
            {
                return null;
            }
            spec.Last = last;
        }
        return TryReadSteps(spec, words) ? spec : null;
    }

    private static bool TryReadSteps(KeySpec spec, Words words)
    {
        if (words.Take("step"))
        {
            if (!TryReadNumber(words.Next(), out int step) || step < 1)
            {
                return false;
            }
            spec.Step = step;
        }
        if (words.Take("limit"))
        {
            if (!TryReadNumber(words.Next(), out int limit) || limit < 0)
            {
                return false;
            }
            spec.Limit = limit;
        }
        return true;
    }

    private static bool TryReadNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private sealed class Words(string text)
    {
        private readonly string[] _words = text.Split([' '], StringSplitOptions.RemoveEmptyEntries);
        private int _next;

        public bool IsAtEnd => _next >= _words.Length;

        public string Next() => IsAtEnd ? "" : _words[_next++];

        public bool Take(string word)
        {
            if (IsAtEnd || _words[_next] != word)
            {
                return false;
            }
            _next++;
            return true;
        }
    }
}
