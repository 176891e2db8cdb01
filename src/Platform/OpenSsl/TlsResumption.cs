using System.Runtime.InteropServices;

namespace Bixbite.Platform.OpenSsl;

/// <summary>
/// The things agreed on in a conversation (<c>SSL_SESSION</c>), with which a later one to the same peer begins; that saves both sides most
/// of the work. May be used by all threads, and any number of times while the peer remembers.
/// </summary>
public sealed class TlsResumption : SafeHandle
{
    internal TlsResumption(nint session)
        : base(0, ownsHandle: true) => SetHandle(session);

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        Ssl.SSL_SESSION_free(handle);
        return true;
    }
}
