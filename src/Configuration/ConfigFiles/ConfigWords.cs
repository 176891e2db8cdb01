using System.Diagnostics.CodeAnalysis;
using Bixbite.Structures.Text;

namespace Bixbite.Configuration.ConfigFiles;

/// <summary>A line of a configuration file as words.</summary>
public static class ConfigWords
{
    /// <summary>Words between blanks as a line that says the same: those with a quote or a backslash are quoted.</summary>
    public static string Join(ReadOnlySpan<byte> words) => string.Join(
        ' ',
        ByteText.Decode(words).Split(' ').Select(
            static word => word.AsSpan().IndexOfAny('"', '\'', '\\') < 0 ? word : Kinds.TextSetting.Quote(word)));

    /// <summary>False if a quote is not closed, or closed in the midst of a word.</summary>
    public static bool TrySplit(string line, [NotNullWhen(true)] out List<string>? words)
    {
        words = QuotedWords.TrySplit(ByteText.Encode(line), out List<byte[]> found)
            ? found.ConvertAll(static word => ByteText.Decode(word))
            : null;
        return words is not null;
    }

    /// <summary>The lines of a file without the white space around them; the end of the last line begins no further one.</summary>
    public static List<string> Lines(ReadOnlySpan<byte> content)
    {
        List<string> lines = [];
        while (content.Length > 0)
        {
            int end = content.IndexOf((byte)'\n');
            lines.Add(ByteText.Decode((end < 0 ? content : content[..end]).Trim(" \t\r\n"u8)));
            content = end < 0 ? default : content[(end + 1)..];
        }
        return lines;
    }
}
