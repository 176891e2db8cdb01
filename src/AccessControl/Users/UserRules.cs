using System.Buffers;
using Bixbite.AccessControl.Rules;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.AccessControl.Users;

/// <summary>
/// All rules of a user: whether it may log in and how, its own rights, and further selectors. Put together aside and then given to a
/// <see cref="User"/>; from then on nobody changes it. A new one is off and has no rights.
/// </summary>
public sealed class UserRules
{
    private readonly CommandNames _names;
    private readonly bool _isAllChannelsUsual;
    private readonly List<PasswordHash> _passwords = [];
    private readonly List<Selector> _selectors = [];
    private Selector _own;

    /// <param name="names">The commands that rules name.</param>
    /// <param name="isAllChannelsUsual">A new user may use all channels (acl-pubsub-default).</param>
    internal UserRules(CommandNames names, bool isAllChannelsUsual)
    {
        _names = names;
        _isAllChannelsUsual = isAllChannelsUsual;
        _selectors.Add(_own = NewSelector());
    }

    private UserRules(UserRules source, bool isAllChannelsUsual)
    {
        _names = source._names;
        _isAllChannelsUsual = isAllChannelsUsual;
        _passwords.AddRange(source._passwords);
        _selectors.AddRange(source._selectors.Select(static selector => selector.Clone()));
        _own = _selectors[0];
        Flags = source.Flags;
    }

    public UserFlags Flags { get; private set; }

    public bool IsEnabled => (Flags & UserFlags.Enabled) != 0;

    public bool NeedsNoPassword => (Flags & UserFlags.NoPassword) != 0;

    public IReadOnlyList<PasswordHash> Passwords => _passwords;

    /// <summary>The first is the user's own.</summary>
    public IReadOnlyList<Selector> Selectors => _selectors;

    /// <summary>No request is ever denied.</summary>
    public bool IsUnrestricted => _selectors.Exists(static selector => selector.IsUnrestricted);

    /// <summary>Words for the flags, in Redis' order.</summary>
    public IEnumerable<string> FlagWords
    {
        get
        {
            yield return IsEnabled ? "on" : "off";
            if (NeedsNoPassword)
            {
                yield return "nopass";
            }
            yield return (Flags & UserFlags.SkipsSanitizing) != 0 ? "skip-sanitize-payload" : "sanitize-payload";
        }
    }

    internal UserRules Clone(bool isAllChannelsUsual) => new(this, isAllChannelsUsual);

    /// <summary>Applies one rule; after a problem the rules are of no use.</summary>
    internal RuleProblem Apply(ReadOnlySpan<byte> rule)
    {
        if (rule.IsEmpty || ApplyWord(rule))
        {
            return RuleProblem.None;
        }
        return rule switch
        {
            [(byte)'>', .. var password] => AddPassword(PasswordHash.Of(password)),
            [(byte)'#', .. var hex] => PasswordHash.TryParse(hex, out PasswordHash hash) ? AddPassword(hash) : RuleProblem.BadHash,
            [(byte)'<', .. var password] => RemovePassword(PasswordHash.Of(password)),
            [(byte)'!', .. var hex] => PasswordHash.TryParse(hex, out PasswordHash hash) ? RemovePassword(hash) : RuleProblem.BadHash,
            [(byte)'(', .. var inner, (byte)')'] => AddSelector(inner),
            _ => _own.Apply(rule),
        };
    }

    /// <summary>Whether this is a password of the user; all are compared, in any case.</summary>
    internal bool HasPassword(PasswordHash hash)
    {
        bool isFound = PasswordHash.OfNobody.IsSame(hash);
        foreach (PasswordHash password in _passwords)
        {
            isFound |= password.IsSame(hash);
        }
        return isFound;
    }

    /// <summary>Whether the user's own rights admit the request at a glance; if not, <see cref="Check"/> decides.</summary>
    internal bool AdmitsAtOnce(CommandNeeds needs, ReadOnlySpan<Argument> arguments) => _own.AdmitsAtOnce(needs, arguments);

