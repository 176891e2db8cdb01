using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// The commands as rules name them: by the names that they were declared with, whatever clients call them (rename-command). One per server;
/// it reads the table when somebody asks first, and that must be full then.
/// </summary>
public sealed class CommandNames(CommandTable table)
{
    private readonly Dictionary<string, Command> _byName = new(StringComparer.Ordinal);
    private CommandNeeds[] _needs = [];

    /// <summary>The commands that are no subcommands.</summary>
    internal IEnumerable<Command> Commands => table.All.ToArray().Where(static command => !command.IsSubcommand);

    /// <summary>Commands and subcommands.</summary>
    internal int Count => table.All.Length;

    /// <summary>The category of this name in any letter case; none where there is no such category.</summary>
    public static CommandCategories FindCategory(ReadOnlySpan<byte> name) =>
        name.Length > 0
        && CommandWords.TryParse(Encoding.Latin1.GetString(name), out CommandCategories category)
        && !name.ContainsAny(" \t"u8)
        && !name.SequenceEqual("none"u8)
            ? category
            : CommandCategories.None;

    /// <summary>The command of a name such as "get", or the subcommand of "client|list", in any letter case.</summary>
    internal Command? Find(ReadOnlySpan<byte> fullName)
    {
        Read();
        return _byName.GetValueOrDefault(Encoding.Latin1.GetString(fullName).ToLowerInvariant());
    }

    internal CommandNeeds NeedsOf(Command command)
    {
        CommandNeeds[] needs = _needs;
        if ((uint)command.Number >= (uint)needs.Length)
        {
            Read();
            needs = _needs;
        }
        return needs[command.Number];
    }

    private void Read()
    {
        if (_needs.Length > 0)
        {
            return;
        }
        ReadOnlySpan<Command> all = table.All;
        _needs = new CommandNeeds[all.Length];
        foreach (Command command in all)
        {
            _needs[command.Number] = new CommandNeeds(command);
            _byName.Add(Encoding.ASCII.GetString(command.FullName), command);
        }
    }
}
