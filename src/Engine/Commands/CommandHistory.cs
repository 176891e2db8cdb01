namespace Bixbite.Engine.Commands;

/// <summary>A change of a command, as COMMAND DOCS tells it.</summary>
public readonly record struct CommandChange(string Release, string Text);

/// <summary>
/// Reads the History of a <see cref="CommandAttribute"/>: "6.0.0 Added the `KEEPTTL` option. | 6.2.0 Added the `GET` option." Also compiled
/// into the generator, which reports what is wrong.
/// </summary>
public static class CommandHistory
{
    private const string Separator = " | ";

    /// <summary>The changes, the oldest first; null, and what is wrong, where the text is not well formed.</summary>
    public static IReadOnlyList<CommandChange>? Parse(string text, out string error)
    {
        error = "";
        var changes = new List<CommandChange>();
        if (text.Length == 0)
        {
            return changes;
        }
        foreach (string part in text.Split([Separator], StringSplitOptions.None))
        {
            string[] words = part.Split([' '], 2);
            if (words.Length < 2 || words[1].Length == 0 || !Version.TryParse(words[0], out _))
            {
                error = "a release and a sentence must stand in '" + part + "'";
                return null;
            }
            changes.Add(new CommandChange(words[0], words[1]));
        }
        return changes;
    }
}
