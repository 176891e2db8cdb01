using System.Text;
using Bixbite.Structures.Text;
using Bixbite.Tool.Editing;
using Bixbite.Tool.Facts;

namespace Bixbite.Tool.Cli;

/// <summary>Completes and explains commands while they are typed. Words come in the case in which the person types.</summary>
internal sealed class CommandAid(CommandBook book) : ILineAid
{
    public IReadOnlyList<string> Complete(string start)
    {
        int wordStart = start.LastIndexOf(' ') + 1;
        string word = start[wordStart..];
        string[] before = Words(start[..wordStart]);
        if (word.AsSpan().ContainsAny('"', '\'') || (before.Length > 0 && before[0].All(char.IsAsciiDigit)))
        {
            return [];
        }
        bool isLower = (word.Length > 0 ? word : before.LastOrDefault("")).Any(char.IsAsciiLetterLower);
        return [.. book.Continue(before, word).Select(found => start[..wordStart] + (isLower ? found.ToLowerInvariant() : found))];
    }

    public string Hint(string line)
    {
        if (line.Length == 0)
        {
            return "";
        }
        bool isWordOpen = line[^1] != ' ';
        string hint = book.Hint(Words(line));
        return hint.Length == 0 ? "" : isWordOpen ? " " + hint : hint;
    }

    private static string[] Words(string line) =>
        QuotedWords.TrySplit(Encoding.UTF8.GetBytes(line), out List<byte[]> words) ? [.. words.Select(Encoding.UTF8.GetString)] : [];
}
