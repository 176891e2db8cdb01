namespace Bixbite.Platform.OpenSsl;

/// <summary>A file that a context is made of: its name, for those who are told what is wrong with it, and its bytes.</summary>
public sealed record TlsFile(string Path, byte[] Bytes);

/// <summary>The files and choices that a <see cref="TlsContext"/> is made of.</summary>
public sealed record TlsContextOptions
{
    /// <summary>The certificate to show, and after it the chain above it, as PEM.</summary>
    public required TlsFile Certificate { get; init; }

    /// <summary>Its private key, as PEM.</summary>
    public required TlsFile Key { get; init; }

    /// <summary>The password of the key; empty if it needs none.</summary>
    public byte[] KeyPassword { get; init; } = [];

    /// <summary>Certificates that may vouch for peers.</summary>
    public IReadOnlyList<TlsFile> Trusted { get; init; } = [];

    /// <summary>Parameters for Diffie-Hellman without curves; null for OpenSSL's own.</summary>
    public TlsFile? DhParameters { get; init; }

    public bool AllowsTls12 { get; init; } = true;

    public bool AllowsTls13 { get; init; } = true;

    /// <summary>The ciphers of TLS 1.2, as OpenSSL writes them; empty for its default.</summary>
    public string Ciphers { get; init; } = "";

    /// <summary>The ciphers of TLS 1.3.</summary>
    public string CipherSuites { get; init; } = "";

    public bool PrefersServerCiphers { get; init; }

    /// <summary>Whether clients may resume sessions, or this side does as a client.</summary>
    public bool IsResumable { get; init; } = true;

    /// <summary>Sessions that are kept of clients without tickets; 0 for any number.</summary>
    public int CachedSessionsMax { get; init; }

    /// <summary>Seconds for which a session may be resumed.</summary>
    public int SessionSeconds { get; init; } = 300;
}

/// <summary>Whether clients show a certificate.</summary>
public enum PeerVerification
{
    /// <summary>They are not asked for one.</summary>
    None,

    /// <summary>They may, and then it has to be good.</summary>
    Optional,

    /// <summary>Who has none is not served.</summary>
    Required,
}
