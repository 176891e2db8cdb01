namespace Bixbite;

/// <summary>
/// The folder of a server's data, of which one server at a time has the use. Given back by the system too if the process ends.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private const string LockName = "bixbite.lock";

    private readonly FileStream? _hold;

    private DataFolder(FileStream? hold) => _hold = hold;

    /// <exception cref="BixbiteException">It cannot be made, or another server has it.</exception>
    public static DataFolder Take(string path)
    {
        string folder = FolderAt(path);
        try
        {
            return new DataFolder(new FileStream(
                Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0));
        }
        catch (IOException failure) when (IsHeld(failure))
        {
            throw new BixbiteException(
                $"The data directory '{path}' is in use by another server: give each a directory of its own, or dispose the other before.",
                failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing can be written there: no server does.
            return new DataFolder(null);
        }
    }

    public void Dispose() => _hold?.Dispose();

    private static string FolderAt(string path)
    {
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BixbiteException(
                $"The data directory '{path}' cannot be made: {failure.Message.TrimEnd('.')}; choose another one.", failure);
        }
    }

    /// <summary>The failure is that of a lock: EWOULDBLOCK on Linux and on BSD's descendants, a sharing violation on Windows.</summary>
    private static bool IsHeld(IOException failure) => failure.HResult is 11 or 35 or unchecked((int)0x80070020);
}
