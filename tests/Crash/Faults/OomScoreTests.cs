using Bixbite.Configuration;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Hosting.Modules;
using Bixbite.Logging;
using Bixbite.Platform;
using Bixbite.Launcher;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>oom-score-adj on a file that stands in for the kernel's, and on one that cannot be written.</summary>
public sealed class OomScoreTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly Settings _settings = Composition.CreateSettings();
    private readonly ServerLog _log;
    private readonly SettingsEditor _editor;
    private readonly string _path;

    public OomScoreTests()
    {
        _log = new ServerLog(new ManualClock(), _folder.File("log"));
        _editor = new SettingsEditor(_settings.Table, _settings.Get<ServerSettings>().EnableProtectedConfigs, _log);
        _path = _folder.File("oom_score_adj");
        Use(_path);
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    private ClientSettings Clients => _settings.Get<ClientSettings>();

    private MachineSettings Machine => _settings.Get<MachineSettings>();

    [Fact]
    public void FollowsTheSettingsAndComesBack()
    {
        Score = "7";
        Assert.Null(Set(("oom-score-adj-values", "10 20 30"), ("oom-score-adj", "yes")));
        Assert.Equal("17", Score);
        Assert.Null(Set(("oom-score-adj-values", "15 20 30")));
        Assert.Equal("22", Score);
        Assert.Null(Set(("oom-score-adj", "absolute")));
        Assert.Equal("15", Score);
        Assert.Null(Set(("oom-score-adj-values", "1500 2000 2000"), ("oom-score-adj", "relative")));
        Assert.Equal("1000", Score);
        Assert.Null(Set(("oom-score-adj", "no")));
        Assert.Equal("7", Score);
        Score = "9";
        Assert.Null(Set(("oom-score-adj-values", "1 1 1")));
        Assert.Equal("9", Score);
        Assert.Null(Set(("oom-score-adj-values", "-2000 -2000 -2000"), ("oom-score-adj", "yes")));
        Assert.Equal("-1000", Score);
    }

    [Fact]
    public void AReplicaHasItsOwn()
    {
        bool isReplica = false;
        var score = new OomScore(Machine, _log, _path) { IsReplica = () => isReplica };
        Machine.OomScoreAdj.Apply = Machine.OomScoreAdjValues.Apply = score.Apply;
        Score = "0";
        Assert.Null(Set(("oom-score-adj-values", "10 200 800"), ("oom-score-adj", "yes")));
        Assert.Equal("10", Score);
        isReplica = true;
        Assert.Null(score.Apply());
        Assert.Equal("200", Score);
        isReplica = false;
        Assert.Null(score.Apply());
        Assert.Equal("10", Score);
    }

    [Fact]
    public void WhatCannotBeWrittenChangesNothing()
    {
        Use(_folder.File("missing/oom_score_adj"));
        SettingsRefusal? refusal = Set(("oom-score-adj-values", "1 2 3"), ("oom-score-adj", "yes"));
        Assert.Equal("Failed to set current oom_score_adj. Check server logs.", refusal?.Reason);
        Assert.Equal("no", Machine.OomScoreAdj.Text);
        Assert.Equal("0 200 800", Machine.OomScoreAdjValues.Text);
        Assert.Contains("Unable to read oom_score_adj: No such file or directory", Log, StringComparison.Ordinal);
    }

    [Fact]
    public void ALaterFailureOfTheSameChangeGivesTheScoreBack()
    {
        Score = "5";
        Clients.MaxClients.Apply = () => Clients.MaxClients.Value > 100_000 ? "too many" : null;
        Assert.NotNull(Set(("oom-score-adj", "yes"), ("oom-score-adj-values", "100 200 300"), ("maxclients", "200000")));
        Assert.Equal("5", Score);
        Assert.Equal("no", Machine.OomScoreAdj.Text);
    }

    private string Score
    {
        get => File.ReadAllText(_path).Split('\n')[0];
        set => File.WriteAllText(_path, value + "\n");
    }

    private string Log => File.ReadAllText(_folder.File("log"));

    private void Use(string scorePath)
    {
        var score = new OomScore(Machine, _log, scorePath);
        Machine.OomScoreAdj.Apply = Machine.OomScoreAdjValues.Apply = score.Apply;
    }

    private SettingsRefusal? Set(params (string Name, string Value)[] pairs) =>
        _editor.Apply(
            [.. pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))], new SettingsCaller(IsLocal: true, IsLoading: false));
}
