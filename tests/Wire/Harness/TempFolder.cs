namespace Bixbite.Wire.Harness;

/// <summary>A folder that goes away with its owner. Its path is short, since a Unix socket's may have 107 bytes only.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("bixbite-");

    public string Path => _folder.FullName;

    public string File(string name) => System.IO.Path.Combine(_folder.FullName, name);

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // A server that was killed may still hold a file for a moment; the system's own cleaning gets the rest.
        }
    }
}
