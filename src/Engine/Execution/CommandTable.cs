using System.Diagnostics;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>
/// All commands the server knows, by name. Filled once from the generated catalog; afterwards only <see cref="Rename"/> changes it, while
/// the configuration is read.
/// </summary>
public sealed class CommandTable
{
    private readonly CommandIndex _index = new();
    private Command[] _all = [];

    /// <summary>Puts all commands in, containers before their subcommands; called once.</summary>
    public void Fill(params ReadOnlySpan<Command> commands)
    {
        Debug.Assert(_all.Length == 0);
        _all = commands.ToArray();
        _index.AddAll(_all.Where(command => !command.IsSubcommand));
        for (int i = 0; i < _all.Length; i++)
        {
            Command command = _all[i];
            command.Number = i;
            if (command.IsSubcommand)
            {
                ReadOnlySpan<byte> fullName = command.FullName;
                Command container = _index.Find(fullName[..fullName.IndexOf((byte)'|')])!;
                container.AddSubcommand(command);
            }
        }
    }

    /// <summary>The commands without their subcommands, in the order of the names by which clients call them.</summary>
    public IReadOnlyList<Command> Commands => _index.Commands;

    /// <summary>
    /// Every command and subcommand; the position is <see cref="Command.Number"/>. Holds also those that were renamed away.
    /// </summary>
    public ReadOnlySpan<Command> All => _all;

    /// <summary>The command of this name in any letter case.</summary>
    public Command? Find(ReadOnlySpan<byte> name) => _index.Find(name);

    /// <summary>The command of this name, or the subcommand of a name such as "client|list", in any letter case.</summary>
    public Command? FindFullName(ReadOnlySpan<byte> fullName)
    {
        int bar = fullName.IndexOf((byte)'|');
        return bar < 0 ? _index.Find(fullName) : _index.Find(fullName[..bar])?.FindSubcommand(fullName[(bar + 1)..]);
    }

    /// <summary>The command that a request begins with: a container's subcommand where the next argument names one.</summary>
    public Command? Find(ReadOnlySpan<byte> name, ReadOnlySpan<byte> subcommandName)
    {
        Command? command = _index.Find(name);
        return command is { IsContainer: true } && !subcommandName.IsEmpty ? command.FindSubcommand(subcommandName) : command;
    }

    /// <summary>The command of a request: a container is none where what follows its name is none of its subcommands.</summary>
    public Command? Find(ReadOnlySpan<Argument> request)
    {
        Command? command = _index.Find(request[0].Bytes);
        return command is { IsContainer: true } && request.Length > 1 ? command.FindSubcommand(request[1].Bytes) : command;
    }

    /// <summary>Lets clients call a command by another name (rename-command); by none, if the new name is empty.</summary>
    public RenameResult Rename(ReadOnlySpan<byte> name, ReadOnlySpan<byte> newName)
    {
        Command? command = _index.Find(name);
        if (command is null)
        {
            return RenameResult.NoSuchCommand;
        }
        _index.Remove(name);
        if (newName.IsEmpty)
        {
            return RenameResult.Renamed;
        }
        if (_index.Find(newName) is not null)
        {
            return RenameResult.NameTaken;
        }
        _index.Add(newName, command);
        return RenameResult.Renamed;
    }
}

/// <summary>The outcome of a rename-command.</summary>
public enum RenameResult
{
    Renamed,
    NoSuchCommand,

    /// <summary>Another command is called like that; the command is gone, since the configuration is refused anyway.</summary>
    NameTaken,
}
