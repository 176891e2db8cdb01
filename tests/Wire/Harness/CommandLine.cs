using System.Globalization;
using System.Text;

namespace Bixbite.Wire.Harness;

/// <summary>
/// A command written as a person types it into redis-cli: words, "double quotes" with \n \r \t \b \a \" \\ and \xHH, 'single quotes' with
/// \' only. A character beyond ASCII stands for its UTF-8 bytes.
/// </summary>
internal static class CommandLine
{
    /// <summary>The command as an array of bulk strings, which is what every client library sends.</summary>
    public static byte[] Encode(string line) => Encode(Split(line));

    public static byte[] Encode(params IReadOnlyList<byte[]> arguments)
    {
        List<byte> request = [.. Ascii($"*{arguments.Count}\r\n")];
        foreach (byte[] argument in arguments)
        {
            request.AddRange(Ascii($"${argument.Length}\r\n"));
            request.AddRange(argument);
            request.AddRange("\r\n"u8);
        }

        return [.. request];
    }

    public static List<byte[]> Split(string line)
    {
        List<byte[]> arguments = [];
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] == ' ')
                at++;
            if (at == line.Length)
                return arguments;
            arguments.Add(Word(line, ref at));
        }
    }

    private static byte[] Word(string line, ref int at)
    {
        List<byte> word = [];
        char quote = line[at] is '"' or '\'' ? line[at++] : ' ';
        while (at < line.Length && line[at] != quote)
        {
            if (line[at] == '\\' && quote != ' ')
                word.AddRange(Escape(line, ref at, quote));
            else if (char.IsHighSurrogate(line[at]))
                word.AddRange(Encoding.UTF8.GetBytes(line, at++, 2).AsSpan(0, 4));
            else
                word.AddRange(Encoding.UTF8.GetBytes(line, at, 1));
            at++;
        }

        if (quote != ' ' && at++ == line.Length)
            throw new ArgumentException($"unbalanced quotes: {line}", nameof(line));
        return [.. word];
    }

    /// <summary>Reads the escape at <paramref name="at"/> and leaves it on the escape's last character.</summary>
    private static byte[] Escape(string line, ref int at, char quote)
    {
        char next = at + 1 < line.Length ? line[at + 1] : '\0';
        if (quote == '\'' && next != '\'')
            return [(byte)'\\'];
        at++;
        if (next == 'x'
            && byte.TryParse(line.AsSpan(at + 1, Math.Min(2, line.Length - at - 1)), NumberStyles.HexNumber, null, out byte value))
        {
            at += 2;
            return [value];
        }

        return next switch
        {
            'n' => "\n"u8.ToArray(),
            'r' => "\r"u8.ToArray(),
            't' => "\t"u8.ToArray(),
            'b' => "\b"u8.ToArray(),
            'a' => "\a"u8.ToArray(),
            _ => [(byte)next],
        };
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
