using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Platform.OpenSsl;
using Bixbite.Unit.Platform.OpenSsl;
using Bixbite.Wire.Harness;

namespace Bixbite.Unit.Net.Channels;

/// <summary>A <see cref="LineServer"/> that speaks TLS, and clients of .NET's own.</summary>
internal sealed class TlsServer : IDisposable
{
    internal TlsServer(int loopCount = 1, Action<LineHandler>? setUp = null, IClock? clock = null, int backlog = 511)
    {
        Acceptor = new TlsAcceptor
        {
            Context = TlsPair.ServerContext(),
            OnFailure = line =>
            {
                lock (Failures)
                {
                    Failures.Add(line);
                }
            },
        };
        Lines = new LineServer(loopCount, setUp, clock: clock, wrap: Acceptor.Wrap, backlog: backlog);
    }

    internal TlsAcceptor Acceptor { get; }

    internal LineServer Lines { get; }

    internal List<string> Failures { get; } = [];

    internal SslStream Connect(SslProtocols protocols = SslProtocols.None, TestCertificate? certificate = null) =>
        Secure(Lines.Connect(), protocols, certificate);

    internal static SslStream Secure(Socket socket, SslProtocols protocols = SslProtocols.None, TestCertificate? certificate = null)
    {
        SslStream stream = new(new NetworkStream(socket, ownsSocket: true));
        stream.AuthenticateAsClient(TestCertificates.ClientOptions(certificate, protocols));
        return stream;
    }

    public void Dispose() => Lines.Dispose();
}
