using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;

namespace Bixbite.Tls;

/// <summary>Versions, ciphers and resumption: all that is agreed on with peers.</summary>
public sealed class TlsProtocolSettings
{
    public readonly TextSetting Protocols;
    public readonly TextSetting Ciphers;
    public readonly TextSetting CipherSuites;
    public readonly BoolSetting PreferServerCiphers;
    public readonly BoolSetting SessionCaching;
    public readonly IntSetting SessionCacheSize;
    public readonly IntSetting SessionCacheTimeoutSeconds;

    internal TlsProtocolSettings(SettingsSection section)
    {
        Protocols = section.Add(new TextSetting("tls-protocols")
        {
            Description = "Which versions of TLS to speak: 'TLSv1.2', 'TLSv1.3' or both, which is the same as nothing.",
        });
        Ciphers = section.Add(new TextSetting("tls-ciphers") { Description = "Which ciphers to use with TLS 1.2, as OpenSSL lists them." });
        CipherSuites = section.Add(new TextSetting("tls-ciphersuites") { Description = "Which ciphers to use with TLS 1.3." });
        PreferServerCiphers = section.Add(new BoolSetting("tls-prefer-server-ciphers", false)
        {
            Description = "Let the server choose the cipher.",
        });
        SessionCaching = section.Add(new BoolSetting("tls-session-caching", true)
        {
            Description = "Let clients resume sessions, by tickets or from a cache.",
        });
        SessionCacheSize = section.Add(new IntSetting("tls-session-cache-size", 20480, 0, int.MaxValue)
        {
            Description = "How many sessions of clients without tickets are kept; 0 is any number.",
        });
        SessionCacheTimeoutSeconds = section.Add(new IntSetting("tls-session-cache-timeout", 300, 0, int.MaxValue)
        {
            Description = "For how many seconds a session may be resumed.",
        });
    }

    internal IEnumerable<Setting> All =>
    [
        Protocols, Ciphers, CipherSuites, PreferServerCiphers, SessionCaching, SessionCacheSize, SessionCacheTimeoutSeconds,
    ];

    /// <summary>The versions that are wanted; null, or what is wrong with their list.</summary>
    internal string? ReadVersions(out bool allowsTls12, out bool allowsTls13)
    {
        string[] words = Protocols.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        allowsTls12 = words.Length == 0 || words.Contains("tlsv1.2", StringComparer.OrdinalIgnoreCase);
        allowsTls13 = words.Length == 0 || words.Contains("tlsv1.3", StringComparer.OrdinalIgnoreCase);
        foreach (string word in words)
        {
            if (word.Equals("tlsv1", StringComparison.OrdinalIgnoreCase) || word.Equals("tlsv1.1", StringComparison.OrdinalIgnoreCase))
            {
                return $"tls-protocols: {word} is no longer safe, and not part of this server. Use 'TLSv1.2' and 'TLSv1.3'";
            }
            if (!word.Equals("tlsv1.2", StringComparison.OrdinalIgnoreCase) && !word.Equals("tlsv1.3", StringComparison.OrdinalIgnoreCase))
            {
                return "Invalid tls-protocols specified. Use a combination of 'TLSv1.2' and 'TLSv1.3'";
            }
        }
        return null;
    }
}
