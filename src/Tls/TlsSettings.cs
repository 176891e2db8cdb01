using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Tls;

/// <summary>Where TLS is spoken, and with whom.</summary>
public sealed class TlsSettings
{
    public readonly IntSetting Port;
    public readonly BoolSetting Cluster;
    public readonly BoolSetting Replication;
    public readonly BoolSetting Http;
    public readonly TlsFileSettings Files;
    public readonly TlsProtocolSettings Protocol;
    public readonly ChoiceSetting<PeerVerification> AuthClients;
    public readonly IntSetting HandshakeTimeoutSeconds;
    public readonly IntSetting AutoReloadSeconds;

    public TlsSettings(Settings settings)
    {
        SettingsSection section = settings["TLS"];
        Port = section.Add(new IntSetting("tls-port", 0, 0, 65535) { Description = "The port to listen on with TLS; 0 is none." });
        Cluster = section.Add(new BoolSetting("tls-cluster", false)
        {
            Description = "Use TLS between nodes of a cluster, of which there is none yet, and for MIGRATE.",
        });
        Replication = section.Add(new BoolSetting("tls-replication", false)
        {
            Description = "Use TLS to the primary, from the next connection on.",
        });
        Http = section.Add(new BoolSetting("tls-http", false)
        {
            Description = "Use TLS on 'http-port', by the same rules as on 'tls-port'.", Flags = SettingFlags.Immutable,
        });
        Files = new TlsFileSettings(section);
        Protocol = new TlsProtocolSettings(section);
        AuthClients = section.Add(new ChoiceSetting<PeerVerification>(
            "tls-auth-clients",
            PeerVerification.Required,
            ("no", PeerVerification.None),
            ("yes", PeerVerification.Required),
            ("optional", PeerVerification.Optional)) { Description = "Whether clients need a certificate." });
        HandshakeTimeoutSeconds = section.Add(new IntSetting("tls-handshake-timeout", 10, 1, 3600)
        {
            Description = "How many seconds a client has from its connection until its handshake is done.",
        });
        AutoReloadSeconds = section.Add(new IntSetting("tls-auto-reload-interval", 60, 0, int.MaxValue)
        {
            Description = "Every so many seconds it is looked whether the files have changed, and they are used if they have; 0 is never.",
        });
        section.Add(new IntSetting("max-new-tls-connections-per-cycle", 1, 1, 1000)
        {
            Description = "Handshakes get a slice of time in each round, however many wait.", Effect = SettingEffect.NoMeaning,
        });
    }

    /// <summary>Something speaks TLS.</summary>
    public bool IsUsed => Port.Value != 0 || Cluster.Value || Replication.Value || Http.Value;

    /// <summary>Those that a change of makes another context: files and what is agreed on.</summary>
    public IEnumerable<Setting> OfContext => [.. Files.All, .. Protocol.All, Cluster, Replication];
}
