using Bixbite.Platform;
using Bixbite.Wire.Harness;
using Bixbite.Wire.Tls;

namespace Bixbite.Wire.Replication;

/// <summary>tls-replication and tls-cluster: links to primaries, and of MIGRATE, are encrypted from the next connection on.</summary>
public sealed class TlsTests
{
    private static readonly string[] s_common = ["--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0"];

    [Theory]
    [InlineData("disabled")]
    [InlineData("swapdb")]
    public void Ours_follows_ours(string way)
    {
        using TlsServer first = TlsServer.Start([.. s_common, "--io-threads", "4"]);
        using RespConnection primary = first.ConnectPlain();
        primary.Call("DEBUG POPULATE 5000 key 300");
        using TlsServer second = TlsServer.Start(
            [.. s_common, "--tls-replication", "yes", "--repl-diskless-load", way, "--replicaof", "127.0.0.1", $"{first.Port}"]);
        using RespConnection replica = second.ConnectPlain();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Call($"SET large {new string('v', 3_000_000)}");
        ReplicaPair.AssertSame(primary, replica, "over TLS");
        ReplicaPair.AwaitOnline(primary, 1);
        Assert.Contains($"port={second.Port},state=online", primary.Call("INFO replication").Text, StringComparison.Ordinal);
        Assert.Equal("1", primary.Call("CLIENT KILL TYPE replica").Text);
        primary.Call("SET after 1");
        ReplicaPair.AssertSame(primary, replica, "again");
        Assert.Equal("1", ReplicaPair.Field(primary, "sync_full"));
        Assert.NotEqual("0", first.Info("tls_handshakes_resumed"));
    }

    [Fact]
    public void Ours_and_redis_follow_each_other()
    {
        using TlsServer first = TlsServer.Start([.. s_common]);
        using RespConnection primary = first.ConnectPlain();
        primary.Call("DEBUG POPULATE 1000 key 300");
        int redisPort = FreePorts.Next();
        using RedisPeer redis = RedisPeer.Start(
        [
            .. s_common, "--tls-port", $"{redisPort}", "--tls-cert-file", first.File("server.crt"), "--tls-key-file",
            first.File("server.key"), "--tls-ca-cert-file", first.File("ca.crt"), "--tls-replication", "yes", "--replicaof",
            "127.0.0.1", $"{first.Port}",
        ]);
        using RespConnection between = redis.Connect();
        ReplicaPair.AwaitSame(primary, between);
        using TlsServer third = TlsServer.Start([.. s_common, "--tls-replication", "yes", "--replicaof", "127.0.0.1", $"{redisPort}"]);
        using RespConnection replica = third.ConnectPlain();
        ReplicaPair.AwaitSame(between, replica);
        primary.Call("RPUSH l a b c");
        ReplicaPair.AssertSame(primary, between, "redis under ours");
        ReplicaPair.AssertSame(between, replica, "ours under redis");
    }

