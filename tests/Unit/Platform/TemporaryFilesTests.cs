using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Platform;

/// <summary>Of the files that killed processes have left those go that are nobody's, and no others.</summary>
public sealed class TemporaryFilesTests : IDisposable
{
    /// <summary>No process has it: numbers end before.</summary>
    private const string Nobody = "99999999";

    private readonly string _folder = Directory.CreateTempSubdirectory("bixbite-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void LeftoversOfTheDeadGo()
    {
        string path = Path.Combine(_folder, "users.acl");
        string[] gone = [TemporaryFiles.PathFor(path), $"{path}.tmp-{Nobody}"];
        string[] kept =
        [
            path, $"{path}.tmp-1", $"{path}.tmp-", $"{path}.tmp-{Nobody}x", $"{path}.tmp--5", $"{path}.tmp-99999999999999999999",
            Path.Combine(_folder, $"other.acl.tmp-{Nobody}"), Path.Combine(_folder, $"x-users.acl.tmp-{Nobody}"),
        ];
        foreach (string file in (string[])[.. gone, .. kept])
        {
            File.WriteAllText(file, "");
        }
        Directory.CreateDirectory($"{path}.tmp-{Nobody}0");
        TemporaryFiles.RemoveLeftovers(SystemDisk.Instance, path);
        Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
        Assert.True(Directory.Exists($"{path}.tmp-{Nobody}0"));
    }

    [Fact]
    public void WhereThereIsNoFolderNothingHappens() => TemporaryFiles.RemoveLeftovers(SystemDisk.Instance, "/nowhere/at/all/users.acl");
}
