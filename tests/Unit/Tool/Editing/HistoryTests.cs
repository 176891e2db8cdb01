using Bixbite.Tool.Editing;
using Xunit;

namespace Bixbite.Unit.Tool.Editing;

public sealed class HistoryTests
{
    [Fact]
    public void Lines_OutliveTheProcess_SecretsDoNot()
    {
        using TempDirectory folder = new();
        string path = Path.Combine(folder.Path, "history");
        History first = new(path);
        first.Load();
        first.Add("get a", isSecret: false);
        first.Add("get a", isSecret: false);
        first.Add("auth word", isSecret: true);
        first.Add("get b", isSecret: false);
        Assert.Equal("auth word", first[1]);
        History second = new(path);
        second.Load();
        Assert.Equal((2, "get a", "get b"), (second.Count, second[0], second[1]));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    [Fact]
    public void TheNewest_AreKept()
    {
        History history = new(path: null);
        for (int i = 0; i < 1500; i++)
        {
            history.Add($"get {i}", isSecret: false);
        }
        Assert.Equal((1000, "get 500", "get 1499"), (history.Count, history[0], history[^1]));
    }

    [Fact]
    public void AFileThatCannotBe_IsNoFailure()
    {
        using TempDirectory folder = new();
        History history = new(folder.Path);
        history.Load();
        history.Add("get a", isSecret: false);
        Assert.Equal("get a", history[0]);
    }
}
