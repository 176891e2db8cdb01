using Bixbite.Configuration;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Logging;
using Bixbite.Net.Channels;
using Bixbite.Platform.OpenSsl;

namespace Bixbite.Tls;

/// <summary>Encrypted connections: settings, certificates, and what INFO tells of them. Whoever has loops listens with them.</summary>
public sealed class TlsModule : Module
{
    private const int PeriodMs = 1000;

    public override void AddSettings(Settings settings) => settings.Add(new TlsSettings(settings));

    public override void Add(ServerBuilder server)
    {
        TlsSettings settings = server.Get<TlsSettings>();
        TlsAcceptor acceptor = server.Add(new TlsAcceptor { OnFailure = FailureLog(server.Log) });
        ServerBuilder.Follow(settings.AuthClients, () => acceptor.Verification = settings.AuthClients.Value);
        TlsCertificates certificates = server.Add(new TlsCertificates(settings, acceptor, server.Log, server.Clock));
        Func<string?> apply = certificates.Apply;
        foreach (Setting setting in settings.OfContext)
        {
            setting.Apply = apply;
        }
        settings.Port.Changed += certificates.Settle;
        settings.Replication.Changed += certificates.Settle;
        settings.Cluster.Changed += certificates.Settle;
        server.AddCron(new CronTask(CronStage.Files, certificates.Tick) { PeriodMs = PeriodMs, IgnoresLoading = true });
        AddFacts(server, acceptor, certificates);
    }

    private static void AddFacts(ServerBuilder server, TlsAcceptor acceptor, TlsCertificates certificates)
    {
        InfoSection section = server.Info["TLS"];
        section.IsOfInterest = () => certificates.Server is not null;
        AddCertificate("server", () => certificates.Server?.Certificate);
        AddCertificate("client", () => certificates.Client?.Certificate);
        AddCertificate("ca", () => certificates.Server?.Trusted);
        section.While(() => certificates.Server is not null, () =>
        {
            section.Counter("tls_handshakes_full", () => acceptor.FullCount);
            section.Counter("tls_handshakes_resumed", () => acceptor.ResumedCount);
            section.Counter("tls_handshakes_failed", () => acceptor.FailedCount);
            section.Counter("tls_handshakes_timed_out", () => acceptor.TimedOutCount);
            section.Counter("tls_handshakes_dropped", () => acceptor.DroppedCount);
        });

        void AddCertificate(string role, Func<CertificateFacts?> find)
        {
            section.Text($"tls_{role}_cert_serial", () => find()?.Serial ?? "none");
            section.Gauge(
                $"tls_{role}_cert_expires_in_seconds", () => find() is { } facts ? facts.ExpiresAt - (server.Clock.UnixMs / 1000) : 0);
        }
    }

    private static Action<string> FailureLog(ServerLog log) => line => log.Write(LogLevel.Verbose, line);
}
