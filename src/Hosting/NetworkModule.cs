using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;
using Bixbite.Tls;

namespace Bixbite.Hosting;

/// <summary>The addresses of the server and its event loops: their settings, and what INFO tells of them.</summary>
internal sealed class NetworkModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new NetworkSettings(settings));

    public override void Add(ServerBuilder server)
    {
        NetworkSettings network = server.Get<NetworkSettings>();
        Endpoints endpoints = server.Add(new Endpoints());
        InfoSection section = server.Info["Server"];
        TlsSettings tls = server.Get<TlsSettings>();
        section.Text("multiplexing_api", () => network.Transport.Name);
        section.Gauge("tcp_port", () => network.Port.Value != 0 ? network.Port.Value : tls.Port.Value);
        section.Gauge("io_threads_active", () => network.IoThreads.Value > 1 ? 1 : 0);
        section.AddLines(() => Listeners(network, tls, endpoints));
    }

    private static IEnumerable<Fact> Listeners(NetworkSettings network, TlsSettings tls, Endpoints endpoints)
    {
        string addresses = AddressesOf(network.Bind);
        if (network.Port.Value != 0)
        {
            yield return Listener(0, $"name=tcp{addresses},port={network.Port.Value}");
        }
        if (network.UnixSocket.IsSet)
        {
            yield return Listener(1, $"name=unix,bind={network.UnixSocket.Value}");
        }
        if (tls.Port.Value != 0)
        {
            yield return Listener(2, $"name=tls{addresses},port={tls.Port.Value}");
        }
        int number = 3;
        foreach (Endpoint endpoint in endpoints.All.Where(static endpoint => endpoint.Port.Value != 0))
        {
            string own = endpoint.Bind is { } bind ? AddressesOf(bind) : addresses;
            yield return Listener(number++, $"name={endpoint.Name}{own},port={endpoint.Port.Value}");
        }
    }

    private static string AddressesOf(BindSetting bind) => string.Concat(bind.Value.Select(static address => ",bind=" + address));

    private static Fact Listener(int number, FormattableString text) => Fact.Line(
        string.Create(CultureInfo.InvariantCulture, $"listener{number}"), text.ToString(CultureInfo.InvariantCulture));
}
