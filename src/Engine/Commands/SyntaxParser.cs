namespace Bixbite.Engine.Commands;

/// <summary>
/// Reads the Syntax of a <see cref="CommandAttribute"/> into the argument tree of COMMAND DOCS. It is close to the synopsis that every
/// manual has:
/// <code>
///   key value                     two arguments; a name alone says the type where that is usual (key, seconds, count, pattern ...)
///   timeout:double  newkey:key    the type where it is not
///   key ...                       one or more
///   NX                            a word that stands for itself; its name is its lower case
///   smallest=$                    the same with a name of its own
///   EX seconds                    a value after a word
///   [GET]                         optional
///   (data: key value) ...         a block that belongs together, and its name
///   [condition: NX | XX]          one of several, and its name
///   LIMIT (limit: offset count)   a block after a word
///   [(GET pattern) ...]           the word is repeated with the value; in [GET pattern ...] it is not
///   by:pattern@1                  found by the key spec with this number; keys count up by themselves
///   GET@6.2.0  [x@7.0.0: a | b]   since a later release than the command
///   id@until-2.8.12               not to be used any more since that release
/// </code>
/// Also compiled into the generator, which reports what is wrong.
/// </summary>
public sealed class SyntaxParser
{
    private static readonly Dictionary<string, SyntaxType> s_types = new()
    {
        ["string"] = SyntaxType.String,
        ["integer"] = SyntaxType.Integer,
        ["double"] = SyntaxType.Double,
        ["key"] = SyntaxType.Key,
        ["pattern"] = SyntaxType.Pattern,
        ["unix-time"] = SyntaxType.UnixTime,
    };

    private static readonly Dictionary<string, SyntaxType> s_usualTypes = new()
    {
        ["key"] = SyntaxType.Key,
        ["pattern"] = SyntaxType.Pattern,
        ["seconds"] = SyntaxType.Integer,
        ["milliseconds"] = SyntaxType.Integer,
        ["count"] = SyntaxType.Integer,
        ["numkeys"] = SyntaxType.Integer,
        ["offset"] = SyntaxType.Integer,
        ["index"] = SyntaxType.Integer,
        ["unix-time-seconds"] = SyntaxType.UnixTime,
        ["unix-time-milliseconds"] = SyntaxType.UnixTime,
    };

    private readonly List<string> _tokens = [];
    private readonly int _keySpecCount;
    private int _next;
    private int _keyCount;
    private string _error = "";

    private SyntaxParser(string text, int keySpecCount)
    {
        _keySpecCount = keySpecCount;
        Split(text);
    }

    /// <summary>The arguments; null, and what is wrong, where the text is not well formed.</summary>
    public static IReadOnlyList<SyntaxArgument>? Parse(string text, int keySpecCount, out string error)
    {
        var parser = new SyntaxParser(text, keySpecCount);
        List<SyntaxArgument> arguments = parser.ReadSequence();
        if (parser._error.Length == 0 && parser._next < parser._tokens.Count)
        {
            parser._error = "unexpected '" + parser.Peek + "'";
        }
        error = parser._error;
        return error.Length == 0 ? arguments : null;
    }

    private string Peek => _next < _tokens.Count ? _tokens[_next] : "";

    private void Split(string text)
    {
        foreach (string part in text.Split([' '], StringSplitOptions.RemoveEmptyEntries))
        {
            int start = 0;
            int end = part.Length;
            while (start < end && part[start] is '[' or '(')
            {
                _tokens.Add(part[start++].ToString());
            }
            int closing = end;
            while (closing > start && part[closing - 1] is ']' or ')')
            {
                closing--;
            }
            if (closing > start)
            {
                _tokens.Add(part.Substring(start, closing - start));
            }
            for (; closing < end; closing++)
            {
                _tokens.Add(part[closing].ToString());
            }
        }
    }

    private List<SyntaxArgument> ReadSequence()
    {
        var arguments = new List<SyntaxArgument>();
        while (_error.Length == 0 && Peek is not ("" or "|" or "]" or ")"))
        {
            SyntaxArgument? argument = ReadElement();
            if (argument is null)
            {
                break;
            }
            if (Peek == "...")
            {
                _next++;
                argument.IsMultiple = true;
            }
            arguments.Add(argument);
        }
        return arguments;
    }

    private SyntaxArgument? ReadElement()
    {
        switch (Peek)
        {
            case "[":
                SyntaxArgument? optional = ReadGroup("]");
                if (optional is not null)
                {
                    optional.IsOptional = true;
                }
                return optional;
            case "(":
                return ReadGroup(")");
            case "...":
                _error = "nothing stands before '...'";
                return null;
            default:
                string word = _tokens[_next++];
                string release = TakeRelease(ref word);
                return WithRelease(IsToken(word) ? ReadTokenArgument(word) : ReadNamed(word), release);
        }
    }

