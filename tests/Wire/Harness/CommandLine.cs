using System.Buffers;
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
        ArrayBufferWriter<byte> request = new();
        request.Write(Ascii($"*{arguments.Count}\r\n"));
        foreach (byte[] argument in arguments)
        {
            request.Write(Ascii($"${argument.Length}\r\n"));
            request.Write(argument);
            request.Write("\r\n"u8);
        }

        return request.WrittenSpan.ToArray();
    }

    public static List<byte[]> Split(string line)
    {
        List<byte[]> arguments = [];
        int at = 0;
        while (true)
        {
            while (at < line.Length && line[at] == ' ')
            {
                at++;
            }
            if (at == line.Length)
            {
                return arguments;
            }
            arguments.Add(Word(line, ref at));
        }
    }

    private static byte[] Word(string line, ref int at)
    {
        ArrayBufferWriter<byte> word = new();
        char quote = line[at] is '"' or '\'' ? line[at++] : ' ';
        while (at < line.Length && line[at] != quote)
        {
            if (line[at] == '\\' && quote != ' ')
            {
                word.Write([Escaped(line, ref at, quote)]);
                continue;
            }

            ReadOnlySpan<char> rest = line.AsSpan(at);
            int length = quote == ' ' ? rest.IndexOf(' ') : rest.IndexOfAny(quote, '\\');
            ReadOnlySpan<char> plain = length < 0 ? rest : rest[..length];
            Encoding.UTF8.GetBytes(plain, word);
            at += plain.Length;
        }

        if (quote != ' ' && at++ == line.Length)
        {
            throw new ArgumentException($"unbalanced quotes: {line}", nameof(line));
        }
        return word.WrittenSpan.ToArray();
    }

    /// <summary>The byte that the escape at <paramref name="at"/> stands for; leaves it after the escape.</summary>
    private static byte Escaped(string line, ref int at, char quote)
    {
        char next = at + 1 < line.Length ? line[at + 1] : '\0';
        at++;
        if (quote == '\'' && next != '\'')
        {
            return (byte)'\\';
        }
        at++;
        if (next == 'x'
            && byte.TryParse(line.AsSpan(at, Math.Min(2, line.Length - at)), NumberStyles.HexNumber, null, out byte value))
        {
            at += 2;
            return value;
        }

        return next switch
        {
            'n' => (byte)'\n',
            'r' => (byte)'\r',
            't' => (byte)'\t',
            'b' => (byte)'\b',
            'a' => (byte)'\a',
            _ => (byte)next,
        };
    }

    private static byte[] Ascii(string text) => Encoding.ASCII.GetBytes(text);
}
