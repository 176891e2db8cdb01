using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Tls;

/// <summary>The files that TLS needs, all PEM.</summary>
public sealed class TlsFileSettings
{
    public readonly TextSetting Certificate;
    public readonly TextSetting Key;
    public readonly TextSetting KeyPassword;
    public readonly TextSetting ClientCertificate;
    public readonly TextSetting ClientKey;
    public readonly TextSetting ClientKeyPassword;
    public readonly TextSetting DhParameters;
    public readonly TextSetting TrustedFile;
    public readonly TextSetting TrustedFolder;

    internal TlsFileSettings(SettingsSection section)
    {
        Certificate = section.Add(new TextSetting("tls-cert-file")
        {
            Description = "The server's certificate, and after it the chain above it.",
        });
        Key = section.Add(new TextSetting("tls-key-file") { Description = "The key of the server's certificate." });
        KeyPassword = section.Add(Secret("tls-key-file-pass", "The password of that key."));
        ClientCertificate = section.Add(new TextSetting("tls-client-cert-file")
        {
            Description = "The certificate for outgoing connections; without one it is the server's.",
        });
        ClientKey = section.Add(new TextSetting("tls-client-key-file") { Description = "The key of that certificate." });
        ClientKeyPassword = section.Add(Secret("tls-client-key-file-pass", "The password of that key."));
        DhParameters = section.Add(new TextSetting("tls-dh-params-file")
        {
            Description = "Parameters for a key exchange without elliptic curves, which TLS 1.2 may use.",
        });
        TrustedFile = section.Add(new TextSetting("tls-ca-cert-file") { Description = "A file of certificates to trust." });
        TrustedFolder = section.Add(new TextSetting("tls-ca-cert-dir")
        {
            Description = "A folder of such files; each certificate in it is trusted, whatever the file is called.",
        });
    }

    internal IEnumerable<Setting> All =>
    [
        Certificate, Key, KeyPassword, ClientCertificate, ClientKey, ClientKeyPassword, DhParameters, TrustedFile, TrustedFolder,
    ];

    private static TextSetting Secret(string name, string description) =>
        new(name) { Description = description, Flags = SettingFlags.Sensitive };
}
