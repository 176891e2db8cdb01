using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>What a replica says that it knows decides what it is sent: only fields of hashes that expire are not known to all.</summary>
public sealed class VersionTests
{
    private static readonly string[] s_options = ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"];

    [Fact]
    public void Redis_7_0_is_refused_while_fields_expire()
    {
        using TestServer server = TestServer.Start(s_options);
        using RespConnection primary = server.Connect();
        primary.Call("HSET h a 1 b 2");
        primary.Call("HEXPIRE h 1000 FIELDS 1 a");
        using RedisPeer redis = RedisPeer.Start([.. s_options, "--replicaof", "127.0.0.1", $"{server.Address.Port}"]);
        using RespConnection replica = redis.Connect();
        server.WaitForLine("refused: fields of hashes expire here, which Redis before 7.4 does not know");
        Assert.Equal("down", ReplicaPair.Field(replica, "master_link_status"));
        Assert.Equal("0", ReplicaPair.Field(primary, "sync_full"));
        primary.Call("HPERSIST h FIELDS 1 a");
        ReplicaPair.AssertSame(primary, replica, "no field expires");
    }

    [Fact]
    public void Redis_7_0_that_gets_the_stream_keeps_fields_until_they_have_expired()
    {
        using TestServer server = TestServer.Start(s_options);
        using RespConnection primary = server.Connect();
        using RedisPeer redis = RedisPeer.Start([.. s_options, "--replicaof", "127.0.0.1", $"{server.Address.Port}"]);
        using RespConnection replica = redis.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call("HSET h a 1 b 2 c 3");
        primary.Call("HEXPIRE h 1000 FIELDS 1 b");
        server.WaitForLine("is told of fields of hashes that expire, which Redis before 7.4 does not know");
        primary.Call("HPEXPIRE h 20 FIELDS 1 a");
        Patience.Until(() => primary.Call("HLEN h").Text == "2");
        primary.Call("SET after 1");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("2", replica.Call("HLEN h").Text);
        Assert.Equal("1", replica.Call("GET after").Text);
        Assert.Single(server.Log.Split('\n'), static line => line.Contains("is told of fields", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("no", "capa eof", null)]
    [InlineData("yes", "capa eof", "REDIS0012")]
    [InlineData("no", "capa eof capa field-expiry", "REDIS0012")]
    [InlineData("no", "capa eof capa field-expiry version 8.9.0", "REDIS0012")]
    [InlineData("yes", "capa eof version 8.1.0", null)]
    [InlineData("no", "capa eof rdb-filter-only functions", "REDIS0010")]
    public void A_snapshot_is_for_who_can_read_it(string assumes, string says, string? version)
    {
        using TestServer server = TestServer.Start([.. s_options, "--repl-assume-field-expiry", assumes]);
        using RespConnection primary = server.Connect();
        primary.Call("SET a 1");
        using (FakeReplica any = new(server.Address, says))
        {
            Assert.StartsWith("REDIS0010", Encoding.ASCII.GetString(any.ReadFull()), StringComparison.Ordinal);
        }
        primary.Call("HSET h a 1");
        primary.Call("HEXPIRE h 1000 FIELDS 1 a");
        using FakeReplica replica = new(server.Address, says);
        if (version is not null)
        {
            Assert.StartsWith(version, Encoding.ASCII.GetString(replica.ReadFull()), StringComparison.Ordinal);
            return;
        }
        Assert.StartsWith(
            "NOMASTERLINK Can't SYNC a replica that does not know", replica.Connection.Call("PSYNC ? -1").Text, StringComparison.Ordinal);
        Assert.StartsWith("NOMASTERLINK", replica.Connection.Call("SYNC").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Fields_that_begin_to_expire_while_a_replica_waits_are_noticed()
    {
        using TestServer server = TestServer.Start("--repl-diskless-sync-delay", "2");
        using RespConnection primary = server.Connect();
        primary.Call("HSET h a 1");
        using FakeReplica replica = new(server.Address);
        replica.Connection.Send("PSYNC ? -1");
        Patience.Until(() => primary.Call("INFO replication").Text.Contains("state=wait_bgsave", StringComparison.Ordinal));
        primary.Call("HEXPIRE h 1000 FIELDS 1 a");
        Assert.DoesNotContain("FULLRESYNC", Encoding.ASCII.GetString(replica.Connection.ReadToEnd()), StringComparison.Ordinal);
        Assert.Contains("refused: fields of hashes expire here", server.Log, StringComparison.Ordinal);
    }
}
