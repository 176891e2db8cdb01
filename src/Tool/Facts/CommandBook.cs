using System.Text;
using Bixbite.Commands;

namespace Bixbite.Tool.Facts;

/// <summary>
/// All that the prompt knows of commands, from the table that the server itself has: which there are, what may follow, what they do.
/// </summary>
internal sealed class CommandBook
{
    private readonly CommandEntry[] _entries =
        [.. CommandCatalog.Declared.Select(spec => new CommandEntry(spec)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];

    private readonly Dictionary<string, CommandEntry> _byName;

    public CommandBook() => _byName = _entries.ToDictionary(entry => entry.Name, StringComparer.OrdinalIgnoreCase);

    public IEnumerable<string> Groups => _entries.Select(entry => entry.Declaration.Group).Distinct().Order(StringComparer.Ordinal);

    /// <summary>The command that these words begin with, and how many of them are its name; null if there is none.</summary>
    public CommandEntry? Find(IReadOnlyList<string> words, out int nameCount)
    {
        nameCount = Math.Min(words.Count, 2);
        if (nameCount == 2 && _byName.TryGetValue($"{words[0]} {words[1]}", out CommandEntry? subcommand))
        {
            return subcommand;
        }
        nameCount = Math.Min(nameCount, 1);
        return nameCount == 1 ? _byName.GetValueOrDefault(words[0]) : null;
    }

    /// <summary>The words that may stand where <paramref name="start"/> stands after the words before it, in upper case.</summary>
    public IEnumerable<string> Continue(IReadOnlyList<string> before, string start)
    {
        IEnumerable<string> words = before.Count == 0 ? Names().Append("HELP").Append("QUIT") : WordsAfter(before);
        return words.Where(word => word.StartsWith(start, StringComparison.OrdinalIgnoreCase)).Distinct();
    }

    /// <summary>The arguments that are still to come after these words, as manuals write them.</summary>
    public string Hint(IReadOnlyList<string> words)
    {
        if (Find(words, out int nameCount) is not { } entry)
        {
            return "";
        }
        if (entry.IsContainer && entry.Arguments.Count == 0)
        {
            return words.Count == nameCount ? "subcommand" : "";
        }
        int given = words.Count - nameCount;
        int passed = entry.Arguments.TakeWhile((argument, i) => i < given && !argument.IsOptional && !argument.IsMultiple).Count();
        return given > entry.Arguments.Count && passed == entry.Arguments.Count ? "" : SyntaxText.Of(entry.Arguments.Skip(passed));
    }

    /// <summary>The answer to HELP.</summary>
    public string Help(IReadOnlyList<string> words)
    {
        if (words.Count == 0)
        {
            return
                $"""

                "help COMMAND" tells of a command, "help @GROUP" of the commands of a group; the tab key completes what is typed.
                Groups: {string.Join(' ', Groups.Select(group => "@" + group))}
                "5 COMMAND" runs a command five times, "connect HOST PORT" goes to another server, "clear" empties the screen, "quit" ends.


                """;
        }
        CommandEntry[] found = words[0].StartsWith('@')
            ? [.. _entries.Where(entry => entry.Declaration.Group.Equals(words[0][1..], StringComparison.OrdinalIgnoreCase))]
            : [.. _entries.Where(entry => BeginsWith(entry, words))];
        if (found.Length == 0)
        {
            return words[0].StartsWith('@')
                ? $"There is no group '{words[0]}'. \"help\" lists them.\n"
                : $"There is no command '{string.Join(' ', words)}'{Options.Suggestion.Of(words[0].ToUpperInvariant(), Names())}.\n";
        }
        StringBuilder text = new("\n");
        foreach (CommandEntry entry in found)
        {
            Describe(entry, text);
        }
        return text.ToString();
    }

    private static bool Equal(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static void Describe(CommandEntry entry, StringBuilder text)
    {
        text.Append("  ").AppendJoin(' ', entry.Words.Append(SyntaxText.Of(entry.Arguments)).Where(word => word.Length > 0)).Append('\n');
        text.Append("  summary: ").Append(entry.Declaration.Summary).Append('\n');
        text.Append("  since: ").Append(entry.Declaration.Since).Append('\n');
        text.Append("  group: ").Append(entry.Declaration.Group).Append("\n\n");
    }

    private static bool BeginsWith(CommandEntry entry, IReadOnlyList<string> words) =>
        entry.Words.Length >= words.Count && entry.Words.Zip(words).All(pair => Equal(pair.First, pair.Second));

    private IEnumerable<string> Names() => _entries.Where(entry => entry.Words.Length == 1).Select(entry => entry.Words[0]);

    private IEnumerable<string> WordsAfter(IReadOnlyList<string> before)
    {
        if (Equal(before[0], "help"))
        {
            return before.Count == 1
                ? Names().Concat(Groups.Select(group => "@" + group))
                : SubcommandsOf(before[1]);
        }
        if (Find(before, out int nameCount) is not { } entry)
        {
            return [];
        }
        return entry.IsContainer && nameCount == before.Count ? SubcommandsOf(before[0]).Concat(entry.Tokens) : entry.Tokens;
    }

    private IEnumerable<string> SubcommandsOf(string container) =>
        _entries.Where(entry => entry.Words.Length == 2 && Equal(entry.Words[0], container)).Select(entry => entry.Words[1]);
}
