namespace Bixbite.Load.Servers;

/// <summary>A folder for a server's files that outlives the server, so that another can load them. Disposing removes it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bixbite-load-");

    public string Path => _folder.FullName;

    /// <summary>Bytes of all files in it.</summary>
    public long FileBytes => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public void Dispose() => _folder.Delete(recursive: true);
}
