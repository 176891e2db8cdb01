using System.Diagnostics.CodeAnalysis;
using System.Text;
using Bixbite.AccessControl.Rules;
using Bixbite.Configuration;
using Bixbite.Engine.Sessions;

namespace Bixbite.AccessControl.Users;

/// <summary>
/// All users by their names. There is always the default user, which is who nobody has logged in as; until somebody gives it rules it may
/// do everything and needs no password. Changes are whole: if one rule is wrong, nothing has changed. Under the execution lock.
/// </summary>
/// <param name="names">The commands that rules name.</param>
/// <param name="isAllChannelsUsual">Whether a new user may use all channels now (acl-pubsub-default).</param>
public sealed class UserTable(CommandNames names, Func<bool> isAllChannelsUsual)
{
    private readonly List<User> _users = [];
    private User? _default;

    /// <summary>Told after each change of a user that was there before.</summary>
    public event Action<UserChange>? Changed;

    public User Default => _default ??= AddDefault();

    /// <summary>In the order of their names' bytes.</summary>
    public IReadOnlyCollection<User> All
    {
        get
        {
            _ = Default;
            return _users;
        }
    }

    public CommandNames Names => names;

    public bool TryFind(ReadOnlySpan<byte> name, [NotNullWhen(true)] out User? user)
    {
        int index = IndexOf(name);
        user = index >= 0 ? _users[index] : name.SequenceEqual(UserNames.Default) ? Default : null;
        return user is not null;
    }

    /// <summary>Applies rules to a user, which is made if there is none; null, or what is wrong: then nothing has changed.</summary>
    public string? Set(ReadOnlySpan<byte> name, IReadOnlyList<byte[]> words, Session? caller = null)
    {
        if (!RuleWords.TryMerge(words, out List<byte[]> rules, out int open))
        {
            return $"Unmatched parenthesis in acl selector starting at '{ByteText.Decode(words[open])}'.";
        }
        TryFind(name, out User? user);
        UserRules draft = user is null ? NewRules() : user.Rules.Clone(isAllChannelsUsual());
        foreach (byte[] rule in rules)
        {
            RuleProblem problem = draft.Apply(rule);
            if (problem != RuleProblem.None)
            {
                return $"Error in ACL SETUSER modifier '{ByteText.Decode(rule)}': {RuleProblems.TextOf(problem)}";
            }
        }
        Put(name, draft, caller);
        return null;
    }

    /// <summary>Removes a user, which is not the default one; false where there is none.</summary>
    public bool Remove(ReadOnlySpan<byte> name, Session? caller = null)
    {
        int index = IndexOf(name);
        if (index < 0 || name.SequenceEqual(UserNames.Default))
        {
            return false;
        }
        User user = _users[index];
        _users.RemoveAt(index);

        // Whoever is this user still, such as a script that goes on, has no rights any more.
        user.Rules = NewRules();
        Changed?.Invoke(new UserChange(user, Before: null, caller));
        return true;
    }

    /// <summary>Makes these the users, and no others. The default user is as at the start if it is not among them.</summary>
    internal void Replace(IReadOnlyDictionary<byte[], UserRules> users, Session? caller = null)
    {
        foreach (User user in All.ToArray())
        {
            if (!users.ContainsKey(user.Name) && user != Default)
            {
                Remove(user.Name, caller);
            }
        }
        Put(UserNames.Default, users.TryGetValue(Default.Name, out UserRules? rules) ? rules : DefaultRules(), caller);
        foreach ((byte[] name, UserRules given) in users)
        {
            Put(name, given, caller);
        }
    }

    /// <summary>Makes a user, or gives the default one other rules.</summary>
    internal void Declare(ReadOnlySpan<byte> name, UserRules rules) => Put(name, rules, caller: null);

    /// <summary>Who may do everything and is not in the table; called as the default user, as whom it would come.</summary>
    internal User CreateOwner() => new(UserNames.Default.ToArray(), DefaultRules());

    /// <summary>The rules of a new user.</summary>
    internal UserRules NewRules() => new(names, isAllChannelsUsual());

    private void Put(ReadOnlySpan<byte> name, UserRules rules, Session? caller)
    {
        if (!TryFind(name, out User? user))
        {
            Add(name, rules);
            return;
        }
        UserRules before = user.Rules;
        if (!ReferenceEquals(before, rules))
        {
            user.Rules = rules;
            Changed?.Invoke(new UserChange(user, before, caller));
        }
    }

    private User AddDefault() => Add(UserNames.Default, DefaultRules());

    /// <summary>Adds a user of a name that nobody has.</summary>
    private User Add(ReadOnlySpan<byte> name, UserRules rules)
    {
        var user = new User(name.ToArray(), rules);
        _users.Insert(~IndexOf(name), user);
        return user;
    }

    /// <summary>Where the user is; if there is none, the complement of where it would be.</summary>
    private int IndexOf(ReadOnlySpan<byte> name)
    {
        int low = 0;
        int high = _users.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            int order = name.SequenceCompareTo(_users[middle].Name);
            if (order == 0)
            {
                return middle;
            }
            if (order < 0)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }
        return ~low;
    }

    private UserRules DefaultRules()
    {
        UserRules rules = NewRules();
        foreach (string rule in (ReadOnlySpan<string>)["+@all", "~*", "&*", "on", "nopass"])
        {
            rules.Apply(Encoding.ASCII.GetBytes(rule));
        }
        return rules;
    }
}
