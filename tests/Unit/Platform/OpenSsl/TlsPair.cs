using System.Text;
using Bixbite.Platform.OpenSsl;
using Bixbite.Wire.Harness;
using Xunit;

namespace Bixbite.Unit.Platform.OpenSsl;

/// <summary>Two ends of a conversation in memory. What one writes lies here until the other is given it.</summary>
internal sealed class TlsPair : IDisposable
{
    private readonly byte[] _room = new byte[64 * 1024];

    internal TlsPair(
        TlsContext? server = null, TlsContext? client = null, PeerVerification verification = PeerVerification.None)
    {
        Server = TlsSession.Accept(server ?? ServerContext(), verification)!;
        Client = TlsSession.Connect(client ?? ClientContext(), "localhost")!;
    }

    internal TlsSession Server { get; }

    internal TlsSession Client { get; }

    /// <summary>Bytes on their way.</summary>
    internal List<byte> ToServer { get; } = [];

    internal List<byte> ToClient { get; } = [];

    internal static TlsContext ServerContext(Func<TlsContextOptions, TlsContextOptions>? change = null) =>
        ContextOf(TestCertificates.Server, change);

    internal static TlsContext ClientContext(Func<TlsContextOptions, TlsContextOptions>? change = null) =>
        ContextOf(TestCertificates.Client, change);

    internal static TlsFile FileOf(string pem) => new("a.pem", Encoding.ASCII.GetBytes(pem));

    /// <summary>Lets both go on until neither has anything to say.</summary>
    internal (TlsProgress Client, TlsProgress Server) Agree()
    {
        TlsProgress client;
        TlsProgress server = TlsProgress.WantsInput;
        do
        {
            client = Step(Client, ToClient, ToServer, static (TlsSession session, ref TlsBytes bytes) => session.Handshake(ref bytes));
            if (ToServer.Count > 0)
            {
                server = Step(Server, ToServer, ToClient, static (TlsSession session, ref TlsBytes bytes) => session.Handshake(ref bytes));
            }
        }
        while (ToClient.Count > 0 && client == TlsProgress.WantsInput);
        return (client, server);
    }

    internal TlsProgress Write(TlsSession from, byte[] plain) => Step(
        from, [], from == Client ? ToServer : ToClient, (TlsSession session, ref TlsBytes bytes) => session.Write(ref bytes, plain));

    /// <summary>Reads once, of what has come for this end.</summary>
    internal TlsProgress Read(TlsSession at, out byte[] plain, int size = 16 * 1024)
    {
        byte[] room = new byte[size];
        int count = 0;
        TlsProgress progress = Step(
            at,
            at == Server ? ToServer : ToClient,
            at == Server ? ToClient : ToServer,
            (TlsSession session, ref TlsBytes bytes) => session.Read(ref bytes, room, out count));
        plain = room[..count];
        return progress;
    }

    internal void EndWriting(TlsSession from) => Step(
        from, [], from == Client ? ToServer : ToClient, static (TlsSession session, ref TlsBytes bytes) =>
        {
            session.EndWriting(ref bytes);
            return TlsProgress.Done;
        });

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }

    private static TlsContext ContextOf(TestCertificate certificate, Func<TlsContextOptions, TlsContextOptions>? change)
    {
        TlsContextOptions options = new()
        {
            Certificate = FileOf(certificate.Pem), Key = FileOf(certificate.KeyPem), Trusted = [FileOf(TestCertificates.Authority.Pem)],
        };
        TlsContext? context = TlsContextMaker.Create(change?.Invoke(options) ?? options, out string problem);
        Assert.Equal("", problem);
        return context!;
    }

    private TlsProgress Step(TlsSession session, List<byte> input, List<byte> output, TlsStep step)
    {
        byte[] come = [.. input];
        TlsBytes bytes = new(come, _room);
        TlsProgress progress;
        while ((progress = step(session, ref bytes)) == TlsProgress.WantsRoom)
        {
            output.AddRange(_room[..bytes.Written]);
            bytes.Restart(_room);
        }
        output.AddRange(_room[..bytes.Written]);
        input.RemoveRange(0, come.Length - bytes.Input.Length);
        return progress;
    }

    private delegate TlsProgress TlsStep(TlsSession session, ref TlsBytes bytes);
}
