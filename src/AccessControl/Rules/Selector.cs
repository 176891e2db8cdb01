using System.Buffers;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// Rights that hold together: commands, and the keys, channels and databases that they may be used on. A new one has none, but may be used
/// in every database. It belongs to one user's rules and is changed only while these are put together.
/// <code>
///   allowed    a bit for each command and subcommand by its number       +get  +@read  -client|kill
///   arguments  a command without its bit: first arguments that it may have    +select|0
///   rules      the same as words in their order, to be shown
/// </code>
/// </summary>
public sealed class Selector
{
    private readonly CommandNames _names;
    private readonly ulong[] _allowed;
    private readonly Dictionary<int, List<byte[]>> _firstArguments = [];
    private readonly List<KeyRule> _keys = [];
    private readonly List<Pattern> _channels = [];
    private readonly CommandRules _rules;
    private SortedSet<int>? _databases;
    private bool _beginsWithAll;
    private bool _hasEveryBit;

    internal Selector(CommandNames names)
    {
        _names = names;
        _allowed = new ulong[(names.Count + 63) / 64];
        _rules = new CommandRules();
    }

    private Selector(Selector source)
    {
        _names = source._names;
        _allowed = [.. source._allowed];
        _rules = source._rules.Clone();
        _keys.AddRange(source._keys);
        _channels.AddRange(source._channels);
        foreach ((int number, List<byte[]> arguments) in source._firstArguments)
        {
            _firstArguments.Add(number, [.. arguments]);
        }
        _databases = source._databases is { } databases ? [.. databases] : null;
        _beginsWithAll = source._beginsWithAll;
        _hasEveryBit = source._hasEveryBit;
        HasAllKeys = source.HasAllKeys;
        HasAllChannels = source.HasAllChannels;
    }

    /// <summary>Every key, also without a pattern.</summary>
    public bool HasAllKeys { get; private set; }

    public bool HasAllChannels { get; private set; }

    public bool HasAllDatabases => _databases is null;

    /// <summary>No request is denied.</summary>
    public bool IsUnrestricted => _hasEveryBit && HasAllKeys && HasAllChannels && HasAllDatabases;

    internal IReadOnlyList<Pattern> Channels => _channels;

    internal Selector Clone() => new(this);

    /// <summary>Applies one rule.</summary>
    internal RuleProblem Apply(ReadOnlySpan<byte> rule)
    {
        if (ApplyWord(rule))
        {
            return RuleProblem.None;
        }
        return rule switch
        {
            [(byte)'~' or (byte)'%', ..] => AddKeys(rule),
            [(byte)'&', ..] => AddChannel(rule[1..]),
            [(byte)'+' or (byte)'-', (byte)'@', ..] => ApplyCategory(rule[1..], rule[0] == '+'),
            [(byte)'+', ..] => Allow(rule[1..]),
            [(byte)'-', ..] => Forbid(rule[1..]),
            _ => rule.StartsWith("db="u8) ? SetDatabases(rule[3..]) : RuleProblem.Syntax,
        };
    }

    /// <summary>Whether the request may run.</summary>
    internal Denial Check(ref AccessRequest request)
    {
        if (!_hasEveryBit && !AllowsCommand(request))
        {
            return new Denial(DenialReason.Command, 0);
        }
        if (_databases is not null && DeniedDatabase(request) is { IsAdmitted: false } database)
        {
            return database;
        }
        if (!HasAllKeys && DeniedKey(ref request) is { IsAdmitted: false } key)
        {
            return key;
        }
        return !HasAllChannels && request.Needs.Channels != ChannelNaming.None ? DeniedChannel(request) : Denial.Nothing;
    }

    /// <summary>Whether the values of all keys may be used so, whatever their names.</summary>
    internal bool AdmitsEveryKey(KeyPermissions needed)
    {
        bool isAdmitted = HasAllKeys;
        foreach (KeyRule rule in _keys)
        {
            isAdmitted |= rule.IsForAll && (rule.Permissions & needed) == needed;
        }
        return isAdmitted;
    }

    /// <summary>The rules that make this selector from a new one; nested ones stand within parentheses.</summary>
    internal void AppendTo(IBufferWriter<byte> text, bool isNested)
    {
        AppendKeys(text, isNested);
        if (HasAllKeys || _keys.Count > 0)
        {
            text.Write(" "u8);
        }
        text.Write(HasAllChannels ? "&* "u8 : "resetchannels "u8);
        if (!HasAllChannels)
        {
            AppendChannels(text, isNested);
            text.Write(_channels.Count > 0 ? " "u8 : default);
        }
        if (_databases is not null)
        {
            AppendDatabases(text);
            text.Write(" "u8);
        }
        AppendCommands(text, isNested);
    }

