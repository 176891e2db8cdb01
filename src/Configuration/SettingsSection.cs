namespace Bixbite.Configuration;

/// <summary>The settings under one heading, whoever adds them, in the order in which they were added.</summary>
public sealed class SettingsSection
{
    private readonly SettingsTable _table;
    private readonly List<Setting> _settings = [];

    internal SettingsSection(SettingsTable table, string heading)
    {
        _table = table;
        Heading = heading;
    }

    public string Heading { get; }

    public IReadOnlyList<Setting> Settings => _settings;

    /// <summary>Adds a setting whose name and alias no other has.</summary>
    public T Add<T>(T setting)
        where T : Setting
    {
        setting.Group = Heading;
        _table.Register(setting);
        _settings.Add(setting);
        return setting;
    }

    public void AddAll(params Setting[] settings)
    {
        foreach (Setting setting in settings)
        {
            Add(setting);
        }
    }
}
