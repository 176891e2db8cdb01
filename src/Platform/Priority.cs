using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>Which threads give way to others where there are more of them than processors.</summary>
public static partial class Priority
{
    private const int OneThread = 0;
    private const int Niceness = 10;

    /// <summary>
    /// The calling thread gets a processor after those that serve clients, until it ends. See setpriority(2): on Linux this concerns the
    /// thread alone. Elsewhere it is up to .NET, which can do that in Windows only. If the system refuses, nothing changes.
    /// </summary>
    public static void GiveWay()
    {
        if (Portability.IsOn)
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
        else
        {
            _ = SetPriority(OneThread, 0, Niceness);
        }
    }

    [LibraryImport(Libc.Name, EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int niceness);
}