    /// <summary>A word with the value or block that follows it, or by itself.</summary>
    private SyntaxArgument? ReadTokenArgument(string word)
    {
        int equals = word.IndexOf('=');
        if (equals > 0)
        {
            return new SyntaxArgument(word.Substring(0, equals), SyntaxType.PureToken) { Token = word.Substring(equals + 1) };
        }
        bool hasValue = Peek == "(" || (Peek.Length > 0 && char.IsLower(Peek[0]) && !IsToken(Peek));
        if (!hasValue)
        {
            return new SyntaxArgument(word.ToLowerInvariant(), SyntaxType.PureToken) { Token = word };
        }
        SyntaxArgument? argument = ReadElement();
        if (argument is not null)
        {
            argument.Token = word;
        }
        return argument;
    }

    private SyntaxArgument? ReadNamed(string word)
    {
        string name = word;
        int specIndex = -1;
        int at = name.IndexOf('@');
        if (at > 0)
        {
            string number = name.Substring(at + 1);
            if (!int.TryParse(number, out specIndex))
            {
                _error = "a key spec's number must follow '@' in '" + word + "'";
                return null;
            }
            name = name.Substring(0, at);
        }
        SyntaxType type;
        int colon = name.IndexOf(':');
        if (colon > 0)
        {
            if (!s_types.TryGetValue(name.Substring(colon + 1), out type))
            {
                _error = "unknown type in '" + word + "'";
                return null;
            }
            name = name.Substring(0, colon);
        }
        else if (!s_usualTypes.TryGetValue(name, out type))
        {
            type = SyntaxType.String;
        }
        if (type == SyntaxType.Key && specIndex < 0)
        {
            specIndex = Math.Min(_keyCount++, _keySpecCount - 1);
        }
        return new SyntaxArgument(name, type) { KeySpecIndex = specIndex };
    }

    private SyntaxArgument? ReadGroup(string closing)
    {
        _next++;
        string label = "";
        string release = "";
        if (Peek.Length > 1 && Peek[Peek.Length - 1] == ':')
        {
            label = Peek.Substring(0, Peek.Length - 1);
            release = TakeRelease(ref label);
            _next++;
        }
        var alternatives = new List<SyntaxArgument>();
        while (true)
        {
            SyntaxArgument? alternative = ToOne(ReadSequence(), Peek == closing && alternatives.Count == 0 ? label : "");
            if (alternative is null)
            {
                return null;
            }
            alternatives.Add(alternative);
            if (Peek != "|")
            {
                break;
            }
            _next++;
        }
        if (Peek != closing)
        {
            _error = "'" + closing + "' is missing";
            return null;
        }
        _next++;
        SyntaxArgument group = alternatives.Count == 1
            ? alternatives[0]
            : new SyntaxArgument(label.Length > 0 ? label : JoinNames(alternatives), SyntaxType.OneOf) { Arguments = alternatives };
        return WithRelease(group, release);
    }

    /// <summary>Cuts the release (after '@', with a dot) off the word; empty where there is none.</summary>
    private static string TakeRelease(ref string word)
    {
        int at = word.IndexOf('@');
        if (at <= 0 || word.IndexOf('.', at) < 0)
        {
            return "";
        }
        string release = word.Substring(at + 1);
        word = word.Substring(0, at);
        return release;
    }

    private static SyntaxArgument? WithRelease(SyntaxArgument? argument, string release)
    {
        const string until = "until-";
        if (argument is not null && release.StartsWith(until, StringComparison.Ordinal))
        {
            argument.DeprecatedSince = release.Substring(until.Length);
        }
        else if (argument is not null && release.Length > 0)
        {
            argument.Since = release;
        }
        return argument;
    }

    /// <summary>A sequence as one argument: itself if it is one, and a block otherwise.</summary>
    private SyntaxArgument? ToOne(List<SyntaxArgument> sequence, string label)
    {
        if (_error.Length > 0 || sequence.Count == 0)
        {
            _error = _error.Length > 0 ? _error : "an alternative is empty";
            return null;
        }
        if (sequence.Count > 1)
        {
            return new SyntaxArgument(label.Length > 0 ? label : JoinNames(sequence), SyntaxType.Block) { Arguments = sequence };
        }
        SyntaxArgument only = sequence[0];
        if (only.Token is not null && !only.IsMultiple && Peek == ")" && _next + 1 < _tokens.Count && _tokens[_next + 1] == "...")
        {
            only.IsTokenMultiple = true;
        }
        return only;
    }

    private static bool IsToken(string word) => !char.IsLower(word[0]) || word.IndexOf('=') > 0;

    private static string JoinNames(List<SyntaxArgument> arguments) => string.Join("-", arguments.ConvertAll(argument => argument.Name));
}
