using Bixbite.Configuration.Reserved;

namespace Bixbite.Configuration;

/// <summary>
/// All settings of a server. Each capability declares its own, as a class with a field per setting, so that code reads
/// <c>memory.MaxMemory.Value</c>, a field; the table gives access by name for CONFIG and files. The names of capabilities that a later
/// version brings are reserved here: known, stored and shown, but nothing reads them. Who brings the capability declares them itself.
/// </summary>
public sealed class Settings
{
    private readonly Dictionary<Type, object> _groups = [];

    public Settings()
    {
        Add(new LoggingSettings(this));
        ReplicationSettings.AddTo(this["Replication"]);
        ClusterSettings.AddTo(this["Cluster"]);
        AccessSettings.AddTo(this["Access control and scripts"]);
        InternalSettings.AddTo(this["For tests of the server"]);
    }

    public SettingsTable Table { get; } = new();

    /// <summary>The settings of each capability, by their types.</summary>
    public IReadOnlyDictionary<Type, object> Groups => _groups;

    /// <summary>The section of this heading; where there was none, there is one now.</summary>
    public SettingsSection this[string heading] => Table.SectionOf(heading);

    /// <summary>Declares the settings of a capability, which are the only ones of their type.</summary>
    public T Add<T>(T group)
        where T : class
    {
        _groups.Add(typeof(T), group);
        return group;
    }

    /// <summary>The settings of a capability, which has declared them.</summary>
    public T Get<T>()
        where T : class =>
        (T?)_groups.GetValueOrDefault(typeof(T))
            ?? throw new InvalidOperationException($"Nobody has declared {typeof(T)}: its module does so in AddSettings.");
}
