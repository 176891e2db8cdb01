using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Bixbite.Load.Servers;

/// <summary>A certificate of RSA, as most servers have, in files that both servers read. Disposing removes them.</summary>
internal sealed class TlsFiles : IDisposable
{
    private const int KeyBits = 2048;

    private readonly DataFolder _folder = new();

    public TlsFiles()
    {
        using var key = RSA.Create(KeyBits);
        CertificateRequest request = new("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(Key, key.ExportPkcs8PrivateKeyPem());
    }

    public string Certificate => Path.Combine(_folder.Path, "server.crt");

    public string Key => Path.Combine(_folder.Path, "server.key");

    /// <summary>A port that nobody listens on.</summary>
    public static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    /// <summary>What a server is started with that speaks TLS on this port.</summary>
    public string[] Options(int port) =>
    [
        "--tls-port", $"{port}", "--tls-cert-file", Certificate, "--tls-key-file", Key, "--tls-ca-cert-file", Certificate,
        "--tls-auth-clients", "no",
    ];

    public void Dispose() => _folder.Dispose();
}
