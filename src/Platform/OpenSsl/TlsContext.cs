using System.Runtime.InteropServices;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// Things that conversations have in common (<c>SSL_CTX</c>): certificate, key, whom to trust, versions and ciphers. It does not change,
/// may be used by all threads, and is freed when neither a session nor anybody else has it.
/// </summary>
public sealed class TlsContext : SafeHandle
{
    internal TlsContext(nint context)
        : base(0, ownsHandle: true) => SetHandle(context);

    public override bool IsInvalid => handle == 0;

    /// <summary>The certificate that is shown to peers.</summary>
    public required CertificateFacts Certificate { get; init; }

    /// <summary>Of the trusted certificates the one that ends first; null where none is trusted.</summary>
    public CertificateFacts? Trusted { get; init; }

    /// <summary>Conversations may go on with what was agreed on in earlier ones.</summary>
    public required bool IsResumable { get; init; }

    protected override bool ReleaseHandle()
    {
        Ssl.SSL_CTX_free(handle);
        return true;
    }
}
