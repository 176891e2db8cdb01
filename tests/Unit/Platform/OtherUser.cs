using System.Runtime.InteropServices;

namespace Bixbite.Unit.Platform;

/// <summary>While it lives the calling thread opens files as a user who owns none. For a thread of the superuser.</summary>
internal sealed class OtherUser : IDisposable
{
    private const uint Nobody = 65534;

    private readonly uint _before = SetFileUser(Nobody);

    public void Dispose() => _ = SetFileUser(_before);

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint SetFileUser(uint userId);
}
