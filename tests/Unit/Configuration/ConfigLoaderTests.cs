using System.Text;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using CsCheck;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

public sealed class ConfigLoaderTests
{
    private const string Main = "/etc/main.conf";

    private readonly AllSettings _settings = Composition.CreateSettings();
    private readonly MemoryConfigStore _store = new();
    private readonly ConfigLoader _loader;

    public ConfigLoaderTests() => _loader = new ConfigLoader(_settings, _store);

    private ClientSettings Clients => _settings.Get<ClientSettings>();

    private DatabaseSettings Databases => _settings.Get<DatabaseSettings>();

    private MemorySettings Memory => _settings.Get<MemorySettings>();

    [Fact]
    public void LinesAreReadAsRedisReadsThem()
    {
        Assert.Null(Load("# a comment\n\n  MaxMemory 64mb\r\n\trequirepass \"a \\x62\\\"\" \n"
            + "maxmemory-policy 'allkeys-lfu'\ntimeout 5"));
        Assert.Equal(64 << 20, Memory.MaxMemory.Value);
        Assert.Equal("a b\"", Clients.RequirePass.Value);
        Assert.Equal("allkeys-lfu", Memory.MaxMemoryPolicy.Text);
        Assert.Equal(5, Clients.Timeout.Value);
    }

    [Fact]
    public void SomeDirectivesAccumulate()
    {
        Assert.Null(Load("save 3600 1\nsave 60 100\nclient-output-buffer-limit normal 1 2 3\nclient-output-buffer-limit \"pubsub 4 5 6\"\n"
            + "rename-command FLUSHALL \"\"\nrename-command config hidden-config"));
        Assert.Equal("3600 1 60 100", _settings.Get<SnapshotSettings>().Save.Text);
        Assert.Equal("normal 1 2 3 slave 268435456 67108864 60 pubsub 4 5 6", Clients.OutputBufferLimits.Text);
        Assert.Equal(
            ["FLUSHALL>", "config>hidden-config"], _loader.RenamedCommands.Select(renamed => $"{renamed.OldName}>{renamed.NewName}"));
        Assert.Equal(6, _loader.RenamedCommands[1].Place.Line);
        Assert.Empty(_loader.Warnings);
    }

    [Fact]
    public void OptionsComeAfterStandardInputAndThatAfterTheFile()
    {
        _store[Main] = "timeout 1\nmaxclients 11\ndatabases 3";
        using MemoryStream input = new("timeout 2\nmaxclients 12\n"u8.ToArray());
        Assert.Null(_loader.Load(StartOptions.Parse([Main, "--timeout", "3", "-"]), input));
        Assert.Equal((3, 12L, 3), (Clients.Timeout.Value, Clients.MaxClients.Value, Databases.Count.Value));
    }

    [Fact]
    public void IncludedFilesStandWhereTheirLineStands()
    {
        _store["/etc/conf.d/a.conf"] = "timeout 1\nmaxclients 21";
        _store["/etc/conf.d/b.conf"] = "timeout 2";
        Assert.Null(Load("maxclients 20\ninclude /etc/conf.d/*.conf\ninclude /nowhere/*.conf\ndatabases 4"));
        Assert.Equal((2, 21L, 4), (Clients.Timeout.Value, Clients.MaxClients.Value, Databases.Count.Value));
    }

