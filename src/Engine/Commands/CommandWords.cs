namespace Bixbite.Engine.Commands;

/// <summary>
/// The words of flags, categories, groups and key flags as Redis spells them, in the order in which it prints them. Compiled into the
/// generator too, which checks attributes with the same tables.
/// </summary>
public static class CommandWords
{
    /// <summary>All that an attribute may say; COMMAND INFO shows those that <see cref="IsShown"/>.</summary>
    public static IReadOnlyList<KeyValuePair<string, CommandFlags>> Flags { get; } = new KeyValuePair<string, CommandFlags>[]
    {
        new("write", CommandFlags.Write),
        new("readonly", CommandFlags.ReadOnly),
        new("denyoom", CommandFlags.DenyOom),
        new("admin", CommandFlags.Admin),
        new("pubsub", CommandFlags.PubSub),
        new("noscript", CommandFlags.NoScript),
        new("blocking", CommandFlags.Blocking),
        new("loading", CommandFlags.Loading),
        new("stale", CommandFlags.Stale),
        new("skip_monitor", CommandFlags.SkipMonitor),
        new("skip_slowlog", CommandFlags.SkipSlowLog),
        new("asking", CommandFlags.Asking),
        new("fast", CommandFlags.Fast),
        new("no_auth", CommandFlags.NoAuth),
        new("may_replicate", CommandFlags.MayReplicate),
        new("no_mandatory_keys", CommandFlags.NoMandatoryKeys),
        new("protected", CommandFlags.Protected),
        new("no_async_loading", CommandFlags.NoAsyncLoading),
        new("no_multi", CommandFlags.NoMulti),
        new("movablekeys", CommandFlags.MovableKeys),
        new("allow_busy", CommandFlags.AllowBusy),
        new("runs_in_multi", CommandFlags.RunsInMulti),
        new("touches_arbitrary_keys", CommandFlags.TouchesArbitraryKeys),
        new("journaled", CommandFlags.Journaled),
        new("allows_subscriber", CommandFlags.AllowsSubscriber),
        new("needs_disk", CommandFlags.NeedsDisk),
        new("runs_transaction", CommandFlags.RunsTransaction),
        new("untimed", CommandFlags.Untimed),
        new("keeps_caching", CommandFlags.KeepsCaching),
        new("moves_keys", CommandFlags.MovesKeys),
        new("syscmd", CommandFlags.System),
    };

    public static IReadOnlyList<KeyValuePair<string, CommandCategories>> Categories { get; } = new KeyValuePair<string, CommandCategories>[]
    {
        new("keyspace", CommandCategories.Keyspace),
        new("read", CommandCategories.Read),
        new("write", CommandCategories.Write),
        new("set", CommandCategories.Set),
        new("sortedset", CommandCategories.SortedSet),
        new("list", CommandCategories.List),
        new("hash", CommandCategories.Hash),
        new("string", CommandCategories.String),
        new("bitmap", CommandCategories.Bitmap),
        new("hyperloglog", CommandCategories.HyperLogLog),
        new("geo", CommandCategories.Geo),
        new("stream", CommandCategories.Stream),
        new("pubsub", CommandCategories.PubSub),
        new("admin", CommandCategories.Admin),
        new("fast", CommandCategories.Fast),
        new("slow", CommandCategories.Slow),
        new("blocking", CommandCategories.Blocking),
        new("dangerous", CommandCategories.Dangerous),
        new("connection", CommandCategories.Connection),
        new("transaction", CommandCategories.Transaction),
        new("scripting", CommandCategories.Scripting),
    };

    public static IReadOnlyList<KeyValuePair<string, KeySpecFlags>> KeyFlags { get; } = new KeyValuePair<string, KeySpecFlags>[]
    {
        new("RO", KeySpecFlags.ReadOnly),
        new("RW", KeySpecFlags.ReadWrite),
        new("OW", KeySpecFlags.Overwrite),
        new("RM", KeySpecFlags.Remove),
        new("access", KeySpecFlags.Access),
        new("update", KeySpecFlags.Update),
        new("insert", KeySpecFlags.Insert),
        new("delete", KeySpecFlags.Delete),
        new("not_key", KeySpecFlags.NotKey),
        new("incomplete", KeySpecFlags.Incomplete),
        new("variable_flags", KeySpecFlags.VariableFlags),
    };

