using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The signal dispositions that a process inherits; see signal(7). Windows has none: nothing happens there.</summary>
public static partial class Signals
{
    public const int SIGHUP = 1;
    public const int SIGINT = 2;
    public const int SIGALRM = 14;
    public const int SIGSTOP = 19;
    public const int SIGXFSZ = 25;

    private const nint SIG_DFL = 0;
    private const nint SIG_IGN = 1;

    /// <summary>
    /// Gives a signal its default effect back. A shell script starts its background jobs with SIGINT ignored, and the runtime leaves an
    /// ignored signal ignored: without this a server started that way could not be interrupted.
    /// </summary>
    public static void Restore(int number) => Dispose(number, SIG_DFL);

    /// <summary>The signal has no effect from now on.</summary>
    public static void Ignore(int number) => Dispose(number, SIG_IGN);

    /// <summary>Sends the process a signal. Not in Windows.</summary>
    public static void Raise(int number) => _ = kill(Environment.ProcessId, number);

    /// <summary>Whether there is a process with this number. Not in Windows.</summary>
    internal static bool IsProcess(int id) => Libc.Result(kill(id, 0)) is 0 or -Errno.EPERM;

    private static void Dispose(int number, nint handler)
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = signal(number, handler);
        }
    }

    [LibraryImport(Libc.Name)]
    private static partial int kill(int process, int number);

    [LibraryImport(Libc.Name)]
    private static partial nint signal(int number, nint handler);
}
