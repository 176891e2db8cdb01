namespace Bixbite.Configuration.ConfigFiles;

/// <summary>A command to be called by another name, or by none if that is empty.</summary>
public sealed record RenamedCommand(string OldName, string NewName, ConfigPlace Place);

/// <summary>The words after the name of a directive that is no setting, and may be there many times.</summary>
public sealed record DirectiveLine(IReadOnlyList<string> Words, ConfigPlace Place);

/// <summary>
/// Brings settings to what the file, then standard input, then the options say: one line after the other, the last word counts, and
/// files are included where their line stands. The first error ends it.
/// </summary>
public sealed class ConfigLoader(Settings settings, IConfigStore store)
{
    private const int DepthMax = 32;
    private const string UnbalancedQuotes = "Unbalanced quotes in configuration line";
    private const string LaterVersion = "is not part of this version of Bixbite";

    private readonly List<RenamedCommand> _renamed = [];
    private readonly List<DirectiveLine> _users = [];
    private readonly SortedSet<string> _ignored = new(StringComparer.Ordinal);

    /// <summary>The rename-command lines in their order; whether the commands exist is not checked here.</summary>
    public IReadOnlyList<RenamedCommand> RenamedCommands => _renamed;

    /// <summary>The <c>user</c> lines in their order; their rules are not read here. Their places do not repeat the rules.</summary>
    public IReadOnlyList<DirectiveLine> UserLines => _users;

    /// <summary>Warnings to log once the server runs.</summary>
    public IEnumerable<string> Warnings =>
        settings.Table.All.Select(setting => setting.Warning).OfType<string>().Concat(_ignored.Select(ForeignDirectives.Warning));

    /// <param name="options">The command line.</param>
    /// <param name="standardInput">Read to its end if the command line asks for it.</param>
    public ConfigError? Load(StartOptions options, Stream standardInput)
    {
        ConfigError? error = null;
        if (options.ConfigPath is { } path)
        {
            error = LoadFile(path, default, 0);
        }
        if (error is null && options.ReadsStandardInput)
        {
            using MemoryStream content = new();
            standardInput.CopyTo(content);
            error = LoadLines(ConfigWords.Lines(content.ToArray()), "standard input", 0);
        }
        return error ?? LoadLines(options.Lines, "the command line", 0) ?? CheckLogFile();
    }

    /// <summary>
    /// One directive by its name, with a value that needs no quotes: what follows the name in a file. Null, or what is wrong.
    /// </summary>
    public string? Set(string name, string value)
    {
        if (settings.Table.Find(name) is { } setting)
        {
            return ReadSetting(setting, [value]);
        }
        return ConfigWords.TrySplit(value, out List<string>? words)
            ? ReadDirective([name, .. words], new ConfigPlace("the options", 0, $"{name} {value}"))
            : UnbalancedQuotes;
    }

    /// <summary>Whether the log file that is set can be written; null, or why not.</summary>
    public ConfigError? CheckLogFile()
    {
        string path = settings.Get<LoggingSettings>().LogFile.Value;
        if (path.Length == 0)
        {
            return null;
        }
        try
        {
            using FileStream file = new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            bool isAbsent = failure is FileNotFoundException or DirectoryNotFoundException;
            return new ConfigError(default, $"Can't open the log file: {(isAbsent ? DiskConfigStore.NoSuchFile : "Permission denied")}");
        }
    }

    private ConfigError? LoadFile(string path, ConfigPlace includedAt, int depth)
    {
        if (depth > DepthMax)
        {
            return new ConfigError(includedAt, "Files include each other without end");
        }
        if (store.Read(path, out string? problem) is { } content)
        {
            return LoadLines(ConfigWords.Lines(content), path, depth);
        }
        return new ConfigError(includedAt, $"Fatal error, can't open config file '{path}': {problem ?? DiskConfigStore.NoSuchFile}");
    }

    private ConfigError? LoadLines(IReadOnlyList<string> lines, string source, int depth)
    {
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].Length == 0 || lines[i][0] == '#')
            {
                continue;
            }
            ConfigPlace place = new(source, i + 1, lines[i]);
            if (!ConfigWords.TrySplit(lines[i], out List<string>? words))
            {
                return new ConfigError(Shown(place, lines[i].Split(' ', '\t')[0].Trim('"', '\'')), UnbalancedQuotes);
            }
            if (words.Count == 0)
            {
                continue;
            }
            ConfigError? error = words[0].Equals("include", StringComparison.OrdinalIgnoreCase) && words.Count == 2
                ? Include(words[1], place, depth + 1)
                : ReadDirective(words, place) is { } reason ? new ConfigError(Shown(place, words[0]), reason) : null;
            if (error is not null)
            {
                return error;
            }
        }
        return null;
    }

    private ConfigError? Include(string path, ConfigPlace place, int depth)
    {
        if (path.AsSpan().IndexOfAny('*', '?', '[') < 0)
        {
            return LoadFile(path, place, depth);
        }
        foreach (string file in store.Expand(path))
        {
            if (LoadFile(file, place, depth) is { } error)
            {
                return error;
            }
        }
        return null;
    }

    /// <summary>A line that may have a password is not repeated.</summary>
    private ConfigPlace Shown(ConfigPlace place, string name)
    {
        bool isSecret = name.Equals("user", StringComparison.OrdinalIgnoreCase)
            || (settings.Table.Find(name) is { } setting && setting.Has(SettingFlags.Sensitive));
        return isSecret && place.Text.Length > name.Length ? place with { Text = $"{name} ..." } : place;
    }

    private string? ReadDirective(List<string> words, ConfigPlace place)
    {
        string name = words[0].ToLowerInvariant();
        List<string> values = words[1..];
        if (settings.Table.Find(name) is { } setting)
        {
            return ReadSetting(setting, values);
        }
        switch (name)
        {
            case "list-max-ziplist-entries" or "list-max-ziplist-value" or "lua-replicate-commands" when values.Count == 1:
                return null;
            case "rename-command" when values.Count == 2:
                _renamed.Add(new RenamedCommand(values[0], values[1], place));
                return null;
            case "user" when values.Count > 0:
                _users.Add(new DirectiveLine(values, place with { Text = values[0].Contains(' ') ? "user ..." : $"user {values[0]} ..." }));
                return null;
            case "loadmodule" when values.Count > 0:
                return $"'{name}' {LaterVersion}";
            case "sentinel":
                return "sentinel directive while not in sentinel mode";
            default:
                if (ForeignDirectives.IsKnown(name))
                {
                    return ReadForeign(name, values);
                }
                return name.Contains('.', StringComparison.Ordinal)
                    ? $"'{name}' would be a setting of a module, which {LaterVersion}"
                    : "Bad directive or wrong number of arguments";
        }
    }

    private string? ReadForeign(string name, List<string> values)
    {
        if (ForeignDirectives.Refusal(name, values) is { } refusal)
        {
            return refusal;
        }
        _ignored.Add(name);
        return null;
    }

    private static string? ReadSetting(Setting setting, List<string> values)
    {
        if (!setting.Has(SettingFlags.MultiArgument))
        {
            return values.Count == 1 ? setting.Load(values) : Setting.WrongCount;
        }
        // Several words in one pair of quotes are still several.
        if (values.Count == 1 && values[0].Length > 0)
        {
            return ConfigWords.TrySplit(values[0], out List<string>? words) ? setting.Load(words) : Setting.WrongCount;
        }
        return setting.Load(values);
    }
}
