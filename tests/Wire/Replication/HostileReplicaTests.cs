using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>Replicas that go away at every step, do not read, come again, or say what they may not: nobody else notices.</summary>
public sealed class HostileReplicaTests : IDisposable
{
    private const int KeyCount = 300;

    private readonly TestServer _server = TestServer.Start(
        "--enable-debug-command", "yes", "--repl-diskless-sync-delay", "0", "--io-threads", "3", "--repl-backlog-size", "1mb");

    private readonly RespConnection _client;

    public HostileReplicaTests()
    {
        _client = _server.Connect();
        for (int i = 0; i < KeyCount; i++)
        {
            _client.Call($"SET key{i} {new string((char)('a' + (i % 26)), 20_000)}");
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void One_that_goes_away_leaves_nothing(int step)
    {
        string form = step % 2 == 0 ? "capa eof capa psync2" : "capa psync2";
        for (int round = 0; round < 5; round++)
        {
            FakeReplica replica = new(_server.Address, form);
            GoTo(replica, step);
            if (round % 2 == 0)
            {
                replica.Connection.Reset();
            }
            replica.Dispose();
        }
        Patience.Until(() => ReplicaPair.Number(_client, "connected_slaves") == 0);
        Assert.Equal("OK", _client.Call("SET a 1").Text);
        using FakeReplica good = new(_server.Address, form);
        good.GoOnline();
        _client.Call("SET last 1");
        while (good.NextRequest() != "SET last 1")
        {
        }
        good.Acknowledge(good.End);
        Patience.Until(() => _client.Call("WAIT 1 1").Text == "1");
    }

    [Fact]
    public void One_that_goes_away_costs_the_others_of_its_snapshot_nothing()
    {
        _client.Call("CONFIG SET repl-diskless-sync-delay 60 repl-diskless-sync-max-replicas 3");
        using FakeReplica stays = new(_server.Address);
        FakeReplica goes = new(_server.Address);
        FakeReplica goesWithin = new(_server.Address);
        stays.Connection.Send("PSYNC ? -1");
        goes.Connection.Send("PSYNC ? -1");
        Patience.Until(() => ReplicaPair.Number(_client, "connected_slaves") == 2);
        goes.Connection.Reset();
        Patience.Until(() => ReplicaPair.Number(_client, "connected_slaves") == 1);
        goesWithin.Connection.Send("PSYNC ? -1");
        using FakeReplica third = new(_server.Address);
        third.Connection.Send("PSYNC ? -1");
        Assert.StartsWith("+FULLRESYNC", goesWithin.ReadLine(), StringComparison.Ordinal);
        goesWithin.Connection.Reset();
        Assert.StartsWith("+FULLRESYNC", stays.ReadLine(), StringComparison.Ordinal);
        string mark = stays.ReadLine()[5..];
        byte[] snapshot = stays.Connection.ReadUpTo(System.Text.Encoding.ASCII.GetBytes(mark));
        Assert.True(snapshot.Length > 5000, $"{snapshot.Length} bytes");
        Assert.StartsWith("+FULLRESYNC", third.ReadLine(), StringComparison.Ordinal);
        Assert.Equal(mark, third.ReadLine()[5..]);
        Assert.Equal(snapshot, third.Connection.ReadUpTo(System.Text.Encoding.ASCII.GetBytes(mark)));
        goes.Dispose();
        goesWithin.Dispose();
    }

    [Theory]
    [InlineData("PING")]
    [InlineData("GET key1")]
    [InlineData("NOSUCHCOMMAND")]
    [InlineData("REPLCONF listening-port 1")]
    [InlineData("MONITOR")]
    [InlineData("RESET")]
    [InlineData("SUBSCRIBE c")]
    [InlineData("QUIT")]
    public void One_that_asks_is_disconnected(string request)
    {
        using FakeReplica replica = new(_server.Address);
        replica.GoOnline();
        replica.Connection.Send(request);
        replica.Connection.ReadToEnd();
        Patience.Until(() => ReplicaPair.Number(_client, "connected_slaves") == 0);
    }

    [Fact]
    public void One_that_asks_again_is_not_heard()
    {
        using FakeReplica replica = new(_server.Address);
        replica.GoOnline();
        replica.Connection.Send("PSYNC ? -1");
        replica.Connection.Send("SYNC");
        _client.Call("SET last 1");
        Assert.Equal("SELECT 0", replica.NextRequest());
        Assert.Equal("SET last 1", replica.NextRequest());
    }

    [Fact]
    public void One_that_does_not_read_the_stream_is_disconnected_at_its_limit()
    {
        _client.Call("CONFIG SET client-output-buffer-limit \"replica 4mb 0 0\" repl-backlog-disk-size 0");
        using FakeReplica replica = new(_server.Address);
        replica.GoOnline();
        ReplicaPair.AwaitOnline(_client, 1);
        string value = new('v', 500_000);
        Patience.Until(() =>
        {
            _client.Call($"SET k {value}");
            return ReplicaPair.Number(_client, "connected_slaves") == 0;
        });
        _client.Call("SET k v");
        Assert.Equal(1, ReplicaPair.Number(_client, "client_output_buffer_limit_disconnections"));
        Assert.InRange(ReplicaPair.Number(_client, "mem_total_replication_buffers"), 1, 2_000_000);
    }

    [Fact]
    public void One_that_does_not_read_its_snapshot_is_dropped_in_time()
    {
        _client.Call("CONFIG SET repl-timeout 1");
        for (int i = 0; i < 30; i++)
        {
            _client.Call($"SET large{i} {Random(1_000_000, i)}");
        }
        using FakeReplica replica = new(_server.Address);
        replica.BeginFull();
        Patience.Until(() => ReplicaPair.Number(_client, "connected_slaves") == 0);
        Assert.Equal("OK", _client.Call("SET a 1").Text);
    }

    [Fact]
    public void Many_that_come_again_and_again_are_bounded()
    {
        for (int round = 0; round < 300; round++)
        {
            using FakeReplica replica = new(_server.Address);
            replica.Connection.Send("PSYNC ? -1");
            if (round % 3 == 0)
            {
                replica.Connection.Reset();
            }
        }
        Patience.Until(() => ReplicaPair.Number(_client, "connected_slaves") == 0);
        Assert.InRange(ReplicaPair.Number(_client, "used_memory_workspace"), 0, 64_000_000);
    }

    private static string Random(int size, int seed)
    {
        System.Random random = new(seed);
        return string.Create(size, random, static (text, random) =>
        {
            for (int i = 0; i < text.Length; i++)
            {
                text[i] = (char)random.Next('0', 'z');
            }
        }).Replace('\\', 'x');
    }

    private void GoTo(FakeReplica replica, int step)
    {
        switch (step)
        {
            case 0:
                replica.Connection.Send("PSYNC ? -1");
                break;
            case 1:
                replica.Connection.Send("PSYNC ? -1");
                Assert.StartsWith("+FULLRESYNC", replica.ReadLine(), StringComparison.Ordinal);
                break;
            case 2:
                replica.BeginFull();
                replica.Connection.ReadBytes(1000);
                break;
            case 3:
                replica.ReadFull();
                break;
            case 4:
                replica.GoOnline();
                _client.Call("SET a 1");
                break;
            default:
                replica.GoOnline();
                _client.Call("SET a 1");
                replica.NextRequest();
                replica.Acknowledge(1);
                break;
        }
    }
}
