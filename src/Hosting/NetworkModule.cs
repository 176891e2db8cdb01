using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Engine.Facts;
using Bixbite.Engine.Modules;

namespace Bixbite.Hosting;

/// <summary>The addresses of the server and its event loops: their settings, and what INFO tells of them.</summary>
internal sealed class NetworkModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new NetworkSettings(settings));

    public override void Add(ServerBuilder server)
    {
        NetworkSettings network = server.Get<NetworkSettings>();
        InfoSection section = server.Info["Server"];
        section.Gauge("tcp_port", () => network.Port.Value);
        section.Gauge("io_threads_active", () => network.IoThreads.Value > 1 ? 1 : 0);
        section.AddLines(() => Listeners(network));
    }

    private static IEnumerable<Fact> Listeners(NetworkSettings network)
    {
        if (network.Port.Value != 0)
        {
            string addresses = string.Concat(network.Bind.Value.Select(address => ",bind=" + address));
            yield return Fact.Line(
                "listener0", string.Create(CultureInfo.InvariantCulture, $"name=tcp{addresses},port={network.Port.Value}"));
        }
        if (network.UnixSocket.IsSet)
        {
            yield return Fact.Line("listener1", "name=unix,bind=" + network.UnixSocket.Value);
        }
    }
}
