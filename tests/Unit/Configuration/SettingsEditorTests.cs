using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

public sealed class SettingsEditorTests : IDisposable
{
    private readonly AllSettings _settings = Composition.CreateSettings();
    private readonly ServerLog _log = new(new ManualClock()) { Threshold = LogLevel.Nothing };
    private readonly SettingsEditor _editor;

    public SettingsEditorTests() => _editor = new SettingsEditor(_settings.Table, Server.EnableProtectedConfigs, _log);

    public void Dispose() => _log.Dispose();

    private ClientSettings Clients => _settings.Get<ClientSettings>();

    private MemorySettings Memory => _settings.Get<MemorySettings>();

    private NetworkSettings Network => _settings.Get<NetworkSettings>();

    private ServerSettings Server => _settings.Get<ServerSettings>();

    private SnapshotSettings Snapshots => _settings.Get<SnapshotSettings>();

    [Fact]
    public void SeveralPairsTakeEffectTogether()
    {
        List<string> heard = [];
        Memory.MaxMemory.Changed += () => heard.Add("maxmemory");
        Clients.Timeout.Changed += () => heard.Add("timeout");
        Server.Hz.Changed += () => heard.Add("hz");
        Assert.Null(Apply("maxmemory", "1mb", "TIMEOUT", "5", "hz", "10"));
        Assert.Equal(1 << 20, Memory.MaxMemory.Value);
        Assert.Equal(5, Clients.Timeout.Value);
        Assert.Equal(["maxmemory", "timeout"], heard);
    }

    [Theory]
    [InlineData("Unknown nothing: ", "timeout", "5", "nothing", "1", "port", "x")]
    [InlineData("Failed DataBases: can't set immutable config", "DataBases", "5")]
    [InlineData("Failed dbfilename: can't set protected config", "dbfilename", "x")]
    [InlineData("Failed timeout: duplicate parameter", "timeout", "5", "timeout", "6")]
    [InlineData(
        "Failed maxmemory: argument must be a memory value", "timeout", "5", "maxmemory", "x")]
    public void OneBadPairLeavesAllAsTheyWere(string error, params string[] words)
    {
        Assert.Equal(error, Apply(words));
        Assert.Equal(0, Clients.Timeout.Value);
    }

    [Fact]
    public void AHookThatRefusesBringsTheOldValuesBackAndSeesThem()
    {
        List<string> seen = [];
        bool isChanged = false;
        Clients.MaxClients.Apply = () => Note($"maxclients {Clients.MaxClients.Text}", null);
        Network.Port.Apply = () =>
            Note($"port {Network.Port.Text}", Network.Port.Value == 1 ? "port taken" : null);
        Clients.MaxClients.Changed += () => isChanged = true;

        Assert.Equal(
            "Failed port: port taken", Apply("maxclients", "7", "port", "1", "timeout", "9"));
        Assert.Equal(["maxclients 7", "port 1", "maxclients 10000", "port 6379"], seen);
        Assert.Equal(0, Clients.Timeout.Value);
        Assert.False(isChanged);

        string? Note(string text, string? answer)
        {
            seen.Add(text);
            return answer;
        }
    }

    [Fact]
    public void AHookOfSeveralSettingsIsCalledOnce()
    {
        int callCount = 0;
        Network.Port.Apply = Listen;
        Network.Bind.Apply = Listen;
        Assert.Null(Apply("port", "7000", "bind", "127.0.0.1 ::1"));
        Assert.Equal(1, callCount);
        Assert.Equal(["127.0.0.1", "::1"], Network.Bind.Value);
        Assert.Null(Apply("port", "7000"));
        Assert.Equal(1, callCount);

        string? Listen()
        {
            callCount++;
            return null;
        }
    }

    [Fact]
    public void WordsOfSeveralAreSplitAtSpaces()
    {
        Assert.Null(Apply("save", "3600 1 60 10"));
        Assert.Equal(2, Snapshots.Save.Value.Count);
        Assert.Null(Apply("save", ""));
        Assert.Empty(Snapshots.Save.Value);
        Assert.Equal("Failed save: Invalid save parameters", Apply("save", "3600  1"));
    }

    [Fact]
    public void LoadingAndProtectionDependOnTheCaller()
    {
        Assert.Equal("Loading appendonly: ", Apply(new SettingsCaller(true, true), "appendonly", "no"));
        Assert.Null(Server.EnableProtectedConfigs.Load(["local"]));
        Assert.Null(Apply(new SettingsCaller(IsLocal: true, IsLoading: false), "dbfilename", "x.rdb"));
        Assert.NotNull(Apply("dbfilename", "y.rdb"));
    }

    [Fact]
    public void AnAliasIsNamedAsTheUserDid() => Assert.Equal(
        "Failed slave-priority: argument couldn't be parsed into an integer",
        Apply("SLAVE-priority", "x"));

    private string? Apply(params string[] words) => Apply(default, words);

    private string? Apply(SettingsCaller caller, params string[] words)
    {
        List<KeyValuePair<string, string>> pairs = [];
        for (int i = 0; i < words.Length; i += 2)
        {
            pairs.Add(new(words[i], words[i + 1]));
        }
        return _editor.Apply(pairs, caller) is { } refusal ? $"{refusal.Kind} {refusal.Name}: {refusal.Reason}" : null;
    }
}