    [Theory]
    [InlineData("foo bar", "Bad directive or wrong number of arguments")]
    [InlineData("rename-command a", "Bad directive or wrong number of arguments")]
    [InlineData("timeout", "wrong number of arguments")]
    [InlineData("timeout 1 2", "wrong number of arguments")]
    [InlineData("dir \"unbalanced", "Unbalanced quotes in configuration line")]
    [InlineData("maxmemory 12parsecs", "argument must be a memory value")]
    [InlineData("include /etc/absent.conf", "Fatal error, can't open config file '/etc/absent.conf': No such file or directory")]
    [InlineData("include /etc/main.conf", "Files include each other without end")]
    [InlineData("user", "Bad directive or wrong number of arguments")]
    [InlineData("loadmodule x.so", "'loadmodule' is not part of this version of Bixbite")]
    [InlineData("daemonize yes", "'daemonize yes' is not part of this version of Bixbite")]
    [InlineData("search.timeout 5", "'search.timeout' would be a setting of a module, which is not part of this version of Bixbite")]
    [InlineData("sentinel monitor x", "sentinel directive while not in sentinel mode")]
    public void TheFirstErrorNamesItsLine(string line, string reason)
    {
        ConfigError? error = Load($"# one\n\n {line} \nfoo");
        Assert.Equal(new ConfigError(new ConfigPlace(Main, 3, line), reason), error);
        Assert.Equal(
            $"\n*** FATAL CONFIG FILE ERROR (Bixbite 1.2.3) ***\n"
            + $"Reading the configuration file, at line 3 of {Main}\n>>> '{line}'\n{reason}\n",
            error!.Report("1.2.3"));
    }

    [Fact]
    public void AnErrorElsewhereNamesItsSource()
    {
        Assert.Equal(
            new ConfigError(new ConfigPlace("the command line", 2, "port \"x\""), "argument couldn't be parsed into an integer"),
            _loader.Load(StartOptions.Parse(["--timeout", "1", "--port", "x"]), Stream.Null));
        ConfigError? absent = _loader.Load(StartOptions.Parse(["/etc/absent.conf"]), Stream.Null);
        Assert.Contains("can't open config file '/etc/absent.conf'", absent!.Report("1"), StringComparison.Ordinal);
        Assert.DoesNotContain("at line", absent.Report("1"), StringComparison.Ordinal);
        ConfigError? log = _loader.Load(StartOptions.Parse(["--logfile", "/no/such/place/log"]), Stream.Null);
        Assert.Equal("Can't open the log file: No such file or directory", log!.Reason);
    }

    [Fact]
    public void LinesOfLongAgoAreSkipped() =>
        Assert.Null(Load("list-max-ziplist-entries 512\nlist-max-ziplist-value 64\nlua-replicate-commands yes"));

    [Fact]
    public void BytesThatAreNoTextSurvive()
    {
        _store.Files[Main] = [.. "requirepass "u8, 0xff, 0xfe, .. "\n"u8];
        Assert.Null(_loader.Load(StartOptions.Parse([Main]), Stream.Null));
        Assert.Equal([0xff, 0xfe], Clients.RequirePass.Bytes.ToArray());
    }

    [Fact]
    public void AnyBytesAreReadOrRefused() => Gen.Int[0, 5].Select(Gen.Byte.Array[0, 40]).Sample((start, bytes) =>
    {
        string[] starts = ["save ", "bind ", "requirepass ", "client-output-buffer-limit ", "include ", ""];
        MemoryConfigStore files = new();
        files.Files[Main] = [.. Encoding.ASCII.GetBytes(starts[start]), .. bytes];
        _ = new ConfigLoader(Composition.CreateSettings(), files).Load(StartOptions.Parse([Main]), Stream.Null);
    });

    [Theory]
    [InlineData("enable-debug-assert yes")]
    [InlineData("lookahead 32")]
    [InlineData("search-workers 4")]
    [InlineData("log-format legacy")]
    [InlineData("cluster-slot-migration-log-max-len 10")]
    public void LaterDirectivesThatOnlyTuneAreAcceptedWithAWarning(string line)
    {
        Assert.Null(Load(line + "\n" + line));
        Assert.Single(_loader.Warnings, warning => warning.Contains(line.Split(' ')[0], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("log-format json")]
    [InlineData("mptcp yes")]
    [InlineData("rdma-port 6380")]
    [InlineData("import-mode yes")]
    [InlineData("lookahead")]
    [InlineData("no-such-directive 1")]
    public void LaterDirectivesThatPromiseSomethingAreRefused(string line) => Assert.NotNull(Load(line));

    private ConfigError? Load(string content)
    {
        _store[Main] = content;
        return _loader.Load(StartOptions.Parse([Main]), Stream.Null);
    }
}
