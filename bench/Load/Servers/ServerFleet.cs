using System.Net;
using System.Net.Sockets;

namespace Bixbite.Load.Servers;

/// <summary>Starts servers and knows all that still run, so that none is left behind. Safe to stop from any thread.</summary>
internal sealed class ServerFleet(Cores cores)
{
    private readonly Lock _gate = new();
    private readonly List<RunningServer> _running = [];

    /// <summary>Starts a server on a free port, with persistence off; returns once it answers PING.</summary>
    public RunningServer Start(Contender contender, params string[] options) => StartIn(null, contender, options);

    /// <summary>Starts a server over the files of a folder; returns once they are loaded.</summary>
    public RunningServer StartIn(DataFolder? folder, Contender contender, params string[] options)
    {
        RunningServer server = new(contender, cores, FreePort(), folder, options);
        lock (_gate)
        {
            _running.Add(server);
        }
        server.WaitUntilReady();
        return server;
    }

    public void StopAll()
    {
        RunningServer[] all;
        lock (_gate)
        {
            all = [.. _running];
            _running.Clear();
        }

        foreach (RunningServer server in all)
        {
            server.Dispose();
        }
    }

    private static int FreePort()
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
