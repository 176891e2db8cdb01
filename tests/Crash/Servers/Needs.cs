using Bixbite.Crash.Disk;

namespace Bixbite.Crash.Servers;

/// <summary>Skips what a server cannot do that keeps no files of that kind.</summary>
internal static class Needs
{
    public static void Saving()
    {
        using LocalServer server = LocalServer.StartReady(new SimulatedDisk());
        Assert.SkipWhen(server.Call("COMMAND INFO SAVE").Items is not [{ IsNull: false }], "needs a server that saves snapshots");
    }

    public static void AppendOnlyFile()
    {
        using LocalServer server = LocalServer.StartReady(new SimulatedDisk());
        Assert.SkipWhen(server.Call("CONFIG SET appendonly yes").IsError, "needs a server that keeps an append-only file");
    }
}
