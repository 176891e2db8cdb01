using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Reads a command's arguments from left to right and remembers only the first error: a command parses everything, asks once whether it
/// went well, and changes nothing before.
/// </summary>
public ref struct ArgumentReader
{
    private readonly CommandContext _context;
    private ReadOnlySpan<byte> _error;

    public ArgumentReader(CommandContext context, int position)
    {
        _context = context;
        Position = position;
    }

    /// <summary>The position of the argument that is read next.</summary>
    public int Position { get; private set; }

    public readonly bool IsAtEnd => Position >= _context.Count;

    /// <summary>Arguments not yet read.</summary>
    public readonly int Left => Math.Max(_context.Count - Position, 0);

    public readonly bool HasFailed => !_error.IsEmpty;

    /// <summary>Answers the first error and returns true, if there was one.</summary>
    public readonly bool AnswerFailure()
    {
        if (_error.IsEmpty)
        {
            return false;
        }
        _context.Reply.Error(_error);
        return true;
    }

    /// <summary>Remembers an error unless there is one already, and stops the reading.</summary>
    public void Fail(ReadOnlySpan<byte> error)
    {
        if (_error.IsEmpty)
        {
            _error = error;
        }
        Position = _context.Count;
    }

    /// <summary>The next argument; a syntax error where there is none.</summary>
    public ReadOnlySpan<byte> Next()
    {
        if (IsAtEnd)
        {
            Fail(ErrorText.Syntax);
            return default;
        }
        return _context[Position++];
    }

    /// <summary>The next argument without taking it; empty at the end.</summary>
    public readonly ReadOnlySpan<byte> Peek() => IsAtEnd ? default : _context[Position];

    /// <summary>Takes the next argument if it is this word in any letter case. The word must be lower case.</summary>
    public bool Match(ReadOnlySpan<byte> word)
    {
        if (IsAtEnd || !Ascii.EqualsIgnoreCase(_context[Position], word))
        {
            return false;
        }
        Position++;
        return true;
    }

    /// <summary>Takes the next argument if it is this word and at least <paramref name="valueCount"/> arguments follow it.</summary>
    public bool Match(ReadOnlySpan<byte> word, int valueCount) => Left > valueCount && Match(word);

    /// <summary>The next argument as a 64-bit integer.</summary>
    public long Integer() => Integer(ErrorText.NotAnInteger);

    public long Integer(ReadOnlySpan<byte> error)
    {
        ReadOnlySpan<byte> text = Next();
        if (HasFailed)
        {
            return 0;
        }
        if (!Integers.TryParse(text, out long value))
        {
            Fail(error);
        }
        return value;
    }

    /// <summary>The next argument as an integer within bounds; the error is answered for anything else.</summary>
    public long Integer(long min, long max, ReadOnlySpan<byte> error)
    {
        long value = Integer(error);
        if (!HasFailed && (value < min || value > max))
        {
            Fail(error);
        }
        return value;
    }

    /// <summary>The next argument as a number other than NaN; infinities are numbers.</summary>
    public double Double(ReadOnlySpan<byte> error)
    {
        ReadOnlySpan<byte> text = Next();
        if (HasFailed)
        {
            return 0;
        }
        if (!Doubles.TryParse(text, out double value))
        {
            Fail(error);
        }
        return value;
    }
}
