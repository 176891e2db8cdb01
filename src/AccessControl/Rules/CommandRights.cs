using System.Buffers;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// The commands that a selector admits: <c>+get</c>, <c>-client|kill</c>, <c>+@read</c>, <c>+select|0</c>, <c>allcommands</c>. None at
/// first. Belongs to its selector.
/// <code>
///   allowed    a bit for each command and subcommand by its number       +get  +@read  -client|kill
///   arguments  a command without its bit: first arguments that it may have    +select|0
///   rules      the same as words in their order, to be shown
/// </code>
/// </summary>
internal sealed class CommandRights
{
    private readonly CommandNames _names;
    private readonly ulong[] _allowed;
    private readonly Dictionary<int, List<byte[]>> _firstArguments = [];
    private readonly CommandRules _rules;
    private bool _beginsWithAll;

    public CommandRights(CommandNames names)
    {
        _names = names;
        _allowed = new ulong[(names.Count + 63) / 64];
        _rules = new CommandRules();
    }

    private CommandRights(CommandRights source)
    {
        _names = source._names;
        _allowed = [.. source._allowed];
        _rules = source._rules.Clone();
        foreach ((int number, List<byte[]> arguments) in source._firstArguments)
        {
            _firstArguments.Add(number, [.. arguments]);
        }
        _beginsWithAll = source._beginsWithAll;
        HasAll = source.HasAll;
    }

    /// <summary>No command is denied. It may be false although none is, where they were allowed one by one.</summary>
    public bool HasAll { get; private set; }

    public CommandRights Clone() => new(this);

    /// <summary>Applies a rule; null where it is about something else.</summary>
    public RuleProblem? Apply(ReadOnlySpan<byte> rule)
    {
        bool isAll = Ascii.EqualsIgnoreCase(rule, "allcommands"u8) || Ascii.EqualsIgnoreCase(rule, "+@all"u8);
        if (isAll || Ascii.EqualsIgnoreCase(rule, "nocommands"u8) || Ascii.EqualsIgnoreCase(rule, "-@all"u8))
        {
            SetAll(isAll);
            return RuleProblem.None;
        }
        return rule switch
        {
            [(byte)'+' or (byte)'-', (byte)'@', ..] => ApplyCategory(rule[1..], rule[0] == '+'),
            [(byte)'+', ..] => Allow(rule[1..]),
            [(byte)'-', ..] => Change(rule[1..], isAllowed: false),
            _ => null,
        };
    }

    /// <summary>Whether the request's command may be run, with its first argument.</summary>
    public bool Allows(in AccessRequest request)
    {
        CommandNeeds needs = request.Needs;
        return Has(needs.Number)
            || needs.IsFree
            || (_firstArguments.Count > 0 && AllowsFirstArgument(request));
    }

    /// <summary>Whether the command may be run with some first argument.</summary>
    public bool AllowsSome(CommandNeeds needs) => Has(needs.Number) || needs.IsFree || _firstArguments.ContainsKey(needs.Number);

    /// <summary>Whether the command with this number may be run, whatever its arguments.</summary>
    public bool Has(int number) => (_allowed[number >> 6] >> (number & 63) & 1) != 0;

    /// <summary>The rules with blanks between them; nested ones stand within parentheses.</summary>
    public void AppendTo(IBufferWriter<byte> text, bool isNested)
    {
        text.Write(_beginsWithAll ? "+@all"u8 : "-@all"u8);
        _rules.AppendTo(text, isNested);
    }

    private void SetAll(bool isAllowed)
    {
        Array.Fill(_allowed, isAllowed ? ulong.MaxValue : 0);
        HasAll = isAllowed;
        _beginsWithAll = isAllowed;
        _firstArguments.Clear();
        _rules.Clear();
    }

    /// <summary>The category with its at sign.</summary>
    private RuleProblem ApplyCategory(ReadOnlySpan<byte> name, bool isAllowed)
    {
        CommandCategories category = CommandNames.FindCategory(name[1..]);
        if (category == CommandCategories.None)
        {
            return RuleProblem.UnknownCommand;
        }
        _rules.Add(isAllowed, name);
        foreach (Command command in _names.Commands)
        {
            if ((command.Categories & category) != 0)
            {
                Set(command, isAllowed);
            }
            foreach (Command subcommand in command.Subcommands)
            {
                if ((subcommand.Categories & category) != 0)
                {
                    Set(subcommand, isAllowed);
                }
            }
        }
        return RuleProblem.None;
    }

    private RuleProblem Allow(ReadOnlySpan<byte> name)
    {
        int bar = name.LastIndexOf((byte)'|');
        if (bar < 0)
        {
            return Change(name, isAllowed: true);
        }
        if (_names.Find(name[..bar]) is not { } command)
        {
            return RuleProblem.UnknownCommand;
        }
        if (command.IsSubcommand)
        {
            return RuleProblem.FirstArgumentOfSubcommand;
        }
        ReadOnlySpan<byte> argument = name[(bar + 1)..];
        if (argument.IsEmpty || UserNames.HasBlank(argument))
        {
            return RuleProblem.Syntax;
        }
        if (command.IsContainer)
        {
            return Change(name, isAllowed: true);
        }
        AddFirstArgument(command.Number, argument.ToArray());
        _rules.Add(isAllowed: true, name);
        return RuleProblem.None;
    }

    private RuleProblem Change(ReadOnlySpan<byte> name, bool isAllowed)
    {
        if (_names.Find(name) is not { } command)
        {
            return RuleProblem.UnknownCommand;
        }
        Set(command, isAllowed);
        _rules.Add(isAllowed, command.FullName);
        return RuleProblem.None;
    }

    /// <summary>A container's right is that of all its subcommands.</summary>
    private void Set(Command command, bool isAllowed)
    {
        SetBit(command.Number, isAllowed);
        _firstArguments.Remove(command.Number);
        foreach (Command subcommand in command.Subcommands)
        {
            SetBit(subcommand.Number, isAllowed);
        }
    }

    private void SetBit(int number, bool isAllowed)
    {
        ulong bit = 1UL << (number & 63);
        ref ulong word = ref _allowed[number >> 6];
        word = isAllowed ? word | bit : word & ~bit;
        HasAll &= isAllowed;
    }

    private void AddFirstArgument(int number, byte[] argument)
    {
        if (!_firstArguments.TryGetValue(number, out List<byte[]>? arguments))
        {
            _firstArguments.Add(number, arguments = []);
        }
        if (!arguments.Exists(known => Ascii.EqualsIgnoreCase(known, argument)))
        {
            arguments.Add(argument);
        }
    }

    private bool AllowsFirstArgument(in AccessRequest request)
    {
        if (request.Arguments.Length < 2 || !_firstArguments.TryGetValue(request.Needs.Number, out List<byte[]>? arguments))
        {
            return false;
        }
        foreach (byte[] argument in arguments)
        {
            if (Ascii.EqualsIgnoreCase(request.Arguments[1].Bytes, argument))
            {
                return true;
            }
        }
        return false;
    }
}
