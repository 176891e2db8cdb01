using System.Globalization;
using System.Text;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sampling;
using Bixbite.Structures.Sketches;
using Bixbite.Unit.Structures.Sketches;
using Xunit;

namespace Bixbite.Unit.Engine.Sampling;

/// <summary>Hot keys of requests that run, compared with counting them all.</summary>
public sealed class HotKeysTests : IDisposable
{
    private readonly EngineFixture _engine = new();
    private readonly EngineClient _client;

    public HotKeysTests() => _client = _engine.Connect();

    private HotKeys HotKeys => _engine.Get<RequestSampler>().HotKeys;

    public void Dispose() => _engine.Dispose();

    /// <summary>A load of which every tenth of a second has thousands of requests, as it would be if time passed.</summary>
    [Fact]
    public void The_true_ten_of_a_skewed_load_are_found_within_five_percent()
    {
        var zipf = new ZipfKeys(50_000, 1.0, new Random(1));
        HotKeys hotKeys = HotKeys;
        hotKeys.RatioMax = 2;
        hotKeys.WindowSeconds = 300;
        long[] exact = new long[50_000];
        string[] lines = new string[50];
        for (int i = 0; i < 24_000; i++)
        {
            for (int j = 0; j < lines.Length; j++)
            {
                int rank = zipf.Next();
                exact[rank]++;
                lines[j] = "get key:" + rank.ToString(CultureInfo.InvariantCulture);
            }
            _client.SendAll(lines);
            if (i % 300 == 0)
            {
                _engine.AdvanceMs(100);
            }
        }
        Assert.Equal(2, hotKeys.Ratio);
        Dictionary<string, long> told = hotKeys.Top(HotKeyMeasure.Operations).Take(10).ToDictionary(NameOf, key => key.Count);
        foreach (int rank in Enumerable.Range(0, exact.Length).OrderByDescending(rank => exact[rank]).Take(10))
        {
            Assert.InRange(told["key:" + rank.ToString(CultureInfo.InvariantCulture)], exact[rank] * 0.95, exact[rank] * 1.05);
        }
    }

    [Fact]
    public void A_few_requests_are_counted_exactly_and_by_database()
    {
        for (int i = 0; i < 10; i++)
        {
            _client.Send("set a 1");
            _client.Send("del a b");
        }
        _client.Send("select 3");
        _client.Send("get a");
        _client.Send("ping");
        Assert.Equal([("a", 0, 20L), ("b", 0, 10L), ("a", 3, 1L)], Told(HotKeyMeasure.Operations));
        Assert.Equal(["a"], HotKeys.Top(HotKeyMeasure.Operations, database: 3).Select(NameOf));
    }

    [Fact]
    public void Bytes_are_those_of_requests_and_replies()
    {
        _client.SendWords("set", "large", new string('x', 300));
        for (int i = 0; i < 5; i++)
        {
            _client.Send("get small");
        }
        _client.Send("get large");
        (string, int, long)[] told = Told(HotKeyMeasure.Bytes);
        long request = "*3\r\n$3\r\nset\r\n$5\r\nlarge\r\n$300\r\n\r\n".Length + 300 + "+OK\r\n".Length;
        long reply = "*2\r\n$3\r\nget\r\n$5\r\nlarge\r\n$300\r\n\r\n".Length + 300;
        Assert.Equal(("large", 0, request + reply), told[0]);
        Assert.Equal(("small", 0, 5L * ("*2\r\n$3\r\nget\r\n$5\r\nsmall\r\n".Length + 5)), told[1]);
    }

    [Fact]
    public void A_window_ends_and_the_one_before_is_told_with_the_one_under_way()
    {
        HotKeys.WindowSeconds = 1;
        _client.Send("get a");
        _engine.AdvanceMs(1000);
        Assert.Equal(1, HotKeys.WindowSamples);
        Assert.Equal("a", NameOf(Assert.Single(HotKeys.LastWindow)));
        _client.Send("get a");
        Assert.Equal([("a", 0, 2L)], Told(HotKeyMeasure.Operations));
        _engine.AdvanceMs(1000);
        _engine.AdvanceMs(1000);
        Assert.Empty(HotKeys.Top(HotKeyMeasure.Operations));
    }

    [Fact]
    public void What_a_script_calls_is_the_scripts()
    {
        _client.SendWords("eval", "redis.call('set', 'other', 1) return redis.call('get', KEYS[1])", "1", "named");
        Assert.Equal([("named", 0, 1L)], Told(HotKeyMeasure.Operations));
    }

    [Fact]
    public void Nothing_is_counted_while_it_is_off()
    {
        RequestSampler sampler = _engine.Get<RequestSampler>();
        sampler.IsOn = false;
        _client.Send("get a");
        sampler.Start(new HotKeyTrackingOptions(Cpu: true, Net: true, Count: 10, DurationMs: 0, Ratio: 1));
        _client.Send("get b");
        Assert.Equal("b", NameOf(Assert.Single(sampler.Tracking!.ByBytes)));
        Assert.Empty(HotKeys.Top(HotKeyMeasure.Operations));
        sampler.Reset();
        sampler.IsOn = true;
        _client.Send("get c");
        Assert.Equal([("c", 0, 1L)], Told(HotKeyMeasure.Operations));
    }

    /// <summary>Each is told once, those of a script and of a transaction before what is around them; samples are as before.</summary>
    [Fact]
    public void Who_wants_to_know_of_all_calls_does_not_disturb()
    {
        CommandRecorder recorder = _engine.Get<CommandRecorder>();
        var calls = new Calls();
        recorder.CallObserver = calls;
        _client.Send("get a");
        _client.SendWords("eval", "return redis.call('get', 'b')", "0");
        _client.SendAll("multi", "get c", "exec");
        Assert.Equal(["get", "get scripted", "eval", "multi", "get in transaction", "exec"], calls.Names);
        Assert.Equal([("a", 0, 1L), ("c", 0, 1L)], Told(HotKeyMeasure.Operations).Order());
        recorder.CallObserver = null;
        _client.Send("get a");
        Assert.Equal(6, calls.Names.Count);
    }

    private sealed class Calls : ICallObserver
    {
        public List<string> Names { get; } = [];

        public void Ran(in CommandCall call) => Names.Add(
            Encoding.ASCII.GetString(call.Command.FullName)
            + (call.Origin.IsScripted ? " scripted" : call.Origin.IsInTransaction ? " in transaction" : ""));
    }

    [Fact]
    public void Memory_is_bounded() => Assert.InRange(HotKeys.MemoryBytes, 1, 400 * 1024);

    private static string NameOf(RankedKey key) => Encoding.ASCII.GetString(key.Key);

    private (string, int, long)[] Told(HotKeyMeasure measure) =>
        [.. HotKeys.Top(measure).Select(key => (NameOf(key), key.Group, key.Count))];
}
