using System.Diagnostics;
using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Statistics;

namespace Bixbite.Engine.Execution;

/// <summary>
/// A command of the table: its handler, and what its <see cref="CommandAttribute"/> says, in the form the gates need at every request. A
/// container (CLIENT) owns its subcommands; only they run.
/// </summary>
public sealed class Command
{
    private readonly byte[] _fullName;
    private readonly int _nameStart;
    private readonly int _firstKey;
    private readonly CommandIndex? _subcommands;

    /// <summary>A command that runs; a subcommand names its container before a bar.</summary>
    public Command(CommandAttribute declaration, CommandHandler handler, KeyFlagsResolver? keyFlags = null)
        : this(declaration, handler, keyFlags, isContainer: false)
    {
    }

    private Command(CommandAttribute declaration, CommandHandler handler, KeyFlagsResolver? keyFlags, bool isContainer)
    {
        Declaration = declaration;
        Arity = declaration.Arity;
        Handler = handler;
        _fullName = Encoding.ASCII.GetBytes(declaration.Name);
        _nameStart = declaration.Name.IndexOf('|', StringComparison.Ordinal) + 1;
        _subcommands = isContainer ? new CommandIndex() : null;

        bool isRead = CommandWords.TryParse(declaration.Flags, out CommandFlags flags);
        Debug.Assert(isRead, "the generator lets only known flags through");
        Keys = new KeySpecs(KeySpecParser.Parse(declaration.Keys, out _) ?? [], keyFlags);
        Flags = Keys.IsMovable ? flags | CommandFlags.MovableKeys : flags;
        Categories = CommandWords.CategoriesOf(flags, NamedCategories(declaration, isContainer));
        _firstKey = Keys.FixedFirst;
        FirstMember = FirstMemberOf(declaration);
    }

    /// <summary>A container: a command that leads to its subcommands and does nothing by itself.</summary>
    public static Command CreateContainer(CommandAttribute declaration) => new(declaration, RefuseToRun, null, isContainer: true);

    /// <summary>A container that also runs when it stands alone, as COMMAND does.</summary>
    public static Command CreateContainer(CommandAttribute declaration, CommandHandler handler) =>
        new(declaration, handler, null, isContainer: true);

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

    /// <summary>
    /// As the syntax has it: "key field", "key (data: field value) ...", "key ... (data: score member) ..." or "key increment member".
    /// </summary>
    private static int FirstMemberOf(CommandAttribute declaration)
    {
        if (declaration.Syntax.Contains("score:double member", StringComparison.Ordinal)
            || declaration.Syntax.Contains("increment member", StringComparison.Ordinal))
        {
            return 3;
        }
        string[] words = declaration.Syntax.Split([' ', '(', ')'], StringSplitOptions.RemoveEmptyEntries);
        string[] names = [.. words.Where(word => !word.EndsWith(':'))];
        return names.Length > 1 && names[0] == "key" && names[1] is "field" or "member" ? 2 : 0;
    }

    private static CommandCategories NamedCategories(CommandAttribute declaration, bool isContainer)
    {
        if (CommandWords.TryParse(declaration.Categories, out CommandCategories categories) && declaration.Categories.Length > 0)
        {
            return categories;
        }
        bool isImplied = CommandWords.TryFindGroup(declaration.Group, out CommandCategories implied) && !isContainer;
        return isImplied ? implied : CommandCategories.None;
    }

    private static void RefuseToRun(CommandContext context) => throw new UnreachableException("a container's arity demands a subcommand");
}
