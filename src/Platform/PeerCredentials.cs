using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>
/// The process at the other end of a Unix socket, as the kernel knew it when it connected (<c>struct ucred</c>). A process that has gone
/// since may have left its number to another one.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public readonly record struct PeerCredentials(int ProcessId, uint UserId, uint GroupId)
{
    public const int Size = 12;
}
