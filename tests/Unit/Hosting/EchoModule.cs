using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Modules;
using Bixbite.Hosting;
using Bixbite.Memory;
using Bixbite.Net;

namespace Bixbite.Unit.Hosting;

/// <summary>A listener as a stranger would add it: another protocol, with a port of its own that a setting names.</summary>
internal sealed class EchoModule : Module
{
    public override void AddSettings(Settings settings) => settings.Add(new EchoSettings(settings));

    public override void Add(ServerBuilder server) =>
        server.Get<Endpoints>().Add(new Endpoint("echo", server.Get<EchoSettings>().Port, static _ => new EchoHandler()));
}

/// <summary>Where echoes are to be had.</summary>
internal sealed class EchoSettings
{
    public readonly IntSetting Port;

    public EchoSettings(Settings settings) =>
        Port = settings["Network"].Add(new IntSetting("echo-port", 0, 0, ushort.MaxValue) { Description = "The port of the echo." });
}

/// <summary>Answers whatever comes with itself.</summary>
internal sealed class EchoHandler : IConnectionHandler
{
    private readonly List<(Connection Connection, ulong Address, int Length)> _batch = [];

    public void Opened(Connection connection)
    {
    }

    public void Received(Connection connection, ulong address, int length) => _batch.Add((connection, address, length));

    public void Execute()
    {
        foreach ((Connection connection, ulong address, int length) in _batch)
        {
            connection.Write(Native.Bytes(address, length));
            connection.Consume(length, again: false);
        }
        _batch.Clear();
    }

    public void Closed(Connection connection)
    {
    }
}
