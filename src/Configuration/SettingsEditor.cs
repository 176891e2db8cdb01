using Bixbite.Configuration.Kinds;
using Bixbite.Logging;

namespace Bixbite.Configuration;

/// <summary>Who asks for a change, and when.</summary>
/// <param name="IsLocal">From this machine: a loopback address or a Unix socket.</param>
/// <param name="IsLoading">While the data set is being loaded.</param>
public readonly record struct SettingsCaller(bool IsLocal, bool IsLoading);

/// <summary>
/// CONFIG SET: all of the pairs take effect or none does. First everything is checked, then all values are set, then what hangs on them is
/// brought in line; when that fails, the old values come back and are brought in line again.
/// </summary>
/// <param name="table">All settings.</param>
/// <param name="protectedAccess">Who may change protected settings.</param>
/// <param name="log">Told of warnings, and of why a change failed.</param>
public sealed class SettingsEditor(SettingsTable table, ChoiceSetting<LocalAccess> protectedAccess, ServerLog log)
{
    /// <summary>Null, or why nothing was changed.</summary>
    public SettingsRefusal? Apply(IReadOnlyList<KeyValuePair<string, string>> pairs, SettingsCaller caller)
    {
        List<NamedSetting> targets = [];
        if (Find(pairs, caller, targets) is { } refusal)
        {
            return refusal;
        }

        List<Action> restores = targets.ConvertAll(target => target.Setting.Remember());
        List<string> before = targets.ConvertAll(target => target.Setting.Text);
        for (int i = 0; i < targets.Count; i++)
        {
            if (targets[i].Setting.Set(WordsOf(targets[i].Setting, pairs[i].Value)) is { } problem)
            {
                restores[..i].ForEach(restore => restore());
                return Failed(targets[i].Name, problem);
            }
        }

        List<NamedSetting> changed = [.. targets.Where((target, index) => target.Setting.Text != before[index])];
        if (ApplyAll(changed, restores) is { } failure)
        {
            return failure;
        }
        foreach (NamedSetting target in changed)
        {
            target.Setting.RaiseChanged();
            if (target.Setting.Warning is { } warning)
            {
                log.Write(LogLevel.Warning, warning);
            }
        }
        return null;
    }

    private SettingsRefusal? Find(IReadOnlyList<KeyValuePair<string, string>> pairs, SettingsCaller caller, List<NamedSetting> targets)
    {
        foreach ((string name, _) in pairs)
        {
            if (table.Find(name) is not { } setting)
            {
                return new SettingsRefusal(SettingsRefusalKind.Unknown, name, "");
            }
            if (!setting.IsMutable)
            {
                return Failed(name, "can't set immutable config");
            }
            if (setting.Has(SettingFlags.Protected) && !IsAllowed(protectedAccess.Value, caller))
            {
                return Failed(name, "can't set protected config");
            }
            if (caller.IsLoading && setting.Has(SettingFlags.DenyLoading))
            {
                return new SettingsRefusal(SettingsRefusalKind.Loading, name, "");
            }
            if (targets.Exists(target => target.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return Failed(name, "duplicate parameter");
            }
            bool isAlias = name.Equals(setting.Alias, StringComparison.OrdinalIgnoreCase);
            targets.Add(new NamedSetting(isAlias ? setting.Alias! : setting.Name, setting));
        }
        return null;
    }

    private SettingsRefusal? ApplyAll(List<NamedSetting> changed, List<Action> restores)
    {
        List<Func<string?>> hooks = [];
        foreach (NamedSetting target in changed)
        {
            if (target.Setting.Apply is not { } hook || hooks.Contains(hook))
            {
                continue;
            }
            hooks.Add(hook);
            if (hook() is not { } problem)
            {
                continue;
            }
            log.Write(
                LogLevel.Warning,
                $"Failed applying new configuration. Possibly related to new {target.Name} setting. Restoring previous settings.");
            restores.ForEach(restore => restore());
            foreach (Func<string?> again in hooks)
            {
                if (again() is { } left)
                {
                    log.Write(LogLevel.Warning, $"Failed applying restored failed CONFIG SET command: {left}");
                }
            }
            return Failed(target.Name, problem);
        }
        return null;
    }

    private static bool IsAllowed(LocalAccess access, SettingsCaller caller) =>
        access == LocalAccess.Yes || (access == LocalAccess.Local && caller.IsLocal);

    private static string[] WordsOf(Setting setting, string value)
    {
        if (!setting.Has(SettingFlags.MultiArgument))
        {
            return [value];
        }
        return value.Length == 0 ? [] : value.Split(' ');
    }

    private static SettingsRefusal Failed(string name, string reason) => new(SettingsRefusalKind.Failed, name, reason);
}
