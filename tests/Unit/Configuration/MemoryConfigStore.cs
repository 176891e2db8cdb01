using System.Text;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Structures.Text;

namespace Bixbite.Unit.Configuration;

/// <summary>Configuration files that exist in a test alone.</summary>
internal sealed class MemoryConfigStore : IConfigStore
{
    public SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public string? Failure { get; set; }

    public string this[string path]
    {
        get => Encoding.UTF8.GetString(Files[path]);
        set => Files[path] = Encoding.UTF8.GetBytes(value);
    }

    public byte[]? Read(string path, out string? problem)
    {
        problem = null;
        return Files.GetValueOrDefault(path);
    }

    public string? Replace(string path, ReadOnlySpan<byte> content)
    {
        if (Failure is null)
        {
            Files[path] = content.ToArray();
        }
        return Failure;
    }

    public IReadOnlyList<string> Expand(string pattern) =>
        [.. Files.Keys.Where(path => Glob.IsMatch(ByteText.Encode(pattern), ByteText.Encode(path)))];
}
