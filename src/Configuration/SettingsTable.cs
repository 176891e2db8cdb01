using System.Diagnostics;
using Bixbite.Structures.Text;

namespace Bixbite.Configuration;

/// <summary>Every setting under its name and, if it has one, its alias; names know no case.</summary>
public sealed class SettingsTable
{
    private readonly List<Setting> _settings = [];
    private readonly SortedDictionary<string, Setting> _byName = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>In the order of their themes.</summary>
    public IReadOnlyList<Setting> All => _settings;

    public Setting? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// The reply of CONFIG GET to its arguments, each name once. A name without wildcards comes back as it was asked for; a pattern
    /// finds names and aliases but nothing hidden.
    /// </summary>
    public IReadOnlyList<NamedSetting> Match(params IReadOnlyList<string> patterns)
    {
        List<NamedSetting> matches = [];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string pattern in patterns)
        {
            if (pattern.AsSpan().IndexOfAny('[', '*', '?') < 0)
            {
                if (Find(pattern) is { } setting && seen.Add(pattern))
                {
                    matches.Add(new NamedSetting(pattern, setting));
                }
                continue;
            }
            byte[] glob = ByteText.Encode(pattern);
            foreach ((string name, Setting setting) in _byName)
            {
                if (!setting.Has(SettingFlags.Hidden) && Glob.IsMatch(glob, ByteText.Encode(name), ignoreCase: true) && seen.Add(name))
                {
                    matches.Add(new NamedSetting(name, setting));
                }
            }
        }
        return matches;
    }

    internal void Add(Setting setting)
    {
        Debug.Assert(setting.Description.EndsWith('.'), "a description is a sentence");
        _settings.Add(setting);
        _byName.Add(setting.Name, setting);
        if (setting.Alias is not null)
        {
            _byName.Add(setting.Alias, setting);
        }
    }
}

/// <summary>A setting under the name it was found by: its own or its alias.</summary>
public readonly record struct NamedSetting(string Name, Setting Setting);

/// <summary>Where a theme adds its settings.</summary>
internal readonly struct SettingsSection(SettingsTable table, string group)
{
    public T Add<T>(T setting) where T : Setting
    {
        setting.Group = group;
        table.Add(setting);
        return setting;
    }

    public void AddAll(params ReadOnlySpan<Setting> settings)
    {
        foreach (Setting setting in settings)
        {
            Add(setting);
        }
    }
}
