using System.Diagnostics;
using Bixbite.Structures.Text;

namespace Bixbite.Configuration;

/// <summary>Every setting under its name and, if it has one, its alias; names know no case.</summary>
public sealed class SettingsTable
{
    private readonly List<SettingsSection> _sections = [];
    private readonly Dictionary<string, Setting> _byName = new(StringComparer.OrdinalIgnoreCase);
    private Setting[]? _all;
    private string[]? _names;

    /// <summary>In the order of their sections.</summary>
    public IReadOnlyList<Setting> All => _all ??= [.. _sections.SelectMany(static section => section.Settings)];

    /// <summary>Names and aliases, in their order.</summary>
    private string[] Names => _names ??= [.. _byName.Keys.Order(StringComparer.OrdinalIgnoreCase)];

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
            foreach (string name in Names)
            {
                Setting setting = _byName[name];
                if (!setting.Has(SettingFlags.Hidden) && Glob.IsMatch(glob, ByteText.Encode(name), ignoreCase: true) && seen.Add(name))
                {
                    matches.Add(new NamedSetting(name, setting));
                }
            }
        }
        return matches;
    }

    internal SettingsSection SectionOf(string heading)
    {
        SettingsSection? section = _sections.Find(section => section.Heading == heading);
        if (section is null)
        {
            section = new SettingsSection(this, heading);
            int place = SettingsOrder.PlaceOf(heading);
            int index = _sections.FindIndex(other => SettingsOrder.PlaceOf(other.Heading) > place);
            _sections.Insert(index < 0 ? _sections.Count : index, section);
        }
        return section;
    }

    /// <summary>Makes a setting known by its names.</summary>
    internal void Register(Setting setting)
    {
        Debug.Assert(setting.Description.EndsWith('.'), "a description is a sentence");
        _all = null;
        _names = null;
        _byName.Add(setting.Name, setting);
        if (setting.Alias is not null)
        {
            _byName.Add(setting.Alias, setting);
        }
    }
}

/// <summary>A setting under the name it was found by: its own or its alias.</summary>
public readonly record struct NamedSetting(string Name, Setting Setting);
