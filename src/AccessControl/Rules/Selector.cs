using System.Buffers;
using System.Runtime.CompilerServices;
using Bixbite.Protocol;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// Rights that hold together: commands, and the keys, channels and databases that they may be used on. A new one has none, but may be used
/// in every database. It belongs to one user's rules and is changed only while these are put together.
/// </summary>
public sealed class Selector
{
    private readonly CommandRights _commands;
    private readonly KeyRights _keys;
    private readonly ChannelRights _channels;
    private readonly DatabaseRights _databases;

    internal Selector(CommandNames names)
        : this(new CommandRights(names), new KeyRights(), new ChannelRights(), new DatabaseRights())
    {
    }

    private Selector(CommandRights commands, KeyRights keys, ChannelRights channels, DatabaseRights databases)
    {
        _commands = commands;
        _keys = keys;
        _channels = channels;
        _databases = databases;
    }

    public bool HasAllDatabases => _databases.HasAll;

    /// <summary>No request is denied.</summary>
    public bool IsUnrestricted => _commands.HasAll && _keys.HasAll && _channels.HasAll && _databases.HasAll;

    internal ChannelRights Channels => _channels;

    internal Selector Clone() => new(_commands.Clone(), _keys.Clone(), _channels.Clone(), _databases.Clone());

    /// <summary>Applies one rule: the rights that it is about know it.</summary>
    internal RuleProblem Apply(ReadOnlySpan<byte> rule) =>
        _keys.Apply(rule) ?? _channels.Apply(rule) ?? _databases.Apply(rule) ?? _commands.Apply(rule) ?? RuleProblem.Syntax;

    /// <summary>Whether the request may run, where that can be told at a glance; what is denied so <see cref="Check"/> decides.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool AdmitsAtOnce(CommandNeeds needs, ReadOnlySpan<Argument> arguments) =>
        needs.IsPlain
        && _commands.Has(needs.Number)
        && _databases.HasAll
        && (needs.Keys == KeyNaming.None || _keys.AdmitsOne(needs, arguments));

    /// <summary>Whether the request may run.</summary>
    internal Denial Check(ref AccessRequest request)
    {
        if (!_commands.Allows(request))
        {
            return new Denial(DenialReason.Command, 0);
        }
        Denial denial = _databases.HasAll ? Denial.Nothing : _databases.Check(request);
        if (denial.IsAdmitted && !_keys.HasAll)
        {
            denial = _keys.Check(ref request);
        }
        return denial.IsAdmitted && !_channels.HasAll ? _channels.Check(request) : denial;
    }

    /// <summary>Whether the command may be run, if its arguments are the right ones.</summary>
    internal bool AllowsSome(CommandNeeds needs) => _commands.AllowsSome(needs);

    /// <summary>Whether the values of all keys may be used so, whatever their names.</summary>
    internal bool AdmitsEveryKey(KeyPermissions needed) => _keys.AdmitsEvery(needed);

    /// <summary>The rules that make this selector from a new one; nested ones stand within parentheses.</summary>
    internal void AppendTo(IBufferWriter<byte> text, bool isNested)
    {
        AppendKeys(text, isNested);
        text.Write(_keys.IsEmpty ? default : " "u8);
        if (!_channels.HasAll)
        {
            text.Write("resetchannels "u8);
        }
        AppendChannels(text, isNested);
        text.Write(_channels.IsEmpty ? default : " "u8);
        if (!HasAllDatabases)
        {
            AppendDatabases(text);
            text.Write(" "u8);
        }
        AppendCommands(text, isNested);
    }

    /// <summary>The rules about commands.</summary>
    public void AppendCommands(IBufferWriter<byte> text, bool isNested) => _commands.AppendTo(text, isNested);

    /// <summary>The rules about keys.</summary>
    public void AppendKeys(IBufferWriter<byte> text, bool isNested) => _keys.AppendTo(text, isNested);

    /// <summary>The rules about channels.</summary>
    public void AppendChannels(IBufferWriter<byte> text, bool isNested) => _channels.AppendTo(text, isNested);

    /// <summary>The rule about databases.</summary>
    public void AppendDatabases(IBufferWriter<byte> text) => _databases.AppendTo(text);
}
