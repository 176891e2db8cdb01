using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>Smaller things that a replica does of itself: files that it leaves, and how it shows its primary.</summary>
public sealed class ReplicaSettingsTests : IDisposable
{
    private static readonly string[] s_common = ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--save", ""];

    private readonly TestServer _first = TestServer.Start(s_common);
    private readonly RespConnection _primary;
    private readonly TempFolder _folder = new();

    public ReplicaSettingsTests() => _primary = _first.Connect();

    private string Address => $"127.0.0.1 {_first.Address.Port}";

    public void Dispose()
    {
        _primary.Dispose();
        _first.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("--rdb-del-sync-files yes", false)]
    [InlineData("--rdb-del-sync-files no", true)]
    [InlineData("--rdb-del-sync-files yes --appendonly yes", true)]
    public void The_snapshot_of_a_server_that_keeps_nothing_is_deleted(string options, bool isKept)
    {
        _primary.Call("SET a 1");
        File.WriteAllText(_folder.File("temp-2147483000-received-7.rdb"), "left by a process that was killed");
        File.WriteAllText(_folder.File("temp-2147483000-sync-0.rdb"), "the same");
        File.WriteAllText(_folder.File("temp-2147483000.rdb"), "the same");
        File.WriteAllText(_folder.File("temp-2147483000-stream-0123456789abcdef.log"), "the same");
        File.WriteAllText(_folder.File("temp-1.rdb"), "of a process that is there");
        File.WriteAllText(_folder.File("temp-1-stream-0123456789abcdef.log"), "the same");
        File.WriteAllText(_folder.File("temp-2147483000-other.rdb"), "somebody else's");
        File.WriteAllText(_folder.File("temp-2147483000-stream-today.log"), "the same");
        using TestServer server = TestServer.StartProcess(
            [.. s_common, "--dir", _folder.Path, .. options.Split(' '), "--replicaof", .. Address.Split(' ')]);
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(_primary, replica);
        Patience.Until(() => !Directory.GetFiles(_folder.Path).Any(static name => name.Contains("received", StringComparison.Ordinal)));
        Patience.Until(() => File.Exists(_folder.File("dump.rdb")) == isKept);
        string[] left = [.. Directory.GetFiles(_folder.Path, "temp-*").Select(static name => Path.GetFileName(name)).Order()];
        string[] kept =
        [
            "temp-1-stream-0123456789abcdef.log", "temp-1.rdb", "temp-2147483000-other.rdb", "temp-2147483000-stream-today.log",
        ];
        Assert.Equal(kept, left);
    }

    [Fact]
    public void The_primary_is_nobodys_user()
    {
        using TestServer server = TestServer.Start([.. s_common, "--replicaof", .. Address.Split(' ')]);
        using RespConnection replica = server.Connect();
        ReplicaPair.AwaitSame(_primary, replica);
        string line = replica.Call("CLIENT LIST TYPE master").Text;
        Assert.Contains(" user=(superuser) ", line, StringComparison.Ordinal);
        using RedisPeer redis = RedisPeer.Start([.. s_common, "--replicaof", .. Address.Split(' ')]);
        using RespConnection other = redis.Connect();
        ReplicaPair.AwaitSame(_primary, other);
        Assert.Contains(" user=(superuser) ", other.Call("CLIENT LIST TYPE master").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Replies_that_come_too_late_are_counted()
    {
        using RespConnection client = _first.Connect();
        client.Call("CLIENT DURABILITY REPLICAS 1 20");
        Assert.StartsWith("UNACKED", client.Call("SET a 1").Text, StringComparison.Ordinal);
        Assert.StartsWith("UNACKED", client.Call("SET a 2").Text, StringComparison.Ordinal);
        Assert.Equal("2", ReplicaPair.Field(_primary, "client_durability_late_replies"));
        _primary.Call("CONFIG RESETSTAT");
        Assert.Equal("0", ReplicaPair.Field(_primary, "client_durability_late_replies"));
    }
}
