using System.Diagnostics;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Statistics;

namespace Bixbite.Engine.Execution;

/// <summary>
/// A command of the table: its handler, its counts, and what its <see cref="CommandSpec"/> says. A container (CLIENT) owns its
/// subcommands; only they run.
/// </summary>
public sealed class Command
{
    private readonly byte[] _fullName;
    private readonly int _nameStart;
    private readonly int _firstKey;
    private readonly CommandIndex? _subcommands;
    private readonly IRequestFlags? _requestFlags;

    /// <summary>A command of one server, after a declaration that all servers share.</summary>
    /// <param name="spec">The declaration.</param>
    /// <param name="handler">Runs it; null for a container that does nothing by itself.</param>
    public Command(CommandSpec spec, CommandHandler? handler)
    {
        Declaration = spec.Declaration;
        Arity = spec.Declaration.Arity;
        Handler = handler ?? RefuseToRun;
        _requestFlags = handler?.Target as IRequestFlags;
        _fullName = spec.FullName;
        _nameStart = spec.NameStart;
        _subcommands = spec.IsContainer ? new CommandIndex() : null;
        Keys = spec.Keys;
        Flags = spec.Flags;
        Categories = spec.Categories;
        _firstKey = spec.Keys.FixedFirst;
        FirstMember = spec.FirstMember;
    }

    /// <summary>A command that runs; a subcommand names its container before a bar.</summary>
    public Command(CommandAttribute declaration, CommandHandler handler, KeyFlagsResolver? keyFlags = null)
        : this(new CommandSpec(declaration, keyFlags), handler)
    {
    }

    /// <summary>A container: a command that leads to its subcommands and does nothing by itself.</summary>
    public static Command CreateContainer(CommandAttribute declaration) =>
        new(new CommandSpec(declaration, isContainer: true), handler: null);

    /// <summary>All that COMMAND DOCS tells.</summary>
    public CommandAttribute Declaration { get; }

    public CommandHandler Handler { get; }

    public CommandFlags Flags { get; }

    /// <summary>The concerns that may keep it from running, raised by the gates for its flags.</summary>
    public Concern Concerns { get; internal set; }

    public CommandCategories Categories { get; }

    public KeySpecs Keys { get; }

    public CommandStatistics Statistics { get; } = new();

    /// <summary>The table's number for it, from 0 without gaps; subcommands have their own.</summary>
    public int Number { get; internal set; } = -1;

    /// <summary>The command this one is a subcommand of.</summary>
    public Command? Container { get; private set; }

    public int Arity { get; }

    /// <summary>Lower case; without the container's: "list".</summary>
    public ReadOnlySpan<byte> Name => _fullName.AsSpan(_nameStart);

    /// <summary>Lower case, with the container's: "client|list".</summary>
    public ReadOnlySpan<byte> FullName => _fullName;

    /// <summary>As <see cref="FullName"/>, for those who keep it.</summary>
    internal byte[] FullNameText => _fullName;

    public bool IsSubcommand => _nameStart > 0;

    public bool IsContainer => _subcommands is not null;

    /// <summary>In the order of their names; none for a command that is no container.</summary>
    public IReadOnlyList<Command> Subcommands => _subcommands?.Commands ?? [];

    public bool Has(CommandFlags flag) => (Flags & flag) != 0;

    /// <summary>The flags of the context's request, which is one of this command.</summary>
    public CommandFlags FlagsOf(CommandContext context) => _requestFlags?.FlagsOf(context) ?? Flags;

    /// <summary>Whether a request may have this many arguments, the name included.</summary>
    public bool AcceptsCount(int count)
    {
        return Arity >= 0 ? count == Arity : count >= -Arity;
    }

    /// <summary>The position of the first key, where it is the same in every request and the request is that long; 0 otherwise.</summary>
    public int FirstKey(int argumentCount) => _firstKey < argumentCount ? _firstKey : 0;

    /// <summary>The position of the first field or member that a command on one key names; 0 where it names none.</summary>
    public int FirstMember { get; }

    /// <summary>The subcommand of this name in any letter case.</summary>
    public Command? FindSubcommand(ReadOnlySpan<byte> name) => _subcommands?.Find(name);

    public override string ToString() => Declaration.Name;

    internal void AddSubcommand(Command subcommand)
    {
        Debug.Assert(_subcommands is not null && subcommand.Container is null && subcommand._nameStart > 0);
        subcommand.Container = this;
        _subcommands.Add(subcommand.Name, subcommand);
    }

    private static void RefuseToRun(CommandContext context) => throw new UnreachableException("a container's arity demands a subcommand");
}
