using System.Diagnostics;

namespace Bixbite.Wire.Harness;

/// <summary>
/// A file system of its own in a folder, in memory and small, so that it can be full: what a server in another process gets then is the
/// kernel's own error. Only the superuser can make one. It goes with its owner.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private const int Megabytes = 64;
    private const int PieceSize = 64 * 1024;

    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Puts one where the folder is; null where this user, or this machine, cannot.</summary>
    public static SmallDisk? TryMount(TempFolder folder) =>
        Run("mount", "-t", "tmpfs", "-o", $"size={Megabytes}m,mode=755", "bixbite-test", folder.Path) ? new SmallDisk(folder.Path) : null;

    /// <summary>Whether there can be one.</summary>
    public static bool IsPossible()
    {
        using TempFolder folder = new();
        using SmallDisk? disk = TryMount(folder);
        return disk is not null;
    }

    /// <summary>Nothing can be written any more.</summary>
    public void Fill()
    {
        byte[] piece = new byte[PieceSize];
        using FileStream file = new(Filler, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (int size = piece.Length; size > 0;)
        {
            try
            {
                file.Write(piece.AsSpan(0, size));
            }
            catch (IOException)
            {
                // A smaller piece may still find room.
                size /= 2;
            }
        }
    }

    /// <summary>There is room again.</summary>
    public void Free() => File.Delete(Filler);

    /// <summary>From now on nothing may be changed on it; false where that cannot be, as while files are open to be written.</summary>
    public bool TryProtect() => Run("mount", "-o", "remount,ro", _folder);

    /// <summary>Changes are possible again.</summary>
    public bool TryUnprotect() => Run("mount", "-o", "remount,rw", _folder);

    public void Dispose() => Run("umount", "--lazy", _folder);

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            process.StandardError.ReadToEnd();
            return process.WaitForExit(Patience.LimitMs) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