    /// <summary>The rules about commands.</summary>
    public void AppendCommands(IBufferWriter<byte> text, bool isNested)
    {
        text.Write(_beginsWithAll ? "+@all"u8 : "-@all"u8);
        _rules.AppendTo(text, isNested);
    }

    /// <summary>The rules about keys.</summary>
    public void AppendKeys(IBufferWriter<byte> text, bool isNested)
    {
        if (HasAllKeys)
        {
            text.Write("~*"u8);
        }
        for (int i = 0; i < _keys.Count; i++)
        {
            text.Write(i > 0 ? " "u8 : default);
            ReadOnlySpan<byte> sign = _keys[i].Permissions switch
            {
                KeyPermissions.Read => "%R~"u8,
                KeyPermissions.Write => "%W~"u8,
                _ => "~"u8,
            };
            RuleWords.Write(text, sign, _keys[i].Pattern.Text, isNested);
        }
    }

    /// <summary>The rules about channels.</summary>
    public void AppendChannels(IBufferWriter<byte> text, bool isNested)
    {
        if (HasAllChannels)
        {
            text.Write("&*"u8);
        }
        for (int i = 0; i < _channels.Count; i++)
        {
            text.Write(i > 0 ? " "u8 : default);
            RuleWords.Write(text, "&"u8, _channels[i].Text, isNested);
        }
    }

    /// <summary>The rule about databases.</summary>
    public void AppendDatabases(IBufferWriter<byte> text)
    {
        string word = _databases switch
        {
            null => "alldbs",
            { Count: 0 } => "resetdbs",
            _ => "db=" + string.Join(',', _databases),
        };
        text.Write(System.Text.Encoding.ASCII.GetBytes(word));
    }

    private bool ApplyWord(ReadOnlySpan<byte> rule)
    {
        if (Ascii.EqualsIgnoreCase(rule, "allkeys"u8) || rule.SequenceEqual("~*"u8) || Ascii.EqualsIgnoreCase(rule, "resetkeys"u8))
        {
            HasAllKeys = !Ascii.EqualsIgnoreCase(rule, "resetkeys"u8);
            _keys.Clear();
        }
        else if (Ascii.EqualsIgnoreCase(rule, "allchannels"u8) || rule.SequenceEqual("&*"u8)
            || Ascii.EqualsIgnoreCase(rule, "resetchannels"u8))
        {
            HasAllChannels = !Ascii.EqualsIgnoreCase(rule, "resetchannels"u8);
            _channels.Clear();
        }
        else if (Ascii.EqualsIgnoreCase(rule, "allcommands"u8) || Ascii.EqualsIgnoreCase(rule, "+@all"u8))
        {
            SetAllCommands(isAllowed: true);
        }
        else if (Ascii.EqualsIgnoreCase(rule, "nocommands"u8) || Ascii.EqualsIgnoreCase(rule, "-@all"u8))
        {
            SetAllCommands(isAllowed: false);
        }
        else if (Ascii.EqualsIgnoreCase(rule, "alldbs"u8) || Ascii.EqualsIgnoreCase(rule, "resetdbs"u8))
        {
            _databases = Ascii.EqualsIgnoreCase(rule, "alldbs"u8) ? null : [];
        }
        else
        {
            return false;
        }
        return true;
    }

    private void SetAllCommands(bool isAllowed)
    {
        Array.Fill(_allowed, isAllowed ? ulong.MaxValue : 0);
        _hasEveryBit = isAllowed;
        _beginsWithAll = isAllowed;
        _firstArguments.Clear();
        _rules.Clear();
    }

    /// <summary>
    /// <c>~pattern</c>, <c>%R~pattern</c>, <c>%W~pattern</c>, <c>%RW~pattern</c>. Permissions for the same pattern add up.
    /// </summary>
    private RuleProblem AddKeys(ReadOnlySpan<byte> rule)
    {
        if (HasAllKeys)
        {
            return RuleProblem.KeysAfterAll;
        }
        KeyPermissions permissions = rule[0] == '~' ? KeyPermissions.All : KeyPermissions.None;
        int begin = 1;
        for (bool isOpen = rule[0] == '%'; isOpen && begin < rule.Length; begin++)
        {
            KeyPermissions added = rule[begin] switch
            {
                (byte)'R' or (byte)'r' => KeyPermissions.Read,
                (byte)'W' or (byte)'w' => KeyPermissions.Write,
                _ => KeyPermissions.None,
            };
            isOpen = added != KeyPermissions.None && (permissions & added) == 0;
            if (!isOpen && (rule[begin] != '~' || permissions == KeyPermissions.None))
            {
                return RuleProblem.Syntax;
            }
            permissions |= added;
        }
        if (permissions == KeyPermissions.None || UserNames.HasBlank(rule[begin..]))
        {
            return RuleProblem.Syntax;
        }
        byte[] pattern = rule[begin..].ToArray();
        int place = _keys.FindIndex(key => key.Pattern.Text.AsSpan().SequenceEqual(pattern));
        if (place < 0)
        {
            _keys.Add(new KeyRule(new Pattern(pattern), permissions));
        }
        else
        {
            _keys[place] = new KeyRule(_keys[place].Pattern, _keys[place].Permissions | permissions);
        }
        return RuleProblem.None;
    }

