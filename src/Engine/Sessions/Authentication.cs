using System.Security.Cryptography;
using System.Text;
using Bixbite.Engine.Statistics;

namespace Bixbite.Engine.Sessions;

/// <summary>Checks passwords against <c>requirepass</c>. There is one user, <c>default</c>.</summary>
public sealed class Authentication(ClientSettings settings, ServerStatistics statistics) : ISessionPart
{
    public bool IsPasswordSet => settings.RequirePass.Value.Length > 0;

    /// <summary>
    /// Marks the session as authenticated if the name and password are right. The comparison takes the same time for any wrong password.
    /// </summary>
    public bool TryAuthenticate(Session session, ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        byte[] expected = Encoding.UTF8.GetBytes(settings.RequirePass.Value);
        bool isRight = user.SequenceEqual("default"u8)
            && (expected.Length == 0 || CryptographicOperations.FixedTimeEquals(SHA256.HashData(expected), SHA256.HashData(password)));
        if (isRight)
        {
            session.IsAuthenticated = true;
        }
        else
        {
            statistics.AuthenticationsDenied++;
        }
        return isRight;
    }

    void ISessionPart.Reset(Session session) => session.IsAuthenticated = !IsPasswordSet;

    void ISessionPart.End(Session session)
    {
    }
}
