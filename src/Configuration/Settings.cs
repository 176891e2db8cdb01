using Bixbite.Configuration.Themes;

namespace Bixbite.Configuration;

/// <summary>
/// All settings of a server: the themes give typed access for code (<c>settings.Memory.MaxMemory.Value</c>, a field read), the table
/// gives access by name for CONFIG and files. Settings without a field are known, stored and shown, but nothing reads them yet; who
/// brings their feature moves them into a field of a theme and takes their <see cref="Setting.Effect"/> marker off.
/// </summary>
public sealed class Settings
{
    public readonly SettingsTable Table = new();
    public readonly NetworkSettings Network;
    public readonly ClientSettings Clients;
    public readonly ProtocolSettings Protocol;
    public readonly MemorySettings Memory;
    public readonly LazyFreeSettings LazyFree;
    public readonly ExpirySettings Expiry;
    public readonly ValueSettings Values;
    public readonly ObservabilitySettings Observability;
    public readonly ServerSettings Server;
    public readonly LoggingSettings Logging;
    public readonly PersistenceSettings Persistence;

    public Settings()
    {
        Network = new NetworkSettings(Section("Network"));
        Clients = new ClientSettings(Section("Clients"));
        Protocol = new ProtocolSettings(Section("Protocol"));
        Memory = new MemorySettings(Section("Memory"), Section("Defragmentation"));
        LazyFree = new LazyFreeSettings(Section("Lazy freeing"));
        Expiry = new ExpirySettings(Section("Expiry"));
        Values = new ValueSettings(Section("Encodings of values"));
        Observability = new ObservabilitySettings(Section("Observability"));
        Server = new ServerSettings(Section("Server"), Section("Machine"));
        Logging = new LoggingSettings(Section("Logging"));
        Persistence = new PersistenceSettings(Section("Persistence"), Section("Append-only file"));
        ReplicationSettings.AddTo(Section("Replication"));
        ClusterSettings.AddTo(Section("Cluster"));
        TlsSettings.AddTo(Section("TLS"));
        AccessSettings.AddTo(Section("Access control and scripts"));
        InternalSettings.AddTo(Section("For tests of the server"));
    }

    private SettingsSection Section(string group) => new(Table, group);
}
