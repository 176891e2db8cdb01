using Bixbite.Configuration;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Xunit;
using AllSettings = Bixbite.Configuration.Settings;

namespace Bixbite.Unit.Configuration;

/// <summary>Every kind of setting: what it takes, how it shows it, what it says about what it does not take.</summary>
public sealed class KindTests
{
    private readonly AllSettings _settings = Composition.CreateSettings();

    [Theory]
    [InlineData("protected-mode", "NO", "no")]
    [InlineData("timeout", "17", "17")]
    [InlineData("maxclients", "4294967295", "4294967295")]
    [InlineData("slowlog-log-slower-than", "-1", "-1")]
    [InlineData("unixsocketperm", "0770", "770")]
    [InlineData("maxmemory", "64mb", "67108864")]
    [InlineData("maxmemory", "2K", "2000")]
    [InlineData("maxmemory", "1gb", "1073741824")]
    [InlineData("proto-max-bulk-len", "2mb", "2097152")]
    [InlineData("maxmemory-policy", "AllKeys-LRU", "allkeys-lru")]
    [InlineData("loglevel", "Debug", "debug")]
    [InlineData("appendfsync", "ALWAYS", "always")]
    [InlineData("requirepass", "a b\"c", "a b\"c")]
    [InlineData("notify-keyspace-events", "KEA", "AKE")]
    [InlineData("notify-keyspace-events", "Eg$lshzxetdn", "AE")]
    [InlineData("notify-keyspace-events", "nmx", "xnm")]
    [InlineData("notify-keyspace-events", "", "")]
    [InlineData("bind", "127.0.0.1 -::1", "127.0.0.1 -::1")]
    [InlineData("bind", "", "")]
    [InlineData("save", "3600 1 300 100", "3600 1 300 100")]
    [InlineData("save", "", "")]
    [InlineData("oom-score-adj-values", "-5 0 2000", "-5 0 2000")]
    [InlineData("latency-tracking-info-percentiles", "50.0 99.99 0", "50 99.99 0")]
    [InlineData("latency-tracking-info-percentiles", "", "")]
    [InlineData("shutdown-on-sigterm", "force nosave", "nosave force")]
    [InlineData("shutdown-on-sigterm", "default", "default")]
    [InlineData("client-output-buffer-limit", "replica 1mb 2kb 3", "normal 0 0 0 slave 1048576 2048 3 pubsub 33554432 8388608 60")]
    [InlineData("supervised", "auto", "auto")]
    [InlineData("hz", "100000", "500")]
    [InlineData("slaveof", "no one", "")]
    public void TakesAndShows(string name, string value, string shown)
    {
        Assert.Null(Load(name, value));
        Assert.Equal(shown, _settings.Table.Find(name)!.Text);
    }

