namespace Bixbite.Configuration.Kinds;

/// <summary>The classes of key events that may be published, each a letter of notify-keyspace-events.</summary>
[Flags]
public enum EventClasses
{
    None = 0,
    Keyspace = 1 << 0,
    KeyEvent = 1 << 1,
    Generic = 1 << 2,
    Strings = 1 << 3,
    Lists = 1 << 4,
    Sets = 1 << 5,
    Hashes = 1 << 6,
    SortedSets = 1 << 7,
    Expired = 1 << 8,
    Evicted = 1 << 9,
    Streams = 1 << 10,
    Missed = 1 << 11,
    Modules = 1 << 13,
    New = 1 << 14,

    /// <summary>The letter A: everything but misses and new keys.</summary>
    All = Generic | Strings | Lists | Sets | Hashes | SortedSets | Expired | Evicted | Streams | Modules,
}

/// <summary>notify-keyspace-events.</summary>
public sealed class EventClassesSetting(string name) : ValueSetting<EventClasses>(name, EventClasses.None)
{
    private const string Letters = "g$lshzxetdn";

    private static readonly EventClasses[] s_classes =
    [
        EventClasses.Generic, EventClasses.Strings, EventClasses.Lists, EventClasses.Sets, EventClasses.Hashes, EventClasses.SortedSets,
        EventClasses.Expired, EventClasses.Evicted, EventClasses.Streams, EventClasses.Modules, EventClasses.New,
    ];

    public override string Range => "letters of Ag$lshzxeKEtmdn";

    protected override string FileText => TextSetting.Quote(Text);

    protected override string? Read(IReadOnlyList<string> words)
    {
        if (words.Count != 1)
        {
            return WrongCount;
        }
        EventClasses classes = EventClasses.None;
        foreach (char letter in words[0])
        {
            EventClasses one = ClassOf(letter);
            if (one == EventClasses.None)
            {
                return "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.";
            }
            classes |= one;
        }
        return Keep(classes);
    }

    protected override string Format(EventClasses value)
    {
        string text = "";
        if ((value & EventClasses.All) == EventClasses.All)
        {
            text = "A";
        }
        else
        {
            text = string.Concat(Letters.Where((_, index) => value.HasFlag(s_classes[index])));
        }
        return text
            + (value.HasFlag(EventClasses.Keyspace) ? "K" : "")
            + (value.HasFlag(EventClasses.KeyEvent) ? "E" : "")
            + (value.HasFlag(EventClasses.Missed) ? "m" : "");
    }

    private static EventClasses ClassOf(char letter)
    {
        int index = Letters.IndexOf(letter, StringComparison.Ordinal);
        if (index >= 0)
        {
            return s_classes[index];
        }
        return letter switch
        {
            'A' => EventClasses.All,
            'K' => EventClasses.Keyspace,
            'E' => EventClasses.KeyEvent,
            'm' => EventClasses.Missed,
            _ => EventClasses.None,
        };
    }
}
