using System.Text;
using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Compiling;

/// <summary>Makes tokens of a source, and errors with its name, its line and the last token's text.</summary>
internal sealed class Lexer
{
    private const int EndOfSource = -1;

    private readonly byte[] _source;
    private readonly StringPool _strings;
    private readonly string _chunkName;
    private readonly List<byte> _buffer = [];
    private int _position;
    private int _current;
    private Token _ahead = new(TokenKind.EndOfSource);
    private bool _hasAhead;

    public Lexer(byte[] source, LuaString name, StringPool strings)
    {
        _source = source;
        _strings = strings;
        _chunkName = ChunkName.ForCompiling(name.Span);
        Advance();
    }

    /// <summary>The token to be looked at next.</summary>
    public Token Token { get; private set; }

    /// <summary>The line that is being read.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>The line of the token that was taken last.</summary>
    public int LastLine { get; private set; } = 1;

    public StringPool Strings => _strings;

    public void Next()
    {
        LastLine = Line;
        if (_hasAhead)
        {
            Token = _ahead;
            _hasAhead = false;
        }
        else
        {
            Token = Read();
        }
    }

    /// <summary>The kind of the token after the next one.</summary>
    public TokenKind LookAhead()
    {
        _ahead = Read();
        _hasAhead = true;
        return _ahead.Kind;
    }

    /// <summary>An error at the token to be looked at next.</summary>
    public LuaException SyntaxError(string message) => ErrorNear(message, Token.Kind);

    /// <summary>An error of the current line.</summary>
    public LuaException Error(string message) => new(LuaString.Of($"{_chunkName}:{Line}: {message}"));

    private LuaException ErrorNear(string message, TokenKind kind)
    {
        if (kind == 0)
        {
            return Error(message);
        }
        string text = kind is TokenKind.Name or TokenKind.String or TokenKind.Number ? BufferText() : TokenText.Of(kind);
        return Error($"{message} near '{text}'");
    }

    private string BufferText()
    {
        int terminator = _buffer.IndexOf(0);
        return Encoding.Latin1.GetString([.. terminator >= 0 ? _buffer[..terminator] : _buffer]);
    }

    private void Advance() => _current = _position < _source.Length ? _source[_position++] : EndOfSource;

    private void SaveAndAdvance()
    {
        _buffer.Add((byte)_current);
        Advance();
    }

    private bool IsNewLine => _current is '\n' or '\r';

    private void SkipNewLine()
    {
        int first = _current;
        Advance();
        if (IsNewLine && _current != first)
        {
            Advance();
        }
        Line++;
    }

    private Token Read()
    {
        _buffer.Clear();
        while (true)
        {
            switch (_current)
            {
                case '\n' or '\r':
                    SkipNewLine();
                    break;
                case ' ' or '\t' or '\v' or '\f':
                    Advance();
                    break;
                case '-':
                    Advance();
                    if (_current != '-')
                    {
                        return new Token((TokenKind)'-');
                    }
                    SkipComment();
                    break;
                default:
                    return ReadVisible();
            }
        }
    }

    private Token ReadVisible()
    {
        switch (_current)
        {
            case EndOfSource:
                return new Token(TokenKind.EndOfSource);
            case '[':
                return ReadBracket();
            case '=':
                return ReadPair('=', TokenKind.Equal);
            case '<':
                return ReadPair('<', TokenKind.LessEqual);
            case '>':
                return ReadPair('>', TokenKind.GreaterEqual);
            case '~':
                return ReadPair('~', TokenKind.NotEqual);
            case '"' or '\'':
                return ReadString();
            case '.':
                return ReadDots();
            case >= '0' and <= '9':
                return ReadNumber();
            case '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
                return ReadWord();
            default:
                int character = _current;
                Advance();
                return new Token((TokenKind)character);
        }
    }

    private Token ReadPair(char first, TokenKind pair)
    {
        Advance();
        if (_current != '=')
        {
            return new Token((TokenKind)first);
        }
        Advance();
        return new Token(pair);
    }

    private Token ReadDots()
    {
        SaveAndAdvance();
        if (_current == '.')
        {
            SaveAndAdvance();
            if (_current != '.')
            {
                return new Token(TokenKind.Concat);
            }
            Advance();
            return new Token(TokenKind.Dots);
        }
        return _current is >= '0' and <= '9' ? ReadNumber() : new Token((TokenKind)'.');
    }

