using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bixbite.Platform;

/// <summary>
/// Paths by their names alone. The working directory may be deleted or become unreadable while the process lives in it; then a relative
/// path stays what it is, and whoever opens it gets the kernel's error as a result.
/// </summary>
public static unsafe partial class Paths
{
    private const int SizeMax = 4096;

    /// <summary>The working directory; empty if it has no name any more.</summary>
    public static string WorkingDirectory
    {
        get
        {
            if (Portability.IsOn)
            {
                return PortableWorkingDirectory();
            }
            byte* bytes = stackalloc byte[SizeMax];
            if (GetWorkingDirectory(bytes, SizeMax) == null)
            {
                return "";
            }
            string path = Marshal.PtrToStringUTF8((nint)bytes) ?? "";
            return path.StartsWith('/') ? path : "";
        }
    }

    /// <summary>Goes to a directory; a negative errno value if that cannot be.</summary>
    public static int Enter(string directory)
    {
        if (!Portability.IsOn)
        {
            return Libc.ResultOfStub(ChangeDirectory(directory));
        }
        try
        {
            Directory.SetCurrentDirectory(directory);
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -(File.Exists(directory) ? Errno.ENOTDIR : Errno.Of(failure));
        }
    }

    /// <summary>
    /// A way back to the working directory of now, whatever it is called then; in Windows to the one with its name, which cannot change. It
    /// does nothing where that cannot be.
    /// </summary>
    public static Action RememberWorkingDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            string path = WorkingDirectory;
            return path.Length == 0 ? static () => { } : () => _ = Enter(path);
        }
        int descriptor = PortableFiles.OpenFolder(".");
        if (descriptor < 0)
        {
            return static () => { };
        }
        SafeFileHandle directory = new(descriptor, ownsHandle: true);
        return () => _ = ChangeDirectory((int)directory.DangerousGetHandle());
    }

    /// <summary>The absolute path; a relative one as it is if the working directory has no name any more.</summary>
    public static string Full(string path)
    {
        if (Path.IsPathRooted(path))
        {
            return Path.GetFullPath(path);
        }
        string directory = WorkingDirectory;
        return directory.Length == 0 ? path : Path.GetFullPath(path, directory);
    }

    /// <summary>The directory in which a path's last name stands.</summary>
    public static string FolderOf(string path)
    {
        string? folder = Path.GetDirectoryName(path);
        return folder switch
        {
            null => Path.GetPathRoot(path) is { Length: > 0 } root ? root : ".",
            "" => ".",
            _ => folder,
        };
    }

    private static string PortableWorkingDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory();
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return "";
        }
    }

    [LibraryImport(Libc.Name, EntryPoint = "getcwd")]
    private static partial byte* GetWorkingDirectory(byte* bytes, nuint size);

    [LibraryImport(Libc.Name, EntryPoint = "fchdir")]
    private static partial int ChangeDirectory(int descriptor);

    [LibraryImport(Libc.Name, EntryPoint = "chdir", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int ChangeDirectory(string path);
}
