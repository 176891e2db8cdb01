namespace Bixbite.Load.Servers;

/// <summary>A folder for a server's files that outlives the server, so that another can load them. Disposing removes it.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("bixbite-load-");

    public string Path => folder.FullName;

    /// <summary>Bytes of all files in it.</summary>
    public long FileBytes => folder.EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    public void Dispose() => folder.Delete(recursive: true);
}
