using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Hosting;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

/// <summary>What is written about the settings is true.</summary>
public sealed class DocumentTests
{
    private readonly AllSettings _settings = Composition.CreateSettings();

    [Fact]
    public void ThePageIsCurrent()
    {
        string path = Repository.File("docs/SETTINGS.md");
        string page = SettingsPage.Write(_settings.Table);
        if (Environment.GetEnvironmentVariable("BIXBITE_REWRITE") == "1")
        {
            File.WriteAllText(path, page);
        }
        Assert.True(File.ReadAllText(path) == page, "docs/SETTINGS.md is stale: run these tests with BIXBITE_REWRITE=1");
    }

    [Fact]
    public void TheExampleFileSaysTheDefaults()
    {
        StartOptions options = StartOptions.Parse([Repository.File("bixbite.conf")]);
        Assert.Null(new ConfigLoader(_settings, new DiskConfigStore()).Load(options, Stream.Null));
        string[] local = ["dir", "bind"];
        Assert.Empty(_settings.Table.All
            .Where(setting => !setting.IsDefault && !local.Contains(setting.Name))
            .Select(setting => setting.Name));
    }

    [Fact]
    public void TheExampleFileNamesEverySettingThatWorks()
    {
        string[] lines = File.ReadAllLines(Repository.File("bixbite.conf"));
        Assert.Empty(_settings.Table.All
            .Where(setting => setting.Effect == SettingEffect.Works && !setting.Has(SettingFlags.Hidden))
            .Where(setting => !lines.Any(line => line.StartsWith($"{setting.Name} ", StringComparison.Ordinal)
                || line.StartsWith($"# {setting.Name} ", StringComparison.Ordinal)))
            .Select(setting => setting.Name));
    }
}
