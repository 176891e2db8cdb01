using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bixbite.Wire.Harness;

/// <summary>A certificate with its key, as PEM and as an object.</summary>
internal sealed record TestCertificate(X509Certificate2 Certificate, string Pem, string KeyPem, AsymmetricAlgorithm Key)
{
    /// <summary>Its number as OpenSSL writes it, without the zero byte that says that it is positive.</summary>
    public string Serial => SerialOf(Certificate);

    public static string SerialOf(X509Certificate2 certificate) =>
        certificate.SerialNumber.StartsWith("00", StringComparison.Ordinal) ? certificate.SerialNumber[2..] : certificate.SerialNumber;
}

/// <summary>
/// An authority of the tests' own, and certificates that it vouches for: made when a process of tests needs them first, since making a key
/// takes time.
/// </summary>
internal static class TestCertificates
{
    private static readonly Lazy<TestCertificate> s_authority = new(() => Make("Test authority", issuer: null));
    private static readonly Lazy<TestCertificate> s_server = new(() => Make("localhost", Authority));
    private static readonly Lazy<TestCertificate> s_client = new(() => Make("alice", Authority));

    /// <summary>Vouches for the others.</summary>
    public static TestCertificate Authority => s_authority.Value;

    public static TestCertificate Server => s_server.Value;

    /// <summary>Of a client whose name is "alice".</summary>
    public static TestCertificate Client => s_client.Value;

    /// <summary>Makes a certificate of an elliptic curve.</summary>
    /// <param name="name">The common name.</param>
    /// <param name="issuer">Who vouches for it; null if it does so itself.</param>
    /// <param name="uris">URIs among its alternative names.</param>
    /// <param name="from">When it begins, from now.</param>
    /// <param name="until">When it ends, from now.</param>
    public static TestCertificate Make(
        string name, TestCertificate? issuer, string[]? uris = null, TimeSpan? from = null, TimeSpan? until = null)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(new X500DistinguishedName($"CN={name}"), key, HashAlgorithmName.SHA256);
        return Finish(request, key, issuer, uris, (from ?? TimeSpan.FromDays(-2), until ?? TimeSpan.FromDays(365)));
    }

    /// <summary>The same with RSA, which many clients expect, and some old ciphers.</summary>
    public static TestCertificate MakeRsa(string name, TestCertificate? issuer)
    {
        var key = RSA.Create(2048);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return Finish(request, key, issuer, uris: null, (TimeSpan.FromDays(-2), TimeSpan.FromDays(365)));
    }

    /// <summary>How a client begins that trusts the authority, and shows a certificate if it has one.</summary>
    public static SslClientAuthenticationOptions ClientOptions(
        TestCertificate? own = null, SslProtocols protocols = SslProtocols.None) => new()
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            ClientCertificates = own is null ? null : [own.Certificate],
            LocalCertificateSelectionCallback = own is null ? null : (_, _, _, _, _) => own.Certificate,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => IsGood(certificate),
        };

    private static bool IsGood(X509Certificate? certificate)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(Authority.Certificate);
        return certificate is X509Certificate2 known && chain.Build(known);
    }

    private static TestCertificate Finish(
        CertificateRequest request, AsymmetricAlgorithm key, TestCertificate? issuer, string[]? uris, (TimeSpan From, TimeSpan Until) time)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (issuer is null)
        {
            request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
            X509Certificate2 own = request.CreateSelfSigned(now + time.From, now + time.Until);
            return new TestCertificate(own, own.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), key);
        }
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        foreach (string uri in uris ?? [])
        {
            names.AddUri(new Uri(uri));
        }
        request.CertificateExtensions.Add(names.Build());
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        X509SignatureGenerator signer = X509SignatureGenerator.CreateForECDsa((ECDsa)issuer.Key);
        X509Certificate2 bare = request.Create(issuer.Certificate.SubjectName, signer, now + time.From, now + time.Until, serial);
        X509Certificate2 whole = key is ECDsa curve ? bare.CopyWithPrivateKey(curve) : bare.CopyWithPrivateKey((RSA)key);
        return new TestCertificate(whole, bare.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), key);
    }
}
