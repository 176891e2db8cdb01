namespace Bixbite.Configuration;

/// <summary>
/// One setting: what it is called, what it accepts, what it is now. The derived classes are the kinds of value; each reads its own
/// syntax and writes it back. Reading a value is a field read from any thread; setting one belongs to whoever holds the execution lock.
/// </summary>
public abstract class Setting(string name)
{
    public string Name { get; } = name;

    /// <summary>A second name from earlier releases, or null.</summary>
    public string? Alias { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Description { get; init; }

    public SettingFlags Flags { get; init; }

    public SettingEffect Effect { get; init; }

    /// <summary>The heading that it stands under.</summary>
    public string Group { get; internal set; } = "";

    public bool IsMutable => (Flags & SettingFlags.Immutable) == 0;

    public bool Has(SettingFlags flags) => (Flags & flags) != 0;

    /// <summary>
    /// Puts a new value to work after CONFIG SET, once for all settings that share the same delegate; null, or the reason why it cannot
    /// be done. It is called again after the old values are back when any setting of the same CONFIG SET failed.
    /// </summary>
    public Func<string?>? Apply { get; set; }

    /// <summary>Raised after a CONFIG SET that changed this value has succeeded as a whole.</summary>
    public event Action? Changed;

    /// <summary>The value as CONFIG GET shows it.</summary>
    public abstract string Text { get; }

    /// <summary>The default as CONFIG GET would show it.</summary>
    public abstract string DefaultText { get; }

    public virtual bool IsDefault => Text == DefaultText;

    /// <summary>The accepted values, for people: "yes, no" or "0 to 65535".</summary>
    public abstract string Range { get; }

    /// <summary>A warning for the log about the value now set; or null.</summary>
    public virtual string? Warning => null;

    /// <summary>The error for a line with too many or too few words, which only some kinds allow to vary.</summary>
    internal const string WrongCount = "wrong number of arguments";

    /// <summary>Sets the value from the words of CONFIG SET; null, or what is wrong with them (the value is then unchanged).</summary>
    public string? Set(IReadOnlyList<string> words) => Guard(words, Read);

    /// <summary>Sets the value from a line of a file or the command line; some kinds add to what earlier lines said.</summary>
    public string? Load(IReadOnlyList<string> words) => Guard(words, ReadLine);

    /// <summary>The lines that CONFIG REWRITE has to leave in the file; none removes them.</summary>
    public virtual IEnumerable<RewrittenLine> Rewrite() => [new($"{Name} {FileText}", !IsDefault)];

    protected abstract string? Read(IReadOnlyList<string> words);

    protected virtual string? ReadLine(IReadOnlyList<string> words) => Read(words);

    /// <summary>The value as a file would say it.</summary>
    protected virtual string FileText => Text;

    /// <summary>
    /// Whether the value now set needs what a later version brings; asked only of <see cref="SettingEffect.SwitchArrivesLater"/>.
    /// </summary>
    protected virtual bool IsPromise => !IsDefault;

    /// <summary>Remembers the value; calling the result brings it back.</summary>
    internal abstract Action Remember();

    internal void RaiseChanged() => Changed?.Invoke();

    private string? Guard(IReadOnlyList<string> words, Func<IReadOnlyList<string>, string?> read)
    {
        Action restore = Remember();
        string? problem = read(words);
        if (problem is null && Effect == SettingEffect.SwitchArrivesLater && IsPromise)
        {
            restore();
            return $"'{Name} {(Has(SettingFlags.Sensitive) ? "..." : string.Join(' ', words))}' is not part of this version of Bixbite";
        }
        return problem;
    }
}

/// <summary>A line for the file. One that is not forced replaces an existing line but is never added.</summary>
public readonly record struct RewrittenLine(string Text, bool IsForced);
