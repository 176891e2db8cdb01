using System.Globalization;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Configuration.Kinds;
using Bixbite.Hosting;
using Bixbite.Persistence.Saving;
using Bixbite.Replication.Following;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

/// <summary>
/// Whatever the settings are, CONFIG REWRITE and a restart bring the same values back. The values are guessed and kept where a setting
/// accepts them, so a new setting takes part as soon as it stands in the table.
/// </summary>
public sealed class RewriteRoundTripTests
{
    private const string Main = "/etc/main.conf";
    private const int Rounds = 150;
    private const int ChangesPerRound = 25;
    private const int GuessesMax = 60;
    private const int FirstGuessesMax = 20_000;

    private static readonly string[] s_words =
    [
        "yes", "no", "0", "1", "2", "3", "5", "7", "10", "16", "50", "64", "100", "127", "500", "700", "777", "1024", "6380", "1048576",
        "2147483647", "4294967295", "9223372036854775807", "18446744073709551615", "-1", "-2", "-5", "1kb", "3mb", "1500k", "2gb", "1025",
        "5%", "100%", "", "a", "a b", "\"", "'x'", "#", "# no comment", "\\", "a\nb\tc", "\u00ff\udc80", "\u20ac", "KEA", "Kx$", "AKEmn",
        "127.0.0.1", "-::1", "*", "10.1.2.3", "localhost", "file.rdb", "/tmp/x y", "host.example", "http://host:4318",
        "normal", "pubsub", "replica",
    ];

    private static readonly string[] s_classes = ["normal", "pubsub", "replica"];

    [Fact]
    public void EverySettingComesBack()
    {
        int seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        using TempDirectory folder = new();
        MemoryConfigStore store = new() { [Main] = "save 3600 1\nsave 300 100\n# end\n" };
        AllSettings settings = Load(store);
        HashSet<string> changed = [];
        for (int round = 0; round < Rounds; round++)
        {
            // First all of them, each until a value is found, however seldom one is guessed; then some.
            bool isFirst = round == 0;
            int count = isFirst ? settings.Table.All.Count : ChangesPerRound;
            for (int i = 0; i < count; i++)
            {
                Setting setting = settings.Table.All[isFirst ? i : random.Next(settings.Table.All.Count)];
                if (setting.Name is "dir")
                {
                    continue;
                }
                if (!isFirst && random.Next(4) == 0)
                {
                    SetDefault(setting);
                }
                else if (Guess(setting, random, folder.Path, isFirst ? FirstGuessesMax : GuessesMax))
                {
                    changed.Add(setting.Name);
                }
            }
            Assert.Null(new ConfigRewrite(settings.Table, store).Run(Main));
            AllSettings again = Load(store);
            foreach (Setting setting in settings.Table.All)
            {
                Assert.True(setting.Text == again.Table.Find(setting.Name)!.Text, $"{setting.Name}: {setting.Text}\n{store[Main]}");
            }
            settings = again;
        }
        Assert.Empty(settings.Table.All
            .Where(setting => setting.Effect != SettingEffect.SwitchArrivesLater && setting.Name is not "dir")
            .Select(setting => setting.Name)
            .Except(changed));
    }

    [Theory]
    [InlineData("save 1 1", "3600 1 300 100 60 10000")]
    [InlineData("save 1 1\nsave 2 2", "3600 1 300 100 60 10000")]
    [InlineData("save \"\"", "3600 1 300 100 60 10000")]
    [InlineData("save \"\"", "1 2 3 4")]
    [InlineData("save 3600 1\nsave 300 100\nsave 60 10000", "1 2 3 4")]
    [InlineData("save 3600 1\nsave 300 100\nsave 60 10000", "")]
    [InlineData("", "")]
    [InlineData("", "3600 1 300 100")]
    public void SavePointsComeBack(string before, string points)
    {
        MemoryConfigStore store = new() { [Main] = before };
        AllSettings settings = Load(store);
        Assert.Null(settings.Get<SnapshotSettings>().Save.Set(points.Split(' ')));
        Assert.Null(new ConfigRewrite(settings.Table, store).Run(Main));
        Assert.Equal(points, Load(store).Get<SnapshotSettings>().Save.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("\"")]
    [InlineData("a\nport 1")]
    [InlineData("#")]
    [InlineData("fe80::1%eth0")]
    public void APrimaryComesBack(string host)
    {
        MemoryConfigStore store = new() { [Main] = "" };
        AllSettings settings = Load(store);
        Assert.Null(settings.Get<FollowingSettings>().Primary.Set([host, "827"]));
        Assert.Null(new ConfigRewrite(settings.Table, store).Run(Main));
        Assert.Equal(new PrimaryAddress(host, 827), Load(store).Get<FollowingSettings>().Primary.Value);
    }

    private static AllSettings Load(MemoryConfigStore store)
    {
        AllSettings settings = Composition.CreateSettings();
        Assert.Null(new ConfigLoader(settings, store).Load(StartOptions.Parse([Main]), Stream.Null));
        return settings;
    }

    private static void SetDefault(Setting setting)
    {
        string text = setting.DefaultText;
        setting.Set(setting.Has(SettingFlags.MultiArgument) && text.Length > 0 ? text.Split(' ') : [text]);
    }

    /// <summary>True if a value was found that differs from the one before.</summary>
    private static bool Guess(Setting setting, Random random, string folder, int guessesMax)
    {
        string before = setting.Text;
        string[] known = [.. setting.Range.Split([' ', ',', '(', ')', '"'], StringSplitOptions.RemoveEmptyEntries), .. before.Split(' ')];
        for (int guess = 0; guess < guessesMax; guess++)
        {
            int count = setting.Has(SettingFlags.MultiArgument) ? 1 + random.Next(8) : 1;
            string[] words = new string[count];
            for (int i = 0; i < count; i++)
            {
                words[i] = random.Next(3) switch
                {
                    0 => known[random.Next(known.Length)],
                    1 => s_words[random.Next(s_words.Length)],
                    _ => random.Next(1000).ToString(CultureInfo.InvariantCulture),
                };
            }
            if (setting.Name == "logfile")
            {
                words = [Path.Combine(folder, "log" + words[0].Replace('/', '_'))];
            }
            // Four words of two kinds are not guessed often enough.
            if (setting.Name == "client-output-buffer-limit")
            {
                words = [s_classes[random.Next(s_classes.Length)], .. Enumerable.Range(0, 3).Select(_ => $"{random.Next(1000)}")];
            }
            if (setting.Set(words) is null && setting.Text != before)
            {
                return true;
            }
        }
        return false;
    }
}
