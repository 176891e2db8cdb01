using System.Globalization;
using System.Text;

namespace Bixbite.Launcher.Checking;

/// <summary>
/// Goes through a log request by request and says where the last good one ended, in the words of redis-check-aof. It knows no commands but
/// MULTI and EXEC: a transaction is good only as a whole.
/// </summary>
internal sealed class LogScan(CheckedFile text, string path)
{
    private const int NumberLineSizeMax = 127;
    private const int AnnotationSizeMax = 1023;

    private int _transactionDepth;
    private long _itemPosition;

    /// <summary>The line that is being read, counted from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>Where the last good request ended.</summary>
    public long GoodEnd { get; private set; }

    /// <summary>The error with its place; empty where there was none, or only the end was missing.</summary>
    public string Error { get; private set; } = "";

    /// <summary>With a time limit: where the first annotation stands that is later; otherwise -1.</summary>
    public long LateOffset { get; private set; } = -1;

    /// <summary>An annotation of time that is none.</summary>
    public bool HasWrongTime { get; private set; }

    /// <summary>Something stands where a request should begin.</summary>
    public bool HasFormatError { get; private set; }

    /// <summary>Reads on to the end, to the first mistake, or to the first annotation of a time later than the limit (0: none).</summary>
    public void Run(long timeLimit, Action<long> progress)
    {
        GoodEnd = text.Position;
        bool isGood = true;
        while (isGood)
        {
            if (_transactionDepth == 0)
            {
                GoodEnd = text.Position;
            }
            progress(text.Position);
            switch (text.Peek())
            {
                case '#':
                    isGood = ReadAnnotation(timeLimit);
                    break;
                case '*':
                    isGood = ReadRequest();
                    break;
                case < 0:
                    isGood = false;
                    break;
                default:
                    HasFormatError = true;
                    isGood = false;
                    break;
            }
        }
        if (text.IsAtEnd && _transactionDepth != 0 && Error.Length == 0)
        {
            Fail("Reached EOF before reading EXEC for MULTI");
        }
    }

    private bool ReadAnnotation(long timeLimit)
    {
        _itemPosition = text.Position;
        string line = text.Line(AnnotationSizeMax);
        if (timeLimit == 0 || !line.StartsWith("#TS:", StringComparison.Ordinal))
        {
            return true;
        }
        int end = line.IndexOf('\r', StringComparison.Ordinal);
        if (end < 0 || !long.TryParse(line.AsSpan(4, end - 4), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long time))
        {
            HasWrongTime = true;
            return false;
        }
        if (time > timeLimit)
        {
            LateOffset = _itemPosition;
        }
        return time <= timeLimit;
    }

    private bool ReadRequest()
    {
        if (!ReadNumber('*', out long count))
        {
            return false;
        }
        Span<byte> name = stackalloc byte[6];
        for (long i = 0; i < count; i++)
        {
            if (!ReadText(i == 0 ? name : [], out long size))
            {
                return false;
            }
            if (i == 0 && size < name.Length && !CountTransaction(Encoding.Latin1.GetString(name[..(int)size])))
            {
                return false;
            }
        }
        return true;
    }

    private bool CountTransaction(string name)
    {
        if (name.Equals("multi", StringComparison.OrdinalIgnoreCase))
        {
            return _transactionDepth++ == 0 || Fail($"Unexpected MULTI in AOF {path}");
        }
        return !name.Equals("exec", StringComparison.OrdinalIgnoreCase)
            || --_transactionDepth == 0
            || Fail($"Unexpected EXEC in AOF {path}");
    }

    private bool ReadText(Span<byte> kept, out long size)
    {
        if (!ReadNumber('$', out size))
        {
            return false;
        }
        if (size is < 0 or > long.MaxValue - 2)
        {
            return Fail(Invariant($"Expected to read string of {size} bytes, which is not in the suitable range"));
        }
        _itemPosition = text.Position;
        Span<byte> end = stackalloc byte[2];
        long read = text.Bytes(size, kept);
        read += read == size ? text.Bytes(2, end) : 0;
        return read == size + 2
            ? PassLineEnd(end)
            : Fail(Invariant($"Expected to read {size + 2} bytes, got {read} bytes"));
    }

    /// <summary>Reads a line of a prefix and a number; false without an error where the file ends.</summary>
    private bool ReadNumber(char prefix, out long number)
    {
        number = 0;
        _itemPosition = text.Position;
        string line = text.Line(NumberLineSizeMax);
        if (line.Length == 0)
        {
            return false;
        }
        if (line[0] != prefix)
        {
            return Fail($"Expected prefix '{prefix}', got: '{line[0]}'");
        }
        int end = line.Length > 1 && line[1] is '-' or '+' ? 2 : 1;
        while (end < line.Length && char.IsAsciiDigit(line[end]))
        {
            end++;
        }
        if (!long.TryParse(line.AsSpan(1, end - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number))
        {
            number = end > 2 ? long.MaxValue : 0;
        }
        ReadOnlySpan<byte> behind = [ByteAt(line, end), ByteAt(line, end + 1)];
        return PassLineEnd(behind);
    }

    private bool PassLineEnd(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.SequenceEqual("\r\n"u8))
        {
            return Fail(Invariant($"Expected \\r\\n, got: {(int)(sbyte)bytes[0]:x2}{(int)(sbyte)bytes[1]:x2}"));
        }
        Line++;
        return true;
    }

    private bool Fail(string problem)
    {
        Error = Invariant($"0x{_itemPosition.ToString("x", CultureInfo.InvariantCulture),16}: {problem}");
        return false;
    }

    private static byte ByteAt(string line, int index) => index < line.Length ? (byte)line[index] : (byte)0;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
