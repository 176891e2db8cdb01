using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Bixbite.Structures.Text;
using Ascii = Bixbite.Structures.Text.Ascii;

namespace Bixbite.Persistence.Aof;

/// <summary>
/// Reads a manifest line by line, as strictly and as leniently as Redis 7: lines end with LF and have less than 1024 bytes, a
/// line that begins with # is a comment, keys come in any order and case, and unknown ones are skipped.
/// </summary>
internal ref struct AofManifestReader(ReadOnlySpan<byte> text)
{
    private const int LineSizeMax = 1024;
    private const int WordCountMin = 6;

    /// <summary>Files are numbered on from what the manifest says, and no server gets as far as the rest of the numbers.</summary>
    private const long SequenceMax = long.MaxValue / 2;

    private const string InvalidFormat = "Invalid AOF manifest file format";

    private readonly AofManifest _manifest = new();
    private ReadOnlySpan<byte> _rest = text;
    private int _lineCount;

    /// <summary>The error and its line.</summary>
    public string? Problem { get; private set; }

    /// <summary>The manifest, or null and a <see cref="Problem"/>.</summary>
    public AofManifest? Read()
    {
        if (_rest.IsEmpty)
        {
            Problem = "Found an empty AOF manifest";
        }
        while (!_rest.IsEmpty && Problem is null)
        {
            ReadLine();
        }
        if (Problem is null && FindFileInUse() is { } name)
        {
            Problem = $"The AOF manifest names {name} more than once, and would have it deleted while it is in use";
        }
        return Problem is null ? _manifest : null;
    }

    /// <summary>A file that stands for two parts of the log, or for a part and for history.</summary>
    private readonly string? FindFileInUse()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (AofFile file in _manifest.Files)
        {
            if (!names.Add(file.Name))
            {
                return file.Name;
            }
        }
        return _manifest.History.FirstOrDefault(file => names.Contains(file.Name))?.Name;
    }

    private void ReadLine()
    {
        _lineCount++;
        ReadOnlySpan<byte> line = _rest[..Math.Min(_rest.Length, LineSizeMax)];
        int size = line.IndexOf((byte)'\n') + 1;
        line = line[..(size == 0 ? line.Length : size)];
        _rest = _rest[line.Length..];
        if (line[0] == '#')
        {
            return;
        }
        if (size == 0 || line.Contains((byte)0))
        {
            Fail(line, "The AOF manifest file contains too long line");
            return;
        }
        line = line.Trim(" \t\r\n"u8);
        string? problem = TryReadFile(line, out AofFile? file) ? Admit(file) : InvalidFormat;
        if (problem is not null)
        {
            Fail(line, problem);
        }
    }

    /// <summary>Reads the words of a line, which come in pairs of a key and its value.</summary>
    private static bool TryReadFile(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AofFile? file)
    {
        file = null;
        byte[] keyRoom = new byte[LineSizeMax];
        byte[] valueRoom = new byte[LineSizeMax];
        string name = "";
        long sequence = 0;
        byte kind = 0;
        int count = 0;
        QuotedWords words = new(line);
        while (true)
        {
            QuotedWords.Step step = words.Next(keyRoom, out int keySize);
            if (step == QuotedWords.Step.End)
            {
                break;
            }
            if (step == QuotedWords.Step.Unbalanced || words.Next(valueRoom, out int valueSize) != QuotedWords.Step.Word)
            {
                return false;
            }
            count += 2;
            ReadOnlySpan<byte> key = keyRoom.AsSpan(0, keySize);
            ReadOnlySpan<byte> value = valueRoom.AsSpan(0, valueSize);
            if (Ascii.EqualsIgnoreCase(key, "file"u8))
            {
                name = Encoding.UTF8.GetString(value);
            }
            else if (Ascii.EqualsIgnoreCase(key, "seq"u8))
            {
                sequence = LeadingNumber(value);
            }
            else if (Ascii.EqualsIgnoreCase(key, "type"u8))
            {
                kind = value.IsEmpty ? (byte)0 : value[0];
            }
        }
        file = new AofFile(name, sequence, (AofFileKind)kind);
        return count >= WordCountMin && name.Length > 0 && sequence != 0 && kind != 0;
    }

    /// <summary>The number at the start, whatever follows it; 0 if there is none.</summary>
    private static long LeadingNumber(ReadOnlySpan<byte> text)
    {
        text = text.TrimStart(" \t\r\n\v\f"u8);
        int size = text is [(byte)'+' or (byte)'-', ..] ? 1 : 0;
        while (size < text.Length && text[size] is >= (byte)'0' and <= (byte)'9')
        {
            size++;
        }
        return long.TryParse(text[..size], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }

    /// <summary>Adds the file to the manifest, or tells why it has no place in it.</summary>
    private readonly string? Admit(AofFile file)
    {
        if (file.Name is "." or ".." || file.Name.AsSpan().ContainsAny('/', '\\'))
        {
            return "File can't be a path, just a filename";
        }
        if (file.Sequence > SequenceMax)
        {
            return "Found a sequence number behind which there are no others";
        }
        switch (file.Kind)
        {
            case AofFileKind.Base when _manifest.Base is not null:
                return "Found duplicate base file information";
            case AofFileKind.Increment when file.Sequence <= _manifest.CurrentIncrementSequence:
                return "Found a non-monotonic sequence number";
            case AofFileKind.Base or AofFileKind.Increment or AofFileKind.History:
                _manifest.Add(file);
                return null;
            default:
                return "Unknown AOF file type";
        }
    }

    private void Fail(ReadOnlySpan<byte> line, string problem)
    {
        byte[] quoted = new byte[Quoted.SizeOf(line)];
        Quoted.Format(line, quoted);
        Problem = string.Create(CultureInfo.InvariantCulture, $"{problem}, at line {_lineCount}: {Encoding.ASCII.GetString(quoted)}");
    }
}
