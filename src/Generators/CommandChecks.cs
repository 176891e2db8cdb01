using Bixbite.Engine.Commands;

namespace Bixbite.Generators;

/// <summary>Checks the content of the attributes.</summary>
internal static class CommandChecks
{
    public static IEnumerable<Finding> Run(IReadOnlyList<CommandModel> commands)
    {
        var byName = commands.ToLookup(command => command.Name);
        foreach (CommandModel command in commands)
        {
            foreach (Finding finding in CheckName(command, byName).Concat(CheckArity(command)).Concat(CheckLanguages(command)))
            {
                yield return finding;
            }
        }
    }

    private static IEnumerable<Finding> CheckName(CommandModel command, ILookup<string, CommandModel> byName)
    {
        if (command.Name.Length == 0 || !command.Name.All(IsNameLetter))
        {
            yield return new Finding(Rules.Name, command.Source, "'" + command.Name + "' must be lower case letters");
        }
        if (!ReferenceEquals(byName[command.Name].First(), command))
        {
            yield return new Finding(Rules.Name, command.Source, "'" + command.Name + "' is registered twice");
        }
        if (command.ContainerName is string container && !byName.Contains(container))
        {
            yield return new Finding(Rules.Name, command.Source, "'" + command.Name + "' has no container '" + container + "'");
        }
        if (command.Method is null && command.ContainerName is not null)
        {
            yield return new Finding(Rules.Name, command.Source, "'" + command.Name + "' is a subcommand and needs a handler");
        }
    }

    private static bool IsNameLetter(char letter) => letter is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '|' or '-' or '_' or '.';

    private static IEnumerable<Finding> CheckArity(CommandModel command)
    {
        int arity = command.Number("Arity");
        int least = command.ContainerName is null ? 1 : 2;
        if (Math.Abs(arity) < least)
        {
            yield return new Finding(Rules.Arity, command.Source, "'" + command.Name + "' needs at least " + least);
        }
        if (command.Method is null && arity > -2)
        {
            yield return new Finding(Rules.Arity, command.Source, "a container without a handler needs -2 or less");
        }
    }

    private static IEnumerable<Finding> CheckLanguages(CommandModel command)
    {
        if (!CommandWords.TryParse(command.Text("Flags"), out CommandFlags _))
        {
            yield return new Finding(Rules.Words, command.Source, "Flags has an unknown word: '" + command.Text("Flags") + "'");
        }
        if (!CommandWords.TryParse(command.Text("Categories"), out CommandCategories _))
        {
            yield return new Finding(Rules.Words, command.Source, "Categories has an unknown word: '" + command.Text("Categories") + "'");
        }
        if (!CommandWords.TryFindGroup(command.Text("Group"), out _))
        {
            yield return new Finding(Rules.Words, command.Source, "unknown Group '" + command.Text("Group") + "'");
        }
        IReadOnlyList<KeySpec>? keys = KeySpecParser.Parse(command.Text("Keys"), out string error);
        if (keys is null)
        {
            yield return new Finding(Rules.Keys, command.Source, error);
        }
        if (SyntaxParser.Parse(command.Text("Syntax"), keys?.Count ?? 0, out error) is null)
        {
            yield return new Finding(Rules.Syntax, command.Source, error);
        }
        if (CommandHistory.Parse(command.Text("History"), out error) is null)
        {
            yield return new Finding(Rules.Documentation, command.Source, error);
        }
        bool isVariable = keys?.Any(spec => (spec.Flags & KeySpecFlags.VariableFlags) != 0) == true;
        if (isVariable != (command.KeyFlagsMethod is not null))
        {
            yield return new Finding(Rules.Keys, command.Source, "KeyFlags and a spec with variable_flags belong together");
        }
        foreach (string property in (string[])["Since", "Summary", "Complexity"])
        {
            if (command.Text(property).Length == 0 && (property != "Complexity" || command.Method is not null))
            {
                yield return new Finding(Rules.Documentation, command.Source, "'" + command.Name + "' needs " + property);
            }
        }
    }
}
