using Bixbite.Configuration.Kinds;

namespace Bixbite.Configuration.Reserved;

internal static class TlsSettings
{
    private const SettingEffect Later = SettingEffect.ArrivesLater;
    private const SettingEffect Switch = SettingEffect.SwitchArrivesLater;

    public static void AddTo(SettingsSection section) => section.AddAll(
        new IntSetting("tls-port", 0, 0, 65535) { Description = "The port to listen on with TLS; 0 is none.", Effect = Switch },
        new BoolSetting("tls-cluster", false) { Description = "Use TLS between nodes of a cluster.", Effect = Switch },
        new BoolSetting("tls-replication", false) { Description = "Use TLS to the primary.", Effect = Switch },
        Text("tls-cert-file", "The server's certificate."),
        Text("tls-key-file", "The key of the server's certificate."),
        Secret("tls-key-file-pass", "The password of that key."),
        Text("tls-client-cert-file", "The certificate for outgoing connections."),
        Text("tls-client-key-file", "The key of that certificate."),
        Secret("tls-client-key-file-pass", "The password of that key."),
        Text("tls-dh-params-file", "Parameters of the key exchange."),
        Text("tls-ca-cert-file", "A file of certificates to trust."),
        Text("tls-ca-cert-dir", "A directory of certificates to trust."),
        Text("tls-protocols", "Which versions of TLS to speak."),
        Text("tls-ciphers", "Which ciphers to use up to TLS 1.2."),
        Text("tls-ciphersuites", "Which ciphers to use with TLS 1.3."),
        new WordSetting("tls-auth-clients", "yes", "no", "yes", "optional")
        {
            Description = "Whether clients need a certificate.", Effect = Later,
        },
        new BoolSetting("tls-prefer-server-ciphers", false) { Description = "Let the server choose the cipher.", Effect = Later },
        new BoolSetting("tls-session-caching", true) { Description = "Let clients resume sessions.", Effect = Later },
        new IntSetting("tls-session-cache-size", 20480, 0, int.MaxValue)
        {
            Description = "How many sessions are kept; 0 is any number.", Effect = Later,
        },
        new IntSetting("tls-session-cache-timeout", 300, 0, int.MaxValue)
        {
            Description = "For how many seconds they are kept.", Effect = Later,
        },
        new IntSetting("max-new-tls-connections-per-cycle", 1, 1, 1000)
        {
            Description = "How many waiting TLS connections are accepted at a time.", Effect = Later,
        });

    private static TextSetting Text(string name, string description) => new(name) { Description = description, Effect = Later };

    private static TextSetting Secret(string name, string description) =>
        new(name) { Description = description, Effect = Later, Flags = SettingFlags.Sensitive };
}