    /// <summary>The groups of COMMAND DOCS, each with the category its commands are in.</summary>
    public static IReadOnlyList<KeyValuePair<string, CommandCategories>> Groups { get; } = new KeyValuePair<string, CommandCategories>[]
    {
        new("generic", CommandCategories.Keyspace),
        new("string", CommandCategories.String),
        new("list", CommandCategories.List),
        new("set", CommandCategories.Set),
        new("sorted_set", CommandCategories.SortedSet),
        new("hash", CommandCategories.Hash),
        new("pubsub", CommandCategories.None),
        new("transactions", CommandCategories.Transaction),
        new("connection", CommandCategories.Connection),
        new("server", CommandCategories.None),
        new("scripting", CommandCategories.Scripting),
        new("hyperloglog", CommandCategories.HyperLogLog),
        new("cluster", CommandCategories.None),
        new("geo", CommandCategories.Geo),
        new("stream", CommandCategories.Stream),
        new("bitmap", CommandCategories.Bitmap),
        new("array", CommandCategories.None),
        new("module", CommandCategories.None),
    };

    /// <summary>Redis keeps these to itself.</summary>
    private const CommandFlags HiddenFlags =
        CommandFlags.MayReplicate | CommandFlags.Protected | CommandFlags.TouchesArbitraryKeys | CommandFlags.RunsInMulti
        | CommandFlags.Journaled | CommandFlags.AllowsSubscriber | CommandFlags.NeedsDisk | CommandFlags.RunsTransaction
        | CommandFlags.KeepsCaching | CommandFlags.Untimed | CommandFlags.MovesKeys | CommandFlags.System;

    public static bool IsShown(CommandFlags flag) => (flag & HiddenFlags) == 0;

    /// <summary>Reads words between blanks; false at the first that the table does not have.</summary>
    public static bool TryParse(string words, out CommandFlags flags)
    {
        flags = CommandFlags.None;
        foreach (string word in Split(words))
        {
            if (!TryFind(Flags, word, out CommandFlags flag) || flag == CommandFlags.MovableKeys)
            {
                return false;
            }
            flags |= flag;
        }
        return true;
    }

    public static bool TryParse(string words, out CommandCategories categories)
    {
        categories = CommandCategories.None;
        if (words == "none")
        {
            return true;
        }
        foreach (string word in Split(words))
        {
            if (!TryFind(Categories, word, out CommandCategories category))
            {
                return false;
            }
            categories |= category;
        }
        return true;
    }

    public static bool TryParse(string words, out KeySpecFlags flags)
    {
        flags = KeySpecFlags.None;
        foreach (string word in Split(words))
        {
            if (!TryFind(KeyFlags, word, out KeySpecFlags flag))
            {
                return false;
            }
            flags |= flag;
        }
        return true;
    }

    public static bool TryFindGroup(string name, out CommandCategories category) => TryFind(Groups, name, out category);

    /// <summary>All categories of a command: what it names or its group implies, and what follows from its flags.</summary>
    public static CommandCategories CategoriesOf(CommandFlags flags, CommandCategories named)
    {
        CommandCategories categories = named;
        Add(CommandFlags.Write, CommandCategories.Write);
        if ((named & CommandCategories.Scripting) == 0)
        {
            Add(CommandFlags.ReadOnly, CommandCategories.Read);
        }
        Add(CommandFlags.Admin, CommandCategories.Admin | CommandCategories.Dangerous);
        Add(CommandFlags.PubSub, CommandCategories.PubSub);
        Add(CommandFlags.Fast, CommandCategories.Fast);
        Add(CommandFlags.Blocking, CommandCategories.Blocking);
        return (categories & CommandCategories.Fast) == 0 ? categories | CommandCategories.Slow : categories;

        void Add(CommandFlags flag, CommandCategories implied) => categories |= (flags & flag) != 0 ? implied : CommandCategories.None;
    }

    private static string[] Split(string words) => words.Split([' '], StringSplitOptions.RemoveEmptyEntries);

    private static bool TryFind<T>(IReadOnlyList<KeyValuePair<string, T>> table, string word, out T value)
    {
        for (int i = 0; i < table.Count; i++)
        {
            if (string.Equals(table[i].Key, word, StringComparison.OrdinalIgnoreCase))
            {
                value = table[i].Value;
                return true;
            }
        }
        value = default!;
        return false;
    }
}
