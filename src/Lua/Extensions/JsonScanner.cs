using Bixbite.Lua.Text;
using Bixbite.Lua.Values;

namespace Bixbite.Lua.Extensions;

/// <summary>
/// Takes a text apart into the tokens of JSON, as loosely as cjson does: a NUL ends the text, and numbers are what strtod takes, unless
/// they must be valid.
/// </summary>
internal sealed class JsonScanner
{
    private readonly LuaString _text;
    private readonly int _end;
    private readonly bool _takesInvalidNumbers;
    private readonly ByteBuffer _unescaped;
    private Range _plain;
    private bool _isUnescaped;

    public JsonScanner(LuaString text, bool takesInvalidNumbers, ByteBuffer unescaped)
    {
        _text = text;
        int end = text.Span.IndexOf((byte)0);
        _end = end < 0 ? text.Length : end;
        _takesInvalidNumbers = takesInvalidNumbers;
        _unescaped = unescaped;
    }

    /// <summary>The place after the token that was read last.</summary>
    public int At { get; private set; }

    /// <summary>The place of the token that was read last, or of the error in it.</summary>
    public int TokenAt { get; private set; }

    public JsonToken Token { get; private set; }

    /// <summary>The value of a number.</summary>
    public double Number { get; private set; }

    /// <summary>The reason of an error.</summary>
    public string Error { get; private set; } = "";

    /// <summary>The bytes of a text, until the next token.</summary>
    public ReadOnlySpan<byte> Text => _isUnescaped ? _unescaped.Written : _text.Span[_plain];

    public JsonToken Read()
    {
        ReadOnlySpan<byte> text = _text.Span[.._end];
        int at = At;
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r')
        {
            at++;
        }
        (At, TokenAt) = (at, at);
        Token = at == text.Length ? JsonToken.End : Scan(text);
        return Token;
    }

    private JsonToken Scan(ReadOnlySpan<byte> text)
    {
        switch (text[At])
        {
            case (byte)'{':
                return Take(JsonToken.ObjectBegin, 1);
            case (byte)'}':
                return Take(JsonToken.ObjectEnd, 1);
            case (byte)'[':
                return Take(JsonToken.ArrayBegin, 1);
            case (byte)']':
                return Take(JsonToken.ArrayEnd, 1);
            case (byte)',':
                return Take(JsonToken.Comma, 1);
            case (byte)':':
                return Take(JsonToken.Colon, 1);
            case (byte)'"':
                return ScanText(text);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'):
                return _takesInvalidNumbers || !IsInvalidNumber(text[At..]) ? ScanNumber(text) : Fail("invalid number");
            case (byte)'t' when text[At..].StartsWith("true"u8):
                return Take(JsonToken.True, 4);
            case (byte)'f' when text[At..].StartsWith("false"u8):
                return Take(JsonToken.False, 5);
            case (byte)'n' when text[At..].StartsWith("null"u8):
                return Take(JsonToken.Null, 4);
            case (byte)'n' or (byte)'N' or (byte)'i' or (byte)'I' or (byte)'+' when _takesInvalidNumbers && IsInvalidNumber(text[At..]):
                return ScanNumber(text);
            default:
                return Fail("invalid token");
        }
    }

    private JsonToken Take(JsonToken token, int size)
    {
        At += size;
        return token;
    }

    private JsonToken Fail(string error)
    {
        TokenAt = At;
        Error = error;
        return JsonToken.Error;
    }

    private JsonToken ScanNumber(ReadOnlySpan<byte> text)
    {
        if (!FloatReader.TryRead(text[At..], out double number, out int length))
        {
            return Fail("invalid number");
        }
        Number = number;
        return Take(JsonToken.Number, length);
    }

    /// <summary>Whether a number that strtod may take is none of JSON's.</summary>
    private static bool IsInvalidNumber(ReadOnlySpan<byte> text)
    {
        if (text[0] == '+')
        {
            return true;
        }
        text = text[(text[0] == '-' ? 1 : 0)..];
        if (text is [(byte)'0', byte second, ..])
        {
            return (second | 0x20) == 'x' || ByteClass.IsDigit(second);
        }
        return text is [byte first, byte next, byte last, ..]
            && ((ByteClass.ToLower(first), ByteClass.ToLower(next), ByteClass.ToLower(last)) is
                ((byte)'i', (byte)'n', (byte)'f') or ((byte)'n', (byte)'a', (byte)'n'));
    }

    private JsonToken ScanText(ReadOnlySpan<byte> text)
    {
        At++;
        int length = text[At..].IndexOfAny((byte)'"', (byte)'\\');
        if (length >= 0 && text[At + length] == '"')
        {
            _isUnescaped = false;
            _plain = At..(At + length);
            return Take(JsonToken.Text, length + 1);
        }

        _isUnescaped = true;
        _unescaped.Clear();
        while (length >= 0)
        {
            _unescaped.Add(text.Slice(At, length));
            At += length;
            if (text[At] == '"')
            {
                return Take(JsonToken.Text, 1);
            }
            if (!TryUnescape(text))
            {
                return JsonToken.Error;
            }
            length = text[At..].IndexOfAny((byte)'"', (byte)'\\');
        }
        At = text.Length;
        return Fail("unexpected end of string");
    }

    private bool TryUnescape(ReadOnlySpan<byte> text)
    {
        byte letter = At + 1 < text.Length ? text[At + 1] : (byte)0;
        byte meaning = letter switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => letter,
            (byte)'b' => (byte)'\b',
            (byte)'t' => (byte)'\t',
            (byte)'n' => (byte)'\n',
            (byte)'f' => (byte)'\f',
            (byte)'r' => (byte)'\r',
            _ => 0,
        };
        if (meaning != 0)
        {
            _unescaped.Add(meaning);
            At += 2;
            return true;
        }
        if (letter == 'u' && TryUnescapeUnit(text))
        {
            return true;
        }
        Fail(letter == 'u' ? "invalid unicode escape code" : "invalid escape code");
        return false;
    }

    /// <summary>A code unit of UTF-16, or two that belong together, as UTF-8.</summary>
    private bool TryUnescapeUnit(ReadOnlySpan<byte> text)
    {
        int size = 6;
        int point = CodeUnit(text[At..]);
        if (point < 0)
        {
            return false;
        }
        if ((point & 0xf800) == 0xd800)
        {
            int low = text.Length - At > size ? CodeUnit(text[(At + size)..]) : -1;
            if ((point & 0x400) != 0 || low < 0 || (low & 0xfc00) != 0xdc00)
            {
                return false;
            }
            point = (((point & 0x3ff) << 10) | (low & 0x3ff)) + 0x10000;
            size += 6;
        }
        Span<byte> bytes = _unescaped.Reserve(4);
        _unescaped.Advance(new System.Text.Rune(point).EncodeToUtf8(bytes));
        At += size;
        return true;
    }

    /// <summary>The number behind a backslash and a u; -1 if there is none.</summary>
    private static int CodeUnit(ReadOnlySpan<byte> text)
    {
        if (text is not [(byte)'\\', (byte)'u', _, _, _, _, ..])
        {
            return -1;
        }
        int unit = 0;
        foreach (byte digit in text.Slice(2, 4))
        {
            if (!ByteClass.IsHexDigit(digit))
            {
                return -1;
            }
            unit = (unit << 4) | ByteClass.DigitValue(digit);
        }
        return unit;
    }
}