    /// <summary>Whether the request may run: one selector must admit all of it.</summary>
    internal Denial Check(ref AccessRequest request)
    {
        Denial nearest = default;
        foreach (Selector selector in _selectors)
        {
            Denial denial = selector.Check(ref request);
            if (denial.IsAdmitted)
            {
                return denial;
            }
            nearest = Denial.Nearer(nearest, denial);
        }
        return nearest;
    }

    /// <summary>Whether a request of this command may run, if its keys and other arguments are the right ones.</summary>
    internal bool AllowsSome(CommandNeeds needs)
    {
        foreach (Selector selector in _selectors)
        {
            if (selector.AllowsSome(needs))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Whether one selector admits the request and also such a use of every key.</summary>
    internal bool AdmitsWithEveryKey(ref AccessRequest request, KeyPermissions needed)
    {
        foreach (Selector selector in _selectors)
        {
            if (selector.AdmitsEveryKey(needed) && selector.Check(ref request).IsAdmitted)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Appends the rules that make this user from a new one.</summary>
    internal void AppendTo(IBufferWriter<byte> text)
    {
        foreach (string word in FlagWords)
        {
            text.Write(System.Text.Encoding.ASCII.GetBytes(word + " "));
        }
        foreach (PasswordHash password in _passwords)
        {
            text.Write("#"u8);
            text.Write(password.Hex);
            text.Write(" "u8);
        }
        _own.AppendTo(text, isNested: false);
        foreach (Selector selector in _selectors.Skip(1))
        {
            text.Write(" ("u8);
            selector.AppendTo(text, isNested: true);
            text.Write(")"u8);
        }
    }

    private bool ApplyWord(ReadOnlySpan<byte> rule)
    {
        if (Ascii.EqualsIgnoreCase(rule, "on"u8) || Ascii.EqualsIgnoreCase(rule, "off"u8))
        {
            Set(UserFlags.Enabled, Ascii.EqualsIgnoreCase(rule, "on"u8));
        }
        else if (Ascii.EqualsIgnoreCase(rule, "skip-sanitize-payload"u8) || Ascii.EqualsIgnoreCase(rule, "sanitize-payload"u8))
        {
            Set(UserFlags.SkipsSanitizing, Ascii.EqualsIgnoreCase(rule, "skip-sanitize-payload"u8));
        }
        else if (Ascii.EqualsIgnoreCase(rule, "nopass"u8) || Ascii.EqualsIgnoreCase(rule, "resetpass"u8))
        {
            Set(UserFlags.NoPassword, Ascii.EqualsIgnoreCase(rule, "nopass"u8));
            _passwords.Clear();
        }
        else if (Ascii.EqualsIgnoreCase(rule, "clearselectors"u8))
        {
            _selectors.RemoveRange(1, _selectors.Count - 1);
        }
        else if (Ascii.EqualsIgnoreCase(rule, "reset"u8))
        {
            Reset();
        }
        else
        {
            return false;
        }
        return true;
    }

    private void Reset()
    {
        Flags = UserFlags.None;
        _passwords.Clear();
        _selectors.Clear();
        _selectors.Add(_own = NewSelector());
    }

    private void Set(UserFlags flag, bool isOn) => Flags = isOn ? Flags | flag : Flags & ~flag;

    private RuleProblem AddPassword(PasswordHash hash)
    {
        if (!_passwords.Exists(password => password.IsSame(hash)))
        {
            _passwords.Add(hash);
        }
        Set(UserFlags.NoPassword, false);
        return RuleProblem.None;
    }

    private RuleProblem RemovePassword(PasswordHash hash) =>
        _passwords.RemoveAll(password => password.IsSame(hash)) > 0 ? RuleProblem.None : RuleProblem.NoSuchPassword;

    private RuleProblem AddSelector(ReadOnlySpan<byte> text)
    {
        Selector selector = NewSelector();
        foreach (byte[] rule in RuleWords.Split(text))
        {
            RuleProblem problem = selector.Apply(rule);
            if (problem != RuleProblem.None)
            {
                return problem;
            }
        }
        _selectors.Add(selector);
        return RuleProblem.None;
    }

    private Selector NewSelector()
    {
        var selector = new Selector(_names);
        if (_isAllChannelsUsual)
        {
            selector.Apply("allchannels"u8);
        }
        return selector;
    }
}
