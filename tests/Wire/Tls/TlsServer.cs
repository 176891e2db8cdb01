using System.Net;
using System.Security.Authentication;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tls;

/// <summary>
/// A server that speaks TLS on a port of its own, with files of certificates in a folder of its own, and plain RESP beside it.
/// </summary>
internal sealed class TlsServer : IDisposable
{
    private const int StartAttempts = 3;

    private readonly TempFolder _folder = new();

    private TlsServer(Func<string[], TestServer> start, string[] options)
    {
        Write("ca.crt", TestCertificates.Authority.Pem);
        Write("server.crt", TestCertificates.Server.Pem);
        Write("server.key", TestCertificates.Server.KeyPem);
        Write("client.crt", TestCertificates.Client.Pem);
        Write("client.key", TestCertificates.Client.KeyPem);
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePorts.Next();
            try
            {
                Server = start([.. Options(Port), .. options]);
                return;
            }
            catch (Exception failure) when (
                failure.Message.Contains("ddress already in use", StringComparison.Ordinal) && attempt < StartAttempts)
            {
                // Somebody else took the port meanwhile.
            }
        }
    }

    public TestServer Server { get; }

    /// <summary>Where TLS is spoken.</summary>
    public int Port { get; private set; }

    public EndPoint Address => new IPEndPoint(IPAddress.Loopback, Port);

    /// <summary>What redis-cli is given.</summary>
    public string[] CliOptions =>
    [
        "--tls", "-h", "127.0.0.1", "-p", $"{Port}", "--cacert", File("ca.crt"), "--cert", File("client.crt"), "--key", File("client.key"),
    ];

    public static TlsServer Start(params string[] options) => new(static all => TestServer.Start(all), options);

    public static TlsServer StartAt(ManualClock clock, params string[] options) => new(all => TestServer.StartAt(clock, all), options);

    public static TlsServer StartProcess(params string[] options) => new(static all => TestServer.StartProcess(all), options);

    public string File(string name) => _folder.File(name);

    public void Write(string name, string text) => System.IO.File.WriteAllText(_folder.File(name), text);

    /// <summary>A client with the tests' certificate, or another one.</summary>
    public RespConnection Connect(TestCertificate? certificate = null, SslProtocols protocols = SslProtocols.None) =>
        RespConnection.OpenTls(Address, TestCertificates.ClientOptions(certificate ?? TestCertificates.Client, protocols));

    /// <summary>A client that shows none.</summary>
    public RespConnection ConnectNameless() => RespConnection.OpenTls(Address, TestCertificates.ClientOptions());

    /// <summary>A client that does not encrypt.</summary>
    public RespConnection ConnectPlain() => Server.Connect();

    public RespConnection ConnectRaw() => RespConnection.Open(Address);

    /// <summary>A field of INFO.</summary>
    public string Info(string field)
    {
        using RespConnection plain = ConnectPlain();
        return InfoText.Find(plain.Call("INFO everything tls").Text, field) ?? "";
    }

    public void Dispose()
    {
        Server.Dispose();
        _folder.Dispose();
    }

    private string[] Options(int port) =>
    [
        "--tls-port", $"{port}", "--tls-cert-file", File("server.crt"), "--tls-key-file", File("server.key"),
        "--tls-ca-cert-file", File("ca.crt"),
    ];
}
