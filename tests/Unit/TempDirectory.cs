namespace Bixbite.Unit;

/// <summary>A folder that is gone when the test is over.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bixbite-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
