using Bixbite.Platform;

namespace Bixbite.Persistence.Loading;

/// <summary>A file, from where it stands; it is closed with the source.</summary>
internal sealed class FileSource(IDiskFile file, string path) : ILoadSource
{
    public string Name => path;

    public long Length { get; } = file.Length;

    public bool IsLengthSure => true;

    public int Read(Span<byte> target) => file.Read(target);

    public void Dispose() => file.Dispose();
}
