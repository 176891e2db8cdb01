using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Users;
using Bixbite.Engine.Execution;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.AccessControl.Authenticating;

/// <summary>How it ended to find out who sends a request.</summary>
public enum RequestLoginResult
{
    /// <summary>The user is known, and may do it.</summary>
    Admitted,

    /// <summary>The request has to say by whom it is.</summary>
    NameWanted,

    /// <summary>There is no such user, or this is not the password.</summary>
    Wrong,

    /// <summary>The address has failed too often: the password was not looked at, and may be right.</summary>
    TooManyFailures,

    /// <summary>The user may not do it.</summary>
    Forbidden,
}

/// <summary>A request that says for itself by whom it is, as those of HTTP do.</summary>
/// <param name="PeerAddress">Where it comes from.</param>
/// <param name="Certificate">The certificate of its connection, if it has one.</param>
/// <param name="Credentials">The name and the password that it gives, if it does.</param>
/// <param name="Subject">What it is about, for ACL LOG.</param>
public readonly record struct UnnamedRequest(
    string PeerAddress, PeerCertificate? Certificate, (byte[] Name, byte[] Password)? Credentials, byte[] Subject);

/// <summary>
/// Admits requests that have no session, by the rules for clients: the default user where it needs no password, the user of a certificate,
/// or one who gives a password; and whoever it is must have the right to a command that tells the same. Failures count as those of AUTH do,
/// but nobody waits: an address that has used up its failures is refused until one is forgiven. Under the execution lock.
/// </summary>
public sealed class RequestLogin(
    UserTable users, Authentication authentication, CertificateLogin certificates, AttemptLimiter limiter, AccessChecker checker,
    AccessLog log)
{
    private const int FirstDatabase = 0;

    /// <summary>Whether a request by its sender may do as much as this command.</summary>
    public RequestLoginResult Admit(in UnnamedRequest request, Command command)
    {
        RequestLoginResult result = Find(request, out User? user);
        if (user is null)
        {
            return result;
        }
        Denial denial = checker.Check(user, command, [], FirstDatabase);
        if (denial.IsAdmitted)
        {
            return RequestLoginResult.Admitted;
        }
        Note(request, denial.Reason, user.Name);
        return RequestLoginResult.Forbidden;
    }

    private RequestLoginResult Find(in UnnamedRequest request, out User? user)
    {
        user = null;
        if (request.Credentials is not { } credentials)
        {
            user = request.Certificate is { } certificate ? certificates.Find(certificate) : null;
            user ??= users.Default.IsOpen ? users.Default : null;
            return user is null ? RequestLoginResult.NameWanted : RequestLoginResult.Admitted;
        }
        if (limiter.Refuses(request.PeerAddress))
        {
            return RequestLoginResult.TooManyFailures;
        }
        user = authentication.Find(credentials.Name, credentials.Password);
        if (user is not null)
        {
            return RequestLoginResult.Admitted;
        }
        limiter.Fail(request.PeerAddress);
        Note(request, DenialReason.Authentication, credentials.Name);
        return RequestLoginResult.Wrong;
    }

    private void Note(UnnamedRequest request, DenialReason reason, byte[] userName) => log.Add(
        () => $"addr={request.PeerAddress} cmd=http", reason, AccessLog.TopLevel, request.Subject, userName);
}
