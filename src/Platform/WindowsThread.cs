using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>Facts of threads and processes that Windows tells and .NET does not.</summary>
internal static unsafe partial class WindowsThread
{
    private const uint PROCESS_QUERY_LIMITED_INFORMATION = 0x1000;
    private const uint STILL_ACTIVE = 259;
    private const int ERROR_ACCESS_DENIED = 5;

    /// <summary>That of the calling thread, in the system's ticks of some milliseconds.</summary>
    internal static CpuTimes Cpu()
    {
        long created, ended, system, user;
        return GetThreadTimes(GetCurrentThread(), &created, &ended, &system, &user) == 0
            ? default
            : new CpuTimes(user / TimeSpan.TicksPerMicrosecond, system / TimeSpan.TicksPerMicrosecond);
    }

    internal static bool IsProcess(int id)
    {
        nint process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, 0, (uint)id);
        if (process == 0)
        {
            return Marshal.GetLastSystemError() == ERROR_ACCESS_DENIED;
        }
        uint code;
        bool isRunning = GetExitCodeProcess(process, &code) != 0 && code == STILL_ACTIVE;
        _ = CloseHandle(process);
        return isRunning;
    }

    [LibraryImport("kernel32")]
    private static partial nint GetCurrentThread();

    [LibraryImport("kernel32")]
    private static partial int GetThreadTimes(nint thread, long* created, long* ended, long* system, long* user);

    [LibraryImport("kernel32")]
    private static partial nint OpenProcess(uint access, int isInherited, uint id);

    [LibraryImport("kernel32")]
    private static partial int GetExitCodeProcess(nint process, uint* code);

    [LibraryImport("kernel32")]
    private static partial int CloseHandle(nint handle);
}
