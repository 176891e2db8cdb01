using System.Globalization;
using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Connection;

/// <summary>maxmemory-clients: whoever makes the server hold most is closed, whatever it holds and on whichever loop.</summary>
public sealed class ClientEvictionTests
{
    private const int Limit = 3_000_000;

    private static readonly string s_large = new('v', 800_000);

    /// <summary>What may follow each other without end until the client holds too much; {i} is a number that grows.</summary>
    public static TheoryData<string, string> Growth() => new()
    {
        { "1", "WATCH {i} {i}a {i}b {i}c {i}d" },
        { "1", "SUBSCRIBE {i} {i}a {i}b {i}c {i}d" },
        { "1", "PSUBSCRIBE {i} {i}a {i}b {i}c {i}d" },
        { "1", "SSUBSCRIBE {i} {i}a {i}b {i}c {i}d" },
        { "1", "CLIENT TRACKING ON BCAST PREFIX a{i} PREFIX b{i} PREFIX c{i} PREFIX d{i}" },
        { "1", "HIMPORT PREPARE {i} a b c d e f g" },
        { "1", "CLIENT SETNAME {v}" },
        { "4", "WATCH {i} {i}a {i}b {i}c {i}d" },
        { "4", "CLIENT SETNAME {v}" },
    };

    [Theory]
    [MemberData(nameof(Growth))]
    public void State_that_grows_and_grows_closes_its_client(string threads, string request)
    {
        using TestServer server = TestServer.Start("--maxmemory-clients", "200000", "--io-threads", threads);
        using RespConnection control = Control(server);
        using RespConnection client = server.Connect();
        Assert.True(
            IsClosed(() =>
            {
                for (int i = 100_000; i < 150_000; i++)
                {
                    client.Send(request
                        .Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
                        .Replace("{v}", new string('v', 2 * i), StringComparison.Ordinal));
                    client.ReadRaw();
                }
            }),
            "it is still there");
        Assert.Equal(1, Field(control, "evicted_clients"));
        Patience.Until(() => Field(control, "connected_clients") == 1, "it is not forgotten");
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Queued_requests_close_their_client(string threads)
    {
        using TestServer server = Start(threads);
        using RespConnection control = Control(server);
        using RespConnection client = server.Connect();
        long id = client.Call("CLIENT ID").Integer;
        client.Call("MULTI");
        client.Call($"SET k {s_large}");
        client.Call($"SET k {s_large}");
        Assert.InRange(ClientField(control, id, "multi-mem"), 1_600_000, 1_600_020);
        client.Call("EXEC");
        client.Call("MULTI");
        Assert.True(
            IsClosed(() =>
            {
                for (int i = 0; i < 5; i++)
                {
                    client.Call($"SET k {s_large}");
                }
            }),
            "it is still there");
        Assert.Equal(1, Field(control, "evicted_clients"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void A_request_that_never_ends_closes_its_client(string threads)
    {
        using TestServer server = Start(threads);
        using RespConnection control = Control(server);
        using RespConnection client = server.Connect();
        long id = client.Call("CLIENT ID").Integer;
        Partial(client, 1_000_000, 1_000_000);
        Patience.Until(() => ClientField(control, id, "qbuf") == 1_000_000, "the bytes do not arrive");
        Assert.InRange(ClientField(control, id, "tot-mem"), 1_000_000, Limit);
        Assert.Equal(0, Field(control, "evicted_clients"));
        using RespConnection other = server.Connect();
        Partial(other, Limit, Limit - 1);
        Patience.Until(() => Field(control, "connected_clients") == 2, "it is still there");
        Assert.Contains($"id={id} ", control.Call("CLIENT LIST").Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Output_that_is_not_read_closes_its_client(string threads)
    {
        using TestServer server = Start(threads);
        using RespConnection control = Control(server);
        control.Call("SETRANGE k 500000 v");
        using RespConnection deaf = server.Connect();
        long id = deaf.Call("CLIENT ID").Integer;
        deaf.Send("*2\r\n$9\r\nSUBSCRIBE\r\n$1\r\nc\r\n"u8);
        Patience.Until(() => ClientField(control, id, "sub") == 1, "it does not subscribe");
        string message = new('m', 100_000);
        Patience.Until(() => control.Call($"PUBLISH c {message}").Text == "0", "it is still there");
        Assert.Equal(1, Field(control, "evicted_clients"));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void Nobody_is_closed_who_asked_not_to_be(string threads)
    {
        using TestServer server = Start(threads);
        using RespConnection control = Control(server);
        using RespConnection kept = server.Connect();
        long id = kept.Call("CLIENT ID").Integer;
        kept.Call("CLIENT NO-EVICT ON");
        Partial(kept, Limit + 1, Limit + 1);
        Patience.Until(() => ClientField(control, id, "qbuf") == Limit + 1, "the bytes do not arrive");
        using RespConnection newcomer = server.Connect();
        Assert.True(IsClosed(() => newcomer.Call("PING")), "there is no room for anybody");
        kept.Send("\r\n"u8);
        Assert.StartsWith("ERR unknown command", kept.Read().Text, StringComparison.Ordinal);
        kept.Call("CLIENT NO-EVICT OFF");
        Partial(kept, Limit + 1, Limit + 1);
        Patience.Until(() => Field(control, "evicted_clients") == 2, "it is still there");
        Patience.Until(() => Field(control, "connected_clients") == 1, "it is not forgotten");
    }

    [Fact]
    public void A_lower_limit_holds_at_once_and_closes_no_more_than_needed()
    {
        using TestServer server = TestServer.Start("--maxmemory", "100mb");
        using RespConnection control = Control(server);
        RespConnection[] clients = [.. Enumerable.Range(0, 10).Select(_ => server.Connect())];
        foreach (RespConnection client in clients)
        {
            Partial(client, 1_000_000, 1_000_000);
        }
        Patience.Until(() => SumOf(control, "qbuf") >= 10_000_000, "the bytes do not arrive");
        control.Call("CONFIG SET maxmemory-clients 50%");
        control.Call("PING");
        Assert.Equal(11, Field(control, "connected_clients"));
        long own = ClientField(control, control.Call("CLIENT ID").Integer, "tot-mem");
        long each = (SumOf(control, "tot-mem") - own) / 10;
        control.Call($"CONFIG SET maxmemory-clients {(5 * each) + own}");
        Assert.Equal(6, control.Call("CLIENT LIST").Text.Count(c => c == '\n'));
        Patience.Until(() => Field(control, "connected_clients") == 6, "they are still there");
        control.Call("CONFIG SET maxmemory-clients 3%");
        Patience.Until(() => Field(control, "connected_clients") == 4, "they are still there");
        control.Call("CONFIG SET maxmemory 50mb");
        Patience.Until(() => Field(control, "connected_clients") == 2, "a percentage is of maxmemory");
        Assert.Equal(9, Field(control, "evicted_clients"));
        control.Call("CONFIG SET maxmemory 0");
        using RespConnection late = server.Connect();
        Partial(late, 5_000_000, 5_000_000);
        Patience.Until(() => SumOf(control, "tot-mem") > 6_000_000, "a part of no limit is no limit");
        foreach (RespConnection client in clients)
        {
            client.Dispose();
        }
    }

    /// <summary>Every byte that clients hold is one client's.</summary>
    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public void What_all_hold_is_the_sum_of_what_each_holds(string threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads);
        using RespConnection control = Control(server);
        using RespConnection reader = server.Connect();
        using RespConnection sender = server.Connect();
        using RespConnection waiter = server.Connect();
        long readerId = reader.Call("CLIENT ID").Integer;
        long senderId = sender.Call("CLIENT ID").Integer;
        for (int i = 0; i < 100; i++)
        {
            control.Call($"HSET h {i} {new string('v', 50_000)}");
        }
        for (int i = 0; i < 4; i++)
        {
            reader.Send("HGETALL h");
        }
        Partial(sender, 3_000_000, 1_000_000);
        waiter.Call("WATCH a b c");
        waiter.Call("CLIENT SETNAME somebody");
        waiter.Send("BLPOP nothing 0");
        Patience.Until(() => ClientField(control, senderId, "qbuf") == 1_000_000, "the bytes do not arrive");
        Patience.Until(() => ClientField(control, readerId, "omem") > 1_000_000, "the output does not grow");
        Patience.Until(() => SumOf(control, "tot-mem") == Field(control, "mem_clients_normal"), "bytes are nobody's");
    }

    /// <summary>Invalidations of evicted keys are no reason to evict more, on whichever loop their receivers are.</summary>
    [Theory]
    [InlineData("1", "")]
    [InlineData("4", "")]
    [InlineData("1", " BCAST")]
    [InlineData("4", " BCAST")]
    public void Output_that_eviction_causes_evicts_nothing(string threads, string mode)
    {
        using TestServer server = TestServer.Start("--io-threads", threads, "--maxmemory-policy", "allkeys-random");
        using RespConnection control = Control(server);
        string name = new('k', 10_000);
        for (int i = 0; i < 300; i++)
        {
            control.Call($"SET {name}{i} {new string('v', 10_000)}");
        }
        RespConnection[] trackers = [.. Enumerable.Range(0, 10).Select(_ => server.ConnectUnix())];
        foreach (RespConnection tracker in trackers)
        {
            tracker.Call("HELLO 3");
            tracker.Call("CLIENT TRACKING ON" + mode);
            for (int i = 0; i < 300; i++)
            {
                tracker.Call($"STRLEN {name}{i}");
            }
            FillSocket(tracker, control);
        }
        long used = Field(control, "used_memory");
        control.Call($"CONFIG SET maxmemory {used - 1_000_000}");
        Patience.Until(() => Field(control, "evicted_keys") >= 20, "nothing is evicted");
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal("OK", control.Call("SET x y").Text);
        }
        Assert.InRange(Field(control, "evicted_keys"), 20, 80);
        Assert.InRange(Field(control, "mem_not_counted_for_evict"), 1_000_000, long.MaxValue);
        foreach (RespConnection tracker in trackers)
        {
            tracker.Dispose();
        }
        Patience.Until(() => Field(control, "mem_not_counted_for_evict") == 0, "what is gone is still excused");
    }

    /// <summary>Leaves so much unread that the system takes nothing more; what it takes on a Unix socket does not grow.</summary>
    private static void FillSocket(RespConnection client, RespConnection control)
    {
        long id = client.Call("CLIENT ID").Integer;
        client.Call($"SUBSCRIBE c{id}");
        string message = new('m', 200_000);
        Patience.Until(
            () => control.Call($"PUBLISH c{id} {message}").Text == "1" && ClientField(control, id, "omem") > 0,
            "the system takes everything");
    }

    private static TestServer Start(string threads) =>
        TestServer.Start("--io-threads", threads, "--maxmemory-clients", Limit.ToString(CultureInfo.InvariantCulture));

    private static RespConnection Control(TestServer server)
    {
        RespConnection control = server.Connect();
        control.Call("CLIENT NO-EVICT ON");
        return control;
    }

    private static void Partial(RespConnection client, int announced, int sent)
    {
        byte[] head = Encoding.ASCII.GetBytes($"*1\r\n${announced}\r\n");
        try
        {
            client.Send([.. head, .. new byte[sent]]);
        }
        catch (System.Net.Sockets.SocketException)
        {
            // It may be closed before all of it has arrived.
        }
    }

    private static bool IsClosed(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (Exception exception) when (exception is EndOfStreamException or System.Net.Sockets.SocketException)
        {
            return true;
        }
    }

    private static long ClientField(RespConnection control, long id, string name)
    {
        string line = control.Call($"CLIENT LIST ID {id}").Text;
        return line.Length == 0 ? -1 : FieldOf(line, name);
    }

    private static long SumOf(RespConnection control, string name) =>
        control.Call("CLIENT LIST").Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => FieldOf(line, name));

    private static long FieldOf(string line, string name) => long.Parse(
        line.Split(' ').First(each => each.StartsWith(name + "=", StringComparison.Ordinal))[(name.Length + 1)..],
        CultureInfo.InvariantCulture);

    private static long Field(RespConnection control, string name) => InfoText.Number(control, name, "default");
}
