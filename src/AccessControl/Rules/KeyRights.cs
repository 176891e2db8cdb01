using System.Buffers;
using Bixbite.Engine.Commands;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Rules;

/// <summary>
/// The keys that a selector admits, and for what: <c>~pattern</c>, <c>%R~pattern</c>, <c>%W~pattern</c>, <c>allkeys</c>. None at first.
/// Belongs to its selector.
/// </summary>
internal sealed class KeyRights
{
    private KeyRule[] _rules = [];

    /// <summary>Every key, also the empty one, which no pattern matches.</summary>
    public bool HasAll { get; private set; }

    public bool IsEmpty => !HasAll && _rules.Length == 0;

    public KeyRights Clone() => new() { _rules = [.. _rules], HasAll = HasAll };

    /// <summary>Applies a rule; null where it is about something else.</summary>
    public RuleProblem? Apply(ReadOnlySpan<byte> rule)
    {
        bool isAll = Ascii.EqualsIgnoreCase(rule, "allkeys"u8) || rule.SequenceEqual("~*"u8);
        if (isAll || Ascii.EqualsIgnoreCase(rule, "resetkeys"u8))
        {
            HasAll = isAll;
            _rules = [];
            return RuleProblem.None;
        }
        return rule is [(byte)'~' or (byte)'%', ..] ? Add(rule) : null;
    }

    /// <summary>Whether every key of the request may be used as its command uses it.</summary>
    public Denial Check(ref AccessRequest request)
    {
        CommandNeeds needs = request.Needs;
        if (needs.Keys == KeyNaming.One)
        {
            return AdmitsOne(needs, request.Arguments) ? Denial.Nothing : new Denial(DenialReason.Key, needs.KeyIndex);
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

    /// <summary>Whether the one key of a request may be used, if it is there.</summary>
    public bool AdmitsOne(CommandNeeds needs, ReadOnlySpan<Argument> arguments) =>
        HasAll || needs.KeyIndex >= arguments.Length || Admits(arguments[needs.KeyIndex].Bytes, needs.Permissions);

    /// <summary>Whether the values of all keys may be used so, whatever their names.</summary>
    public bool AdmitsEvery(KeyPermissions needed)
    {
        bool isAdmitted = HasAll;
        foreach (KeyRule rule in _rules)
        {
            isAdmitted |= rule.IsForAll && (rule.Permissions & needed) == needed;
        }
        return isAdmitted;
    }

    /// <summary>The rules with blanks between them; nested ones stand within parentheses.</summary>
    public void AppendTo(IBufferWriter<byte> text, bool isNested)
    {
        if (HasAll)
        {
            text.Write("~*"u8);
        }
        for (int i = 0; i < _rules.Length; i++)
        {
            text.Write(i > 0 ? " "u8 : default);
            ReadOnlySpan<byte> sign = _rules[i].Permissions switch
            {
                KeyPermissions.Read => "%R~"u8,
                KeyPermissions.Write => "%W~"u8,
                // Plainly it would be the rule that admits every key and no further pattern.
                _ when _rules[i].IsForAll => "%RW~"u8,
                _ => "~"u8,
            };
            RuleWords.Write(text, sign, _rules[i].Pattern.Text, isNested);
        }
    }

    /// <summary>Permissions for the same pattern add up.</summary>
    private RuleProblem Add(ReadOnlySpan<byte> rule)
    {
        if (HasAll)
        {
            return RuleProblem.KeysAfterAll;
        }
        int begin = ReadSign(rule, out KeyPermissions permissions);
        if (permissions == KeyPermissions.None || UserNames.HasBlank(rule[begin..]))
        {
            return RuleProblem.Syntax;
        }
        byte[] pattern = rule[begin..].ToArray();
        int place = Array.FindIndex(_rules, known => known.Pattern.Text.AsSpan().SequenceEqual(pattern));
        if (place < 0)
        {
            _rules = [.. _rules, new KeyRule(new Pattern(pattern), permissions)];
        }
        else
        {
            _rules[place] = new KeyRule(_rules[place].Pattern, _rules[place].Permissions | permissions);
        }
        return RuleProblem.None;
    }

    /// <summary>
    /// Reads up to the pattern, which begins at the result; no permissions where that is wrong. As in Redis the tilde may be missing where
    /// nothing follows.
    /// </summary>
    private static int ReadSign(ReadOnlySpan<byte> rule, out KeyPermissions permissions)
    {
        permissions = rule[0] == '~' ? KeyPermissions.All : KeyPermissions.None;
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
            if (!isOpen && rule[begin] != '~')
            {
                permissions = KeyPermissions.None;
                return rule.Length;
            }
            permissions |= added;
        }
        return begin;
    }

    private bool Admits(ReadOnlySpan<byte> key, KeyPermissions needed)
    {
        ulong head = Pattern.HeadOf(key);
        foreach (ref readonly KeyRule rule in _rules.AsSpan())
        {
            if (rule.Admits(key, head, needed))
            {
                return true;
            }
        }
        return false;
    }
}
