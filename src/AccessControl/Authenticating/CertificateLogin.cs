using System.Text;
using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Sessions;
using Bixbite.Logging;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.AccessControl.Authenticating;

/// <summary>Logs clients in by the certificates that they have shown, if tls-auth-clients-user says by which name.</summary>
public sealed class CertificateLogin(
    AccessSettings settings, UserTable users, SessionUsers sessions, AccessLog denials, ServerLog log)
{
    /// <summary>
    /// Makes the session the user of the first name that is one who is on. Where there is none the session stays who it is, and the denial
    /// is noted.
    /// </summary>
    public void LogIn(Session session, PeerCertificate certificate)
    {
        byte[]? name = null;
        foreach (string candidate in NamesOf(certificate))
        {
            name = Encoding.UTF8.GetBytes(candidate);
            if (users.TryFind(name, out User? user) && user.Rules.IsEnabled)
            {
                sessions.Become(session, user);
                log.Write(LogLevel.Verbose, $"TLS: Auto-authenticated client as {candidate}");
                return;
            }
        }
        if (name is not null)
        {
            denials.Add(session, DenialReason.Certificate, AccessLog.TopLevel, default, name);
        }
    }

    /// <summary>The user of the first name that is one who is on; null if there is none.</summary>
    internal User? Find(PeerCertificate certificate)
    {
        foreach (string candidate in NamesOf(certificate))
        {
            if (users.TryFind(Encoding.UTF8.GetBytes(candidate), out User? user) && user.Rules.IsEnabled)
            {
                return user;
            }
        }
        return null;
    }

    private IEnumerable<string> NamesOf(PeerCertificate certificate) => settings.CertificateUser.Value switch
    {
        CertificateName.CommonName => certificate.CommonName is { } name ? [name] : [],
        CertificateName.Uri => certificate.Uris,
        _ => [],
    };
}