    private Token ReadWord()
    {
        int start = _position - 1;
        do
        {
            Advance();
        }
        while (IsWordCharacter);
        ReadOnlySpan<byte> word = _source.AsSpan(start, (_current == EndOfSource ? _position : _position - 1) - start);
        TokenKind kind = TokenText.WordOrName(word);
        if (kind != TokenKind.Name)
        {
            return new Token(kind);
        }
        _buffer.AddRange(word);
        return new Token(kind, _strings.Get(word));
    }

    private bool IsWordCharacter => _current is '_' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9');

    private Token ReadNumber()
    {
        while (_current is '.' or (>= '0' and <= '9'))
        {
            SaveAndAdvance();
        }
        if (_current is 'e' or 'E')
        {
            SaveAndAdvance();
            if (_current is '+' or '-')
            {
                SaveAndAdvance();
            }
        }
        while (IsWordCharacter)
        {
            SaveAndAdvance();
        }
        return NumberText.TryRead([.. _buffer], out double number)
            ? new Token(TokenKind.Number, Number: number)
            : throw ErrorNear("malformed number", TokenKind.Number);
    }

    private void SkipComment()
    {
        Advance();
        if (_current == '[')
        {
            int level = ReadSeparator();
            if (level >= 0)
            {
                ReadLong(level, isComment: true);
                _buffer.Clear();
                return;
            }
        }
        _buffer.Clear();
        while (!IsNewLine && _current != EndOfSource)
        {
            Advance();
        }
    }

    private Token ReadBracket()
    {
        int level = ReadSeparator();
        return level switch
        {
            >= 0 => ReadLong(level, isComment: false),
            -1 => new Token((TokenKind)'['),
            _ => throw ErrorNear("invalid long string delimiter", TokenKind.String),
        };
    }

    /// <summary>Counts the equal signs between two brackets; negative if the second bracket is missing: -1 - count.</summary>
    private int ReadSeparator()
    {
        int bracket = _current;
        int count = 0;
        SaveAndAdvance();
        while (_current == '=')
        {
            SaveAndAdvance();
            count++;
        }
        return _current == bracket ? count : -1 - count;
    }

    private Token ReadLong(int level, bool isComment)
    {
        SaveAndAdvance();
        if (IsNewLine)
        {
            SkipNewLine();
        }
        while (true)
        {
            switch (_current)
            {
                case EndOfSource:
                    throw ErrorNear(isComment ? "unfinished long comment" : "unfinished long string", TokenKind.EndOfSource);
                case '[':
                    if (ReadSeparator() == level && level == 0)
                    {
                        throw ErrorNear("nesting of [[...]] is deprecated", (TokenKind)'[');
                    }
                    break;
                case ']':
                    if (ReadSeparator() == level)
                    {
                        SaveAndAdvance();
                        return isComment ? default : StringToken(level + 2);
                    }
                    break;
                case '\n' or '\r':
                    _buffer.Add((byte)'\n');
                    SkipNewLine();
                    break;
                default:
                    SaveAndAdvance();
                    break;
            }
            if (isComment)
            {
                _buffer.Clear();
            }
        }
    }

    /// <summary>The buffer without its delimiters.</summary>
    private Token StringToken(int delimiter) => new(
        TokenKind.String,
        _strings.Get(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_buffer)[delimiter..^delimiter]));

    private Token ReadString()
    {
        int delimiter = _current;
        SaveAndAdvance();
        while (_current != delimiter)
        {
            switch (_current)
            {
                case EndOfSource:
                    throw ErrorNear("unfinished string", TokenKind.EndOfSource);
                case '\n' or '\r':
                    throw ErrorNear("unfinished string", TokenKind.String);
                case '\\':
                    Advance();
                    ReadEscape();
                    break;
                default:
                    SaveAndAdvance();
                    break;
            }
        }
        SaveAndAdvance();
        return StringToken(1);
    }

    private void ReadEscape()
    {
        switch (_current)
        {
            case EndOfSource:
                return;
            case '\n' or '\r':
                _buffer.Add((byte)'\n');
                SkipNewLine();
                return;
            case >= '0' and <= '9':
                ReadDecimalEscape();
                return;
            default:
                _buffer.Add((byte)(_current switch
                {
                    'a' => '\a',
                    'b' => '\b',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\v',
                    _ => _current,
                }));
                Advance();
                return;
        }
    }

    private void ReadDecimalEscape()
    {
        int code = 0;
        for (int digits = 0; digits < 3 && _current is >= '0' and <= '9'; digits++)
        {
            code = 10 * code + (_current - '0');
            Advance();
        }
        if (code > byte.MaxValue)
        {
            throw ErrorNear("escape sequence too large", TokenKind.String);
        }
        _buffer.Add((byte)code);
    }
}
