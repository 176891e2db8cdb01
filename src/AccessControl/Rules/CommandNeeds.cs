using System.Globalization;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.AccessControl.Rules;

/// <summary>How the requests of a command name keys.</summary>
internal enum KeyNaming
{
    None,

    /// <summary>One key, at the same place in every request and used in one way.</summary>
    One,

    /// <summary>As its key specs say.</summary>
    BySpecs,
}

/// <summary>How the requests of a command name channels.</summary>
internal enum ChannelNaming
{
    None,

    /// <summary>The first argument is a channel.</summary>
    First,

    /// <summary>All arguments are channels.</summary>
    All,

    /// <summary>All arguments are patterns of channels.</summary>
    Patterns,
}

/// <summary>The parts of a request that rules are about, read once from the declaration of its command.</summary>
internal sealed class CommandNeeds
{
    private const string DatabaseWord = "DB";

    public CommandNeeds(Command command)
    {
        Number = command.Number;
        IsFree = command.Has(CommandFlags.NoAuth);
        KeySpecs specs = command.Keys;
        Keys = specs.HasKeys ? KeyNaming.BySpecs : KeyNaming.None;
        if (specs.Specs is [{ IsPlainRange: true, Last: 0 } only]
            && (only.Flags & (KeySpecFlags.NotKey | KeySpecFlags.Incomplete | KeySpecFlags.VariableFlags)) == 0)
        {
            Keys = KeyNaming.One;
            KeyIndex = only.Position;
            Permissions = KeyNeeds.Of(only.Flags);
        }
        Channels = command.Declaration.Channels switch
        {
            "first" => ChannelNaming.First,
            "all" => ChannelNaming.All,
            "patterns" => ChannelNaming.Patterns,
            _ => ChannelNaming.None,
        };
        string databases = command.Declaration.Databases;
        NeedsAllDatabases = databases == "all";
        FollowsDatabaseWord = databases == DatabaseWord;
        DatabaseIndices = NeedsAllDatabases || FollowsDatabaseWord || databases.Length == 0
            ? []
            : [.. databases.Split(' ').Select(index => int.Parse(index, CultureInfo.InvariantCulture))];
        IsPlain = Keys != KeyNaming.BySpecs && Channels == ChannelNaming.None;
        UsesDatabase = specs.HasKeys || (DatabaseIndices.Length == 0 && (command.Categories & CommandCategories.Keyspace) != 0);
    }

    /// <summary>The command's number in the table.</summary>
    public int Number { get; }

    /// <summary>Everybody may run it: without it nobody could become somebody.</summary>
    public bool IsFree { get; }

    public KeyNaming Keys { get; }

    /// <summary>It names one key at most, and no channel.</summary>
    public bool IsPlain { get; }

    /// <summary>The place of the one key.</summary>
    public int KeyIndex { get; }

    /// <summary>The use of the one key.</summary>
    public KeyPermissions Permissions { get; }

    public ChannelNaming Channels { get; }

    /// <summary>The keys of the client's database are used or walked through.</summary>
    public bool UsesDatabase { get; }

    /// <summary>The keys of all databases are used.</summary>
    public bool NeedsAllDatabases { get; }

    /// <summary>Arguments that are numbers of databases.</summary>
    public int[] DatabaseIndices { get; }

    /// <summary>A database follows the word DB.</summary>
    public bool FollowsDatabaseWord { get; }

    /// <summary>Whether the argument at this place is the number of a database.</summary>
    public bool IsDatabase(ReadOnlySpan<Protocol.Argument> arguments, int index) => FollowsDatabaseWord
        ? index >= 2 && Structures.Text.Ascii.EqualsIgnoreCase(arguments[index - 1].Bytes, "db"u8)
        : Array.IndexOf(DatabaseIndices, index) >= 0;
}
