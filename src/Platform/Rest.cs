using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// Lets the calling thread rest; unlike <see cref="Thread.Sleep(TimeSpan)"/> it drops nothing below a millisecond, but in Windows, which
/// knows no shorter rest.
/// </summary>
public static unsafe partial class Rest
{
    private const long UsPerSecond = 1_000_000;

    /// <summary>Rests for at least so many microseconds, whatever signals come; not at all for 0 or less.</summary>
    public static void ForMicroseconds(long us)
    {
        if (us <= 0)
        {
            return;
        }
        if (OperatingSystem.IsWindows())
        {
            Thread.Sleep(TimeSpan.FromMilliseconds((us + 999) / 1000));
            return;
        }
        var time = new Timespec { Seconds = us / UsPerSecond, Nanoseconds = us % UsPerSecond * 1000 };
        while (Libc.Result(nanosleep(&time, &time)) == -Errno.EINTR)
        {
        }
    }

    [LibraryImport(Libc.Name)]
    private static partial int nanosleep(Timespec* time, Timespec* left);
}
