using System.Diagnostics;

namespace Bixbite.Load.Servers;

/// <summary>
/// Pins the main thread of this program, which generates all load, to one core and what it starts to that core or to the other. A child
/// inherits the affinity of the thread that starts it, so every thread of a server stays on the server's core.
/// </summary>
internal sealed class Cores
{
    private readonly int _serverCore;
    private readonly int _loadCore;

    public Cores(int serverCore, int loadCore)
    {
        _serverCore = serverCore;
        _loadCore = loadCore;
        Pin(loadCore);
    }

    public Process StartServer(ProcessStartInfo start)
    {
        Pin(_serverCore);
        try
        {
            return Process.Start(start) ?? throw new IOException($"{start.FileName} did not start");
        }
        finally
        {
            Pin(_loadCore);
        }
    }

    public static Process StartGenerator(ProcessStartInfo start) =>
        Process.Start(start) ?? throw new IOException($"{start.FileName} did not start");

    private static void Pin(int core)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("the load bench reads /proc and pins to cores: it needs Linux");
        }
        using Process self = Process.GetCurrentProcess();
        self.ProcessorAffinity = (nint)(1L << core);
    }
}
