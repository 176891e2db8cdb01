using System.Diagnostics;

namespace Bixbite.Structures.Text;

/// <summary>
/// Splits a line into words the way inline commands and configuration files are written: words stand between white space; within
/// double quotes there are escapes (\n \r \t \a \b \xhh, any other byte for itself), within single quotes only \'. A closing quote
/// ends its word, so white space or the end has to follow it. A zero byte ends the line.
/// </summary>
public ref struct QuotedWords
{
    private readonly ReadOnlySpan<byte> _line;
    private int _position;

    public QuotedWords(ReadOnlySpan<byte> line)
    {
        int end = line.IndexOf((byte)0);
        _line = end < 0 ? line : line[..end];
    }

    public enum Step : byte
    {
        Word,
        End,

        /// <summary>A quote is not closed, or something touches a closed one. There are no further words.</summary>
        Unbalanced,
    }

    /// <summary>All words of a line; false if a quote is not closed, or closed in the midst of a word.</summary>
    public static bool TrySplit(ReadOnlySpan<byte> line, out List<byte[]> words)
    {
        words = [];
        byte[] room = new byte[line.Length];
        QuotedWords reader = new(line);
        while (true)
        {
            Step step = reader.Next(room, out int size);
            if (step != Step.Word)
            {
                return step == Step.End;
            }
            words.Add(room[..size]);
        }
    }

    /// <summary>
    /// Writes the next word without its quotes and escapes; it is never longer than the line, so a destination as long as the line always
    /// suffices.
    /// </summary>
    public Step Next(Span<byte> destination, out int size)
    {
        size = 0;
        while (_position < _line.Length && Ascii.IsSpace(_line[_position]))
        {
            _position++;
        }
        if (_position == _line.Length)
        {
            return Step.End;
        }

        while (_position < _line.Length)
        {
            byte letter = _line[_position++];
            switch (letter)
            {
                case (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                    return Step.Word;
                case (byte)'"' or (byte)'\'':
                    bool isClosed = letter == '"' ? ReadDouble(destination, ref size) : ReadSingle(destination, ref size);
                    return isClosed && IsAtBoundary() ? Step.Word : Fail();
                default:
                    destination[size++] = letter;
                    break;
            }
        }
        return Step.Word;
    }

    private readonly bool IsAtBoundary() => _position == _line.Length || Ascii.IsSpace(_line[_position]);

    private Step Fail()
    {
        _position = _line.Length;
        return Step.Unbalanced;
    }

    private bool ReadDouble(Span<byte> destination, ref int size)
    {
        while (_position < _line.Length)
        {
            byte letter = _line[_position++];
            if (letter == '"')
            {
                return true;
            }
            if (letter == '\\' && _position < _line.Length)
            {
                letter = ReadEscape();
            }
            destination[size++] = letter;
        }
        return false;
    }

    private bool ReadSingle(Span<byte> destination, ref int size)
    {
        while (_position < _line.Length)
        {
            byte letter = _line[_position++];
            if (letter == '\'')
            {
                return true;
            }
            if (letter == '\\' && _position < _line.Length && _line[_position] == '\'')
            {
                letter = _line[_position++];
            }
            destination[size++] = letter;
        }
        return false;
    }

    private byte ReadEscape()
    {
        Debug.Assert(_position < _line.Length);
        if (_line[_position] == 'x' && _position + 2 < _line.Length)
        {
            int high = Ascii.HexValue(_line[_position + 1]);
            int low = Ascii.HexValue(_line[_position + 2]);
            if (high >= 0 && low >= 0)
            {
                _position += 3;
                return (byte)(high << 4 | low);
            }
        }
        byte letter = _line[_position++];
        return letter switch
        {
            (byte)'n' => (byte)'\n',
            (byte)'r' => (byte)'\r',
            (byte)'t' => (byte)'\t',
            (byte)'b' => (byte)'\b',
            (byte)'a' => (byte)'\a',
            _ => letter,
        };
    }
}
