using Bixbite.Commands.Persistence;
using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

public sealed class ConfigRewriteTests
{
    private const string Main = "/etc/main.conf";

    private readonly AllSettings _settings = Composition.CreateSettings();
    private readonly MemoryConfigStore _store = new();
    private readonly string _directoryLine = $"dir \"{Environment.CurrentDirectory}\"";

    private ClientSettings Clients => _settings.Get<ClientSettings>();

    private MemorySettings Memory => _settings.Get<MemorySettings>();

    [Fact]
    public void CommentsAndOrderStayAndChangesAreMadeInPlace()
    {
        _store[Main] = $"# top\n{_directoryLine}\n\n\n# memory\nmaxmemory 1mb\ninclude other.conf\n  timeout 5\n# end\n";
        _store["other.conf"] = "";
        Load();
        Assert.Null(Memory.MaxMemory.Set(["3gb"]));
        Assert.Null(Clients.Timeout.Set(["0"]));
        Assert.Equal($"# top\n{_directoryLine}\n\n# memory\nmaxmemory 3gb\ninclude other.conf\ntimeout 0\n# end\n", Rewrite());
    }

    [Fact]
    public void WhatHasNoLineIsAppendedOnceUnderTheSignature()
    {
        _store[Main] = _directoryLine + "\n";
        Load();
        Assert.Null(Clients.Timeout.Set(["7"]));
        Assert.Null(Memory.MaxMemoryPolicy.Set(["allkeys-lru"]));
        string once = Rewrite();
        Assert.Equal($"{_directoryLine}\n{ConfigRewrite.Signature}\ntimeout 7\nmaxmemory-policy allkeys-lru\n", once);
        Assert.Null(Clients.MaxClients.Set(["8"]));
        Assert.Equal(once + "maxclients 8\n", Rewrite());
    }

    [Fact]
    public void LinesOfManyGrowAndShrink()
    {
        _store[Main] = $"{_directoryLine}\nsave 1 1\n# between\nsave 2 2\nsave 3 3\nslave-priority 3\nbind 1.2.3.4\npidfile /x\n# end";
        Load();
        Assert.Null(_settings.Get<SnapshotSettings>().Save.Set(["9", "9"]));
        Assert.Null(_settings.Get<NetworkSettings>().Bind.Set(["*", "-::*"]));
        Assert.Null(_settings.Get<ServerSettings>().PidFile.Set([""]));
        Assert.Null(Clients.OutputBufferLimits.Set(["slave", "1mb", "1kb", "5"]));
        Assert.Equal(
            $"{_directoryLine}\nsave 9 9\n# between\n\nreplica-priority 3\n\n# end\n{ConfigRewrite.Signature}\n"
            + "client-output-buffer-limit replica 1mb 1kb 5\n",
            Rewrite());
    }

    [Fact]
    public void LinesNobodyKnowsBecomeComments()
    {
        _store[Main] = $"{_directoryLine}\nfoo bar\nrename-command a b\nbroken \"";
        Assert.Equal($"{_directoryLine}\n# ??? foo bar\nrename-command a b\n# ??? broken \"\n", Rewrite());
    }

    [Fact]
    public void EveryKindComesBackFromItsLine()
    {
        (string Name, string[] Words)[] values =
        [
            ("protected-mode", ["no"]), ("timeout", ["3"]), ("maxmemory", ["1500k"]), ("unixsocketperm", ["700"]),
            ("requirepass", ["a \"b\"\n\u00ff"]), ("maxmemory-policy", ["volatile-ttl"]), ("appendfsync", ["always"]), ("bind", [""]),
            ("save", ["1", "2", "3", "4"]), ("client-output-buffer-limit", ["normal", "3", "2", "1"]),
            ("oom-score-adj-values", ["1", "2", "3"]), ("latency-tracking-info-percentiles", [""]), ("notify-keyspace-events", ["KEx$"]),
            ("shutdown-on-sigint", ["nosave", "now"]), ("logfile", ["a b"]),
        ];
        foreach ((string name, string[] words) in values)
        {
            Assert.Null(_settings.Table.Find(name)!.Set(words));
        }
        Rewrite();

        AllSettings again = Composition.CreateSettings();
        using TempDirectory folder = new();
        Assert.Null(_settings.Get<LoggingSettings>().LogFile.Set([Path.Combine(folder.Path, "a b")]));
        Rewrite();
        Assert.Null(new ConfigLoader(again, _store).Load(StartOptions.Parse([Main]), Stream.Null));
        Assert.Equal(_settings.Table.All.Select(setting => setting.Text), again.Table.All.Select(setting => setting.Text));
    }

    [Fact]
    public void AFailureIsReported()
    {
        _store.Failure = "No space left on device";
        Assert.Equal("No space left on device", new ConfigRewrite(_settings.Table, _store).Run(Main));
    }

    [Fact]
    public void FilesOnTheDiskAreReplacedAsAWhole()
    {
        using TempDirectory folder = new();
        DiskConfigStore disk = new();
        string path = Path.Combine(folder.Path, "x.conf");
        Assert.Null(disk.Read(path, out string? problem));
        Assert.Null(problem);
        Assert.Null(disk.Replace(path, "one"u8));
        Assert.Null(disk.Replace(path, "two"u8));
        Assert.Equal("two"u8.ToArray(), disk.Read(path, out _));
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(DiskConfigStore.NoSuchFile, disk.Replace(Path.Combine(folder.Path, "none/x.conf"), "one"u8));
        Assert.Null(disk.Read(folder.Path, out problem));
        Assert.Equal("Is a directory", problem);
        Assert.NotNull(disk.Replace(folder.Path, "one"u8));
    }

    [Fact]
    public void PatternsOfPathsFindFilesInOrder()
    {
        using TempDirectory folder = new();
        foreach (string name in (string[])["b/1.conf", "a/2.conf", "a/1.conf", "a/.hidden.conf", "a/1.txt", "c.conf"])
        {
            string path = Path.Combine(folder.Path, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
        Assert.Equal(["a/1.conf", "a/2.conf", "b/1.conf"], Expand("*/*.conf"));
        Assert.Equal(["a/1.conf", "b/1.conf"], Expand("[ab]/1.conf"));
        Assert.Equal(["a/.hidden.conf"], Expand("a/.h*"));
        Assert.Empty(Expand("none/*"));

        string[] Expand(string pattern) =>
            [.. new DiskConfigStore().Expand($"{folder.Path}/{pattern}").Select(path => path[(folder.Path.Length + 1)..])];
    }

    private void Load() => Assert.Null(new ConfigLoader(_settings, _store).Load(StartOptions.Parse([Main]), Stream.Null));

    private string Rewrite()
    {
        Assert.Null(new ConfigRewrite(_settings.Table, _store).Run(Main));
        return _store[Main];
    }
}