    [Fact]
    public void A_server_that_serves_none_may_follow_by_TLS_with_a_certificate_of_its_own()
    {
        using TlsServer first = TlsServer.Start([.. s_common]);
        using RespConnection primary = first.ConnectPlain();
        primary.Call("SET a 1");
        using TestServer second = TestServer.Start(
        [
            .. s_common, "--tls-replication", "yes", "--tls-cert-file", first.File("server.crt"), "--tls-key-file",
            first.File("server.key"), "--tls-client-cert-file", first.File("client.crt"), "--tls-client-key-file",
            first.File("client.key"), "--tls-ca-cert-file", first.File("ca.crt"), "--replicaof", "127.0.0.1", $"{first.Port}",
        ]);
        using RespConnection replica = second.Connect();
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("1", replica.Call("GET a").Text);
        ReplicaPair.AwaitOnline(primary, 1);
        Assert.Contains($"port={second.Address.Port},state=online", primary.Call("INFO replication").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_is_named_and_the_old_data_stays()
    {
        using TlsServer first = TlsServer.Start([.. s_common]);
        using TlsServer second = TlsServer.Start([.. s_common, "--tls-replication", "yes"]);
        using RespConnection replica = second.ConnectPlain();
        replica.Call("SET old 1");
        TestCertificate stranger = TestCertificates.Make("stranger", issuer: null);
        second.Write("other.crt", stranger.Pem);
        Assert.Equal("OK", replica.Call($"CONFIG SET tls-ca-cert-file {second.File("other.crt")}").Text);
        replica.Call($"REPLICAOF 127.0.0.1 {first.Port}");
        second.Server.WaitForLine("certificate verify failed");
        Assert.Equal("1", replica.Call("GET old").Text);
        Assert.Equal("OK", replica.Call($"CONFIG SET tls-ca-cert-file {second.File("ca.crt")}").Text);
        using RespConnection primary = first.ConnectPlain();
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("0", replica.Call("EXISTS old").Text);
    }

    [Fact]
    public void A_switch_is_for_the_next_connection()
    {
        using TlsServer first = TlsServer.Start([.. s_common]);
        using TlsServer second = TlsServer.Start([.. s_common, "--repl-timeout", "2"]);
        using RespConnection primary = first.ConnectPlain();
        using RespConnection replica = second.ConnectPlain();
        replica.Call($"REPLICAOF 127.0.0.1 {first.Server.Address.Port}");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("OK", replica.Call("CONFIG SET tls-replication yes").Text);
        primary.Call("SET a 1");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("1", ReplicaPair.Field(primary, "sync_full"));
        // To the plain port nobody speaks TLS any more.
        primary.Call("CLIENT KILL TYPE replica");
        second.Server.WaitForLine("ended while connecting");
        replica.Call($"REPLICAOF 127.0.0.1 {first.Port}");
        ReplicaPair.AwaitSame(primary, replica);
        Assert.Equal("1", ReplicaPair.Field(primary, "sync_full"));
        Assert.Equal("OK", replica.Call("CONFIG SET tls-replication no").Text);
        Assert.Equal("up", ReplicaPair.Field(replica, "master_link_status"));
    }

    [Fact]
    public void Without_certificates_it_is_refused()
    {
        using TestServer server = TestServer.Start();
        using RespConnection client = server.Connect();
        Assert.Equal(
            "ERR CONFIG SET failed (possibly related to argument 'tls-replication') - Unable to update TLS configuration. "
            + "Check server logs.",
            client.Call("CONFIG SET tls-replication yes").Text);
        Assert.Contains("No tls-cert-file configured!", server.Log, StringComparison.Ordinal);
        Exception failure = Assert.ThrowsAny<Exception>(() => TestServer.Start("--tls-replication", "yes"));
        Assert.Contains("No tls-cert-file configured!", failure.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Who ends lets its replica have everything, and that has it although nothing comes behind.</summary>
    [Fact]
    public void A_primary_that_ends_lets_its_replica_catch_up()
    {
        using TlsServer first = TlsServer.StartProcess([.. s_common, "--shutdown-timeout", "1000"]);
        using TlsServer second = TlsServer.Start([.. s_common, "--tls-replication", "yes", "--replicaof", "127.0.0.1", $"{first.Port}"]);
        using RespConnection primary = first.ConnectPlain();
        using RespConnection replica = second.ConnectPlain();
        ReplicaPair.AwaitSame(primary, replica);
        primary.Send([.. Enumerable.Range(0, 2000).SelectMany(static i => CommandLine.Encode($"SET key{i} {new string('v', 2000)}"))]);
        for (int i = 0; i < 2000; i++)
        {
            Assert.Equal("OK", primary.Read().Text);
        }
        first.Server.Signal("TERM");
        Assert.Empty(primary.ReadToEnd());
        first.Server.WaitForLine("1 of 1 replicas are in sync when shutting down.");
        Patience.Until(() => replica.Call("DBSIZE").Text == "2000");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_primary_that_ends_waits_for_what_a_replica_says(bool acknowledges)
    {
        ManualClock clock = new();
        using TlsServer server = TlsServer.StartAt(clock, [.. s_common, "--shutdown-timeout", "10"]);
        using RespConnection client = server.ConnectPlain();
        using FakeReplica replica = new(server.Connect());
        replica.GoOnline();
        client.Call("SET k 1");
        using RespConnection ending = server.ConnectPlain();
        ending.Send("SHUTDOWN");
        Patience.Until(() =>
        {
            clock.AdvanceMs(1);
            return server.Server.Log.Contains("Waiting for replicas before shutting down.", StringComparison.Ordinal);
        });
        Assert.True(ending.IsSilent(30));
        while (replica.NextRequest() != "REPLCONF GETACK *")
        {
        }
        if (acknowledges)
        {
            replica.Acknowledge(replica.End);
        }
        else
        {
            replica.Dispose();
        }
        // The cron sees to who has gone.
        Patience.Until(() =>
        {
            clock.AdvanceMs(1);
            return !ending.IsSilent(1);
        });
        Assert.Empty(ending.ReadToEnd());
    }

    [Fact]
    public void Keys_move_by_TLS_where_a_cluster_speaks_it()
    {
        using TlsServer first = TlsServer.Start([.. s_common]);
        using TlsServer second = TlsServer.Start([.. s_common]);
        using RespConnection source = first.ConnectPlain();
        using RespConnection target = second.ConnectPlain();
        source.Call("SET a 1");
        source.Call("SET b 2");
        Assert.StartsWith("IOERR", source.Call($"MIGRATE 127.0.0.1 {second.Port} a 0 500").Text, StringComparison.Ordinal);
        Assert.Equal("OK", source.Call("CONFIG SET tls-cluster yes").Text);
        Assert.Equal("OK", source.Call($"MIGRATE 127.0.0.1 {second.Port} a 0 5000").Text);
        Assert.Equal("OK", source.Call($"MIGRATE 127.0.0.1 {second.Port} b 0 5000").Text);
        Assert.Equal("1", target.Call("GET a").Text);
        Assert.Equal("2", target.Call("GET b").Text);
        Assert.Equal("0", source.Call("DBSIZE").Text);
    }
}
