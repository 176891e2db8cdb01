using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>What a process inherits of signals; see signal(7).</summary>
public static partial class Signals
{
    public const int SIGINT = 2;

    private const nint SIG_DFL = 0;

    /// <summary>
    /// Gives a signal its default effect back. A shell script starts its background jobs with SIGINT ignored, and the runtime leaves an
    /// ignored signal ignored: without this a server started that way could not be interrupted.
    /// </summary>
    public static void Restore(int number) => _ = signal(number, SIG_DFL);

    [LibraryImport(Libc.Name)]
    private static partial nint signal(int number, nint handler);
}