    [Theory]
    [InlineData("protected-mode", "true", "argument must be 'yes' or 'no'")]
    [InlineData("timeout", "soon", "argument couldn't be parsed into an integer")]
    [InlineData("timeout", "-1", "argument must be between 0 and 2147483647 inclusive")]
    [InlineData("port", "65536", "argument must be between 0 and 65535 inclusive")]
    [InlineData("maxclients", "0", "argument must be between 1 and 4294967295 inclusive")]
    [InlineData("slowlog-max-len", "-1", "argument must be between 0 and 9223372036854775807 inclusive")]
    [InlineData("unixsocketperm", "1000", "argument must be between 0 and 777 inclusive")]
    [InlineData("unixsocketperm", "9", "argument couldn't be parsed as an octal number")]
    [InlineData("maxmemory", "12parsecs", "argument must be a memory value")]
    [InlineData("maxmemory", "-1", "argument must be a memory value")]
    [InlineData("maxmemory-clients", "101%", "percentage argument must be less or equal to 100")]
    [InlineData("maxmemory-clients", "x%", "argument must be a memory or percent value")]
    [InlineData("proto-max-bulk-len", "1", "argument must be between 1048576 and 9223372036854775807 inclusive")]
    [InlineData("loglevel", "loud", "argument(s) must be one of the following: debug, verbose, notice, warning, nothing")]
    [InlineData("shutdown-on-sigint", "save nosave", "shutdown options SAVE and NOSAVE can't be used simultaneously")]
    [InlineData("shutdown-on-sigint", "later", "argument(s) must be one of the following: default, save, nosave, now, force")]
    [InlineData("notify-keyspace-events", "KEQ", "Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")]
    [InlineData("save", "3600", "Invalid save parameters")]
    [InlineData("save", "0 1", "Invalid save parameters")]
    [InlineData("oom-score-adj-values", "1 2", "wrong number of arguments")]
    [InlineData("oom-score-adj-values", "1 2 2001", "Invalid oom-score-adj-values, elements must be between -2000 and 2000.")]
    [InlineData("latency-tracking-info-percentiles", "a", "Invalid latency-tracking-info-percentiles parameters")]
    [InlineData(
        "latency-tracking-info-percentiles", "101", "latency-tracking-info-percentiles parameters should sit between [0.0,100.0]")]
    [InlineData("client-output-buffer-limit", "normal 1 2", "Wrong number of arguments in buffer limit configuration.")]
    [InlineData("client-output-buffer-limit", "master 1 2 3", "Invalid client class specified in buffer limit configuration.")]
    [InlineData(
        "client-output-buffer-limit", "normal 1 2 -3", "Error in hard, soft or soft_seconds setting in buffer limit configuration.")]
    [InlineData("bind", "1.2.3.4 \"", "Invalid bind address.")]
    [InlineData("dbfilename", "a/b", "dbfilename can't be a path, just a filename")]
    [InlineData("appendfilename", "", "appendfilename can't be empty")]
    [InlineData("dir", "/no/such/place", "No such file or directory")]
    [InlineData("replicaof", "host 65536", "Invalid master port")]
    public void RefusesWithRedisWords(string name, string value, string problem)
    {
        Setting setting = _settings.Table.Find(name)!;
        string before = setting.Text;
        Assert.Equal(problem, Load(name, value));
        Assert.Equal(before, setting.Text);
    }

    [Theory]
    [InlineData("daemonize", "yes")]
    [InlineData("syslog-enabled", "yes")]
    public void APromiseOfALaterVersionIsRefused(string name, string value)
    {
        Setting setting = _settings.Table.Find(name)!;
        string before = setting.Text;
        Assert.Equal($"'{setting.Name} {value}' is not part of this version of Bixbite", Load(name, value));
        Assert.Equal(before, setting.Text);
    }

    [Fact]
    public void LinesOfSaveAddUpAndTheFirstReplacesTheDefault()
    {
        SaveSetting save = new("save", new SavePoint(1, 1)) { Description = "." };
        Assert.Null(save.Load(["60", "5"]));
        Assert.Null(save.Load(["30", "6"]));
        Assert.Equal("60 5 30 6", save.Text);
        Assert.Null(save.Load([""]));
        Assert.Equal("", save.Text);
        Assert.Null(save.Set(["10", "1"]));
        Assert.Null(save.Set(["20", "2"]));
        Assert.Equal("20 2", save.Text);
    }

    [Fact]
    public void PercentagesAreOfTheWhole()
    {
        BytesSetting setting = new("x", 0) { AllowsPercent = true, Description = "." };
        Assert.Null(setting.Set(["5%"]));
        Assert.Equal("5%", setting.Text);
        Assert.Equal(50, setting.BytesOf(1000));
        Assert.Null(setting.Set(["1kb"]));
        Assert.Equal(1024, setting.BytesOf(1000));
    }

    [Fact]
    public void SecretsKeepTheirBytes()
    {
        byte[] bytes = [0xff, (byte)'a', 0xc3, 0x28];
        TextSetting secret = _settings.Get<ClientSettings>().RequirePass;
        Assert.True(secret.Bytes.IsEmpty);
        Assert.Null(secret.Set([ByteText.Decode(bytes)]));
        Assert.Equal(bytes, secret.Bytes.ToArray());
    }

    private string? Load(string name, string value)
    {
        Setting setting = _settings.Table.Find(name)!;
        return setting.Load(setting.Has(SettingFlags.MultiArgument) && value.Length > 0 ? value.Split(' ') : [value]);
    }
}
