using Bixbite.Configuration;
using Bixbite.Hosting;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

public sealed class SettingsTableTests
{
    private readonly SettingsTable _table = Composition.CreateSettings().Table;

    [Fact]
    public void NamesKnowNoCaseAndAliasesAreNames()
    {
        Assert.Same(_table.Find("maxmemory"), _table.Find("MaxMemory"));
        Assert.Same(_table.Find("replica-priority"), _table.Find("slave-priority"));
        Assert.Null(_table.Find("no-such-setting"));
    }

    [Fact]
    public void APlainNameComesBackAsItWasAskedFor() =>
        Assert.Equal(["MaxMemory", "slaveof"], Names("MaxMemory", "slaveof", "nothing", "maxmemory"));

    [Fact]
    public void PatternsFindNamesAndAliasesOnce()
    {
        Assert.Equal(["hash-max-listpack-entries", "hash-max-ziplist-entries"], Names("HASH-*-entries", "hash-max-*st-entries"));
        Assert.Equal(["maxmemory", "maxmemory-clients"], Names("maxmemory", "maxmemory-c*"));
        Assert.Equal(_table.Match("*").Count, _table.Match("*", "max*").Count);
    }

    [Fact]
    public void HiddenOnesNeedTheirExactName()
    {
        Assert.DoesNotContain("watchdog-period", Names("*"));
        Assert.DoesNotContain("watchdog-period", Names("watchdog-perio?"));
        Assert.Equal(["watchdog-period"], Names("watchdog-period"));
    }

    [Fact]
    public void EverySettingStandsAtItsDefault()
    {
        foreach (Setting setting in _table.All)
        {
            Assert.NotEmpty(setting.Group);
            Assert.NotEmpty(setting.Range);
            Assert.True(setting.IsDefault || setting.Name == "dir", setting.Name);
        }
    }

    [Fact]
    public void EveryDefaultIsAcceptedAgain()
    {
        foreach (Setting setting in _table.All.Where(setting => setting.Name != "dir" && setting.DefaultText.Length > 0))
        {
            string text = setting.DefaultText;
            Assert.Null(setting.Load(setting.Has(SettingFlags.MultiArgument) ? text.Split(' ') : [text]));
            Assert.True(setting.IsDefault, setting.Name);
        }
    }

    private string[] Names(params string[] patterns) => [.. _table.Match(patterns).Select(match => match.Name)];
}
