using System.Globalization;
using System.Text;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Fuzz.Targets;

/// <summary>The rules of the request protocol written as plainly as possible: the model the real parser is held against.</summary>
internal sealed class PlainRequestParser
{
    private const int LineMax = 64 * 1024;

    private readonly RequestTranscript _transcript = new();
    private readonly byte[] _bytes;
    private readonly ParseLimits _limits;
    private ProtocolError _error;
    private byte _unexpected;
    private int _position;

    private PlainRequestParser(byte[] bytes, ParseLimits limits)
    {
        _bytes = bytes;
        _limits = limits;
    }

    public static string Parse(byte[] bytes, ParseLimits limits)
    {
        PlainRequestParser parser = new(bytes, limits);
        int consumed = 0;
        while (consumed < bytes.Length)
        {
            parser._position = consumed;
            List<byte[]>? arguments = bytes[consumed] == '*' ? parser.Multibulk() : parser.Inline();
            if (arguments is null)
            {
                break;
            }
            consumed = parser._position;
            if (arguments.Count == 0)
            {
                continue;
            }
            parser._transcript.BeginRequest();
            foreach (byte[] argument in arguments)
            {
                parser._transcript.Argument(argument);
            }
        }

        return parser._transcript.End(parser._error, parser._unexpected, consumed);
    }

    /// <summary>Null: more bytes are needed, or there is an error.</summary>
    private List<byte[]>? Multibulk()
    {
        byte[]? line = Line('\r', 2, ProtocolError.TooBigMultibulkCount);
        if (line is null)
        {
            return null;
        }
        if (!TryNumber(line, out long count) || count > int.MaxValue)
        {
            return Fail(ProtocolError.InvalidMultibulkLength);
        }
        if (count > 10 && _limits.IsUnauthenticated)
        {
            return Fail(ProtocolError.UnauthenticatedMultibulkLength);
        }
        List<byte[]> arguments = [];
        while (arguments.Count < count)
        {
            line = Line('\r', 2, ProtocolError.TooBigBulkCount);
            if (line is null)
            {
                return null;
            }
            byte kind = line.Length == 0 ? (byte)'\r' : line[0];
            if (kind != '$')
            {
                _unexpected = kind;
                return Fail(ProtocolError.ExpectedDollar);
            }

            if (!TryNumber(line, out long size) || size < 0 || size > _limits.BulkSizeMax)
            {
                return Fail(ProtocolError.InvalidBulkLength);
            }
            if (size > 16 * 1024 && _limits.IsUnauthenticated)
            {
                return Fail(ProtocolError.UnauthenticatedBulkLength);
            }
            if (_bytes.Length - _position < size + 2)
            {
                return null;
            }
            arguments.Add(_bytes[_position..(_position + (int)size)]);
            _position += (int)size + 2;
        }

        return arguments;
    }

    private List<byte[]>? Inline()
    {
        byte[]? line = Line('\n', 1, ProtocolError.TooBigInlineRequest);
        if (line is null)
        {
            return null;
        }
        if (line.Length > 0 && line[^1] == '\r')
        {
            line = line[..^1];
        }
        List<byte[]> arguments = [];
        QuotedWords words = new(line);
        byte[] room = new byte[line.Length];
        while (true)
        {
            switch (words.Next(room, out int size))
            {
                case QuotedWords.Step.Word:
                    arguments.Add(room[..size]);
                    break;
                case QuotedWords.Step.End:
                    return arguments;
                default:
                    return Fail(ProtocolError.UnbalancedQuotes);
            }
        }
    }

    /// <summary>The bytes before the terminator; the position moves behind the line's end.</summary>
    private byte[]? Line(char terminator, int endSize, ProtocolError tooBig)
    {
        for (int index = _position; index < _bytes.Length && _bytes[index] != 0 && index - _position <= LineMax; index++)
        {
            if (_bytes[index] != terminator)
            {
                continue;
            }
            if (index + endSize > _bytes.Length)
            {
                return null;
            }
            byte[] line = _bytes[_position..index];
            _position = index + endSize;
            return line;
        }

        if (_bytes.Length - _position > LineMax)
        {
            Fail(tooBig);
        }
        return null;
    }

    private static bool TryNumber(byte[] line, out long number)
    {
        string text = Encoding.Latin1.GetString(line, 1, line.Length - 1);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
            && number.ToString(CultureInfo.InvariantCulture) == text;
    }

    private List<byte[]>? Fail(ProtocolError error)
    {
        _error = error;
        return null;
    }
}
