using System.Runtime.InteropServices;

namespace Bixbite.Platform;

/// <summary>The groups of users that the system knows; those of Windows have no numbers, so there are none.</summary>
public static unsafe partial class Groups
{
    private const int RecordSize = 16 * 1024;

    /// <summary>The number of the group with this name; -ENOENT if there is none.</summary>
    public static long getgrnam(string name)
    {
        if (OperatingSystem.IsWindows())
        {
            return -Errno.ENOENT;
        }
        byte* record = stackalloc byte[RecordSize];
        Group group = default;
        Group* found = null;
        int errno = Find(name, &group, record, RecordSize, &found);
        return errno != 0 ? -errno : found == null ? -Errno.ENOENT : group.Id;
    }

    /// <summary><c>struct group</c> of a 64-bit C library.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Group
    {
        internal byte* Name;
        internal byte* Password;
        internal uint Id;
        internal byte** Members;
    }

    /// <remarks>A positive errno is returned.</remarks>
    [LibraryImport(Libc.Name, EntryPoint = "getgrnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Find(string name, Group* group, byte* record, nuint size, Group** found);
}