    private RuleProblem AddChannel(ReadOnlySpan<byte> pattern)
    {
        if (HasAllChannels)
        {
            return RuleProblem.ChannelsAfterAll;
        }
        if (UserNames.HasBlank(pattern))
        {
            return RuleProblem.Syntax;
        }
        byte[] text = pattern.ToArray();
        if (!_channels.Exists(channel => channel.Text.AsSpan().SequenceEqual(text)))
        {
            _channels.Add(new Pattern(text));
        }
        return RuleProblem.None;
    }

    /// <summary><c>db=0,3</c>: these and no others.</summary>
    private RuleProblem SetDatabases(ReadOnlySpan<byte> list)
    {
        SortedSet<int> databases = [];
        foreach (Range range in list.Split((byte)','))
        {
            if (!Integers.TryParse(list[range], out long number))
            {
                return RuleProblem.Syntax;
            }
            if (number is < 0 or > int.MaxValue)
            {
                return RuleProblem.DatabaseOutOfRange;
            }
            databases.Add((int)number);
        }
        _databases = databases;
        return RuleProblem.None;
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

    private RuleProblem Forbid(ReadOnlySpan<byte> name) => Change(name, isAllowed: false);

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
        _hasEveryBit &= isAllowed;
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

    private bool AllowsCommand(in AccessRequest request)
    {
        CommandNeeds needs = request.Needs;
        return (_allowed[needs.Number >> 6] >> (needs.Number & 63) & 1) != 0
            || needs.IsFree
            || (_firstArguments.Count > 0 && AllowsFirstArgument(request));
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

    private Denial DeniedDatabase(in AccessRequest request)
    {
        CommandNeeds needs = request.Needs;
        bool isOutside = needs.NeedsAllDatabases
            || (needs.UsesDatabase && request.Database >= 0 && !_databases!.Contains(request.Database));
        if (isOutside)
        {
            return new Denial(DenialReason.Database, 0);
        }
        for (int i = 1; i < request.Arguments.Length && (needs.FollowsDatabaseWord || needs.DatabaseIndices.Length > 0); i++)
        {
            if (needs.IsDatabase(request.Arguments, i)
                && Integers.TryParse(request.Arguments[i].Bytes, out long number)
                && number is >= 0 and <= int.MaxValue
                && !_databases!.Contains((int)number))
            {
                return new Denial(DenialReason.Database, i);
            }
        }
        return Denial.Nothing;
    }

    private Denial DeniedKey(ref AccessRequest request)
    {
        CommandNeeds needs = request.Needs;
        if (needs.Keys == KeyNaming.One)
        {
            int index = needs.KeyIndex;
            bool isAdmitted = index >= request.Arguments.Length || Admits(request.Arguments[index].Bytes, needs.Permissions);
            return isAdmitted ? Denial.Nothing : new Denial(DenialReason.Key, index);
        }
        if (needs.Keys == KeyNaming.None)
        {
            return Denial.Nothing;
        }
        foreach (KeyPosition key in request.Keys())
        {
            if (!Admits(request.Arguments[key.Index].Bytes, KeyNeeds.Of(key.Flags)))
            {
                return new Denial(DenialReason.Key, key.Index);
            }
        }
        return Denial.Nothing;
    }

    private bool Admits(ReadOnlySpan<byte> key, KeyPermissions needed)
    {
        foreach (KeyRule rule in _keys)
        {
            if (rule.Admits(key, needed))
            {
                return true;
            }
        }
        return false;
    }

    private Denial DeniedChannel(in AccessRequest request)
    {
        ChannelNaming naming = request.Needs.Channels;
        int end = naming == ChannelNaming.First ? Math.Min(2, request.Arguments.Length) : request.Arguments.Length;
        for (int i = 1; i < end; i++)
        {
            if (!Admits(_channels, request.Arguments[i].Bytes, naming == ChannelNaming.Patterns))
            {
                return new Denial(DenialReason.Channel, i);
            }
        }
        return Denial.Nothing;
    }

    /// <summary>A pattern is admitted by the same pattern alone: what it matches cannot be compared.</summary>
    internal static bool Admits(IReadOnlyList<Pattern> channels, ReadOnlySpan<byte> name, bool isPattern)
    {
        foreach (Pattern channel in channels)
        {
            if (isPattern ? channel.Text.AsSpan().SequenceEqual(name) : channel.IsMatch(name))
            {
                return true;
            }
        }
        return false;
    }
}
