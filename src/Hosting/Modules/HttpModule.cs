using Bixbite.AccessControl.Authenticating;
using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Http;
using Bixbite.Tls;

namespace Bixbite.Hosting.Modules;

/// <summary>HTTP on a port of its own: metrics, health and the console.</summary>
internal sealed class HttpModule : Module
{
    private const int SweepPeriodMs = 1000;

    public override void AddSettings(Settings settings) => settings.Add(new HttpSettings(settings));

    public override void Add(ServerBuilder server)
    {
        HttpSettings settings = server.Get<HttpSettings>();
        NetworkSettings network = server.Get<NetworkSettings>();
        Authentication authentication = server.Get<Authentication>();
        Endpoints endpoints = server.Get<Endpoints>();
        var service = new HttpService(
            server,
            network.IoThreads.Value,
            connection => ClientLimits.IsProtectedFrom(connection, network, authentication),
            loop => endpoints.Clients!.HandlerOf(loop));
        endpoints.Add(new Endpoint("http", settings.Port, service.CreateHandler)
        {
            Bind = settings.Bind, IsEncrypted = server.Get<TlsSettings>().Http.Value,
        });
        server.AddCron(new CronTask(CronStage.Sampling, _ => Sweep(service))
        {
            PeriodMs = SweepPeriodMs, IgnoresLoading = true, IgnoresSwitch = true,
        });
    }

    private static long Sweep(HttpService service)
    {
        service.CloseLate();
        return CronTask.Never;
    }
}
