using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Telemetry;

/// <summary>Traces stay right while several loops serve many requests at once, and while it is changed what is traced.</summary>
public sealed class TraceLoadTests
{
    private const int PipelineLength = 16;

    /// <summary>So many traces of each client are looked at.</summary>
    private const int EnoughPerClient = 20;

    private static readonly string[] s_commands = ["SET k{0} v", "INCR n{0}", "GET k{0}", "LPUSH l{0} v", "HSET h{0} f v", "SADD s{0} v"];

    private static readonly string[] s_settings =
    [
        "trace-slower-than -1", "trace-slower-than 0", "trace-max-per-second 1", "trace-slower-than 50", "trace-max-per-second 80",
        "trace-slower-than 0",
    ];

    [Fact]
    public async Task Each_trace_is_of_its_client_and_its_stages_are_all_of_its_time()
    {
        await using Collector collector = await Collector.StartAsync();
        using ServerProcess server = Start(collector);
        using CancellationTokenSource end = new();
        using RespConnection watcher = server.Connect();
        watcher.Call("HELLO 3");
        LoadClient[] clients = [.. s_commands.Select((_, index) => new LoadClient(server, index))];
        List<Task> loads = [.. clients.Select(client => OnThread(() => client.Run(end.Token)))];
        loads.Add(OnThread(() => ComeAndGo(server, end.Token)));
        int turn = 0;
        Patience.Until(() =>
        {
            Assert.Equal("OK", watcher.Call($"CONFIG SET {s_settings[turn++ % s_settings.Length]}").Text);
            Assert.True(watcher.Call("CONFIG SET otlp-interval 2").IsError);
            Assert.All(watcher.Call("CLIENT TIMES").Items, static client => Assert.Equal(18, client.Items.Count));
            return Array.TrueForAll(clients, client => RequestsOf(collector, client).Count() >= EnoughPerClient);
        });
        await end.CancelAsync();
        await Task.WhenAll(loads);
        ILookup<string, ReceivedSpan> stages = collector.Spans.ToLookup(static span => span.ParentId);
        foreach (LoadClient client in clients)
        {
            Assert.All(RequestsOf(collector, client), request => Check(request, client, [.. stages[request.Id]]));
            Check(watcher, client.Id);
            client.Dispose();
        }
        watcher.Send("SHUTDOWN NOSAVE");
        Assert.Equal(0, server.WaitForExit());
    }

    /// <summary>What the client was when the reply left does not matter: later ones may have run by then.</summary>
    [Fact]
    public async Task A_trace_tells_who_the_client_was_when_the_request_ran()
    {
        await using Collector collector = await Collector.StartAsync();
        using ServerProcess server = Start(collector, "--appendonly", "yes", "--appendfsync", "always", "--trace-max-per-second", "200");
        using RespConnection client = server.Connect();
        string[] requests = ["SELECT 1", "CLIENT SETNAME one", "SET k v", "SELECT 2", "CLIENT SETNAME two", "MSET k v"];
        Patience.Until(() =>
        {
            for (int i = 0; i < PipelineLength; i++)
            {
                Array.ForEach(requests, client.Send);
            }
            for (int i = 0; i < PipelineLength * requests.Length; i++)
            {
                Assert.Equal("OK", client.Read().Text);
            }
            return CountOf("SET") >= EnoughPerClient && CountOf("MSET") >= EnoughPerClient;
        });
        Assert.All(collector.Requests.Where(static span => span.Name == "SET"), static span => Assert.Equal(("1", "one"), WhoOf(span)));
        Assert.All(collector.Requests.Where(static span => span.Name == "MSET"), static span => Assert.Equal(("2", "two"), WhoOf(span)));

        int CountOf(string command) => collector.Requests.Count(span => span.Name == command);
    }

    private static ServerProcess Start(Collector collector, params string[] options) => ServerProcess.StartWith(
        new() { ["OTEL_BSP_SCHEDULE_DELAY"] = "100" },
        Programs.OtlpServer,
        [
            "--otlp-endpoint", collector.Address.ToString(), "--otlp-interval", "1", "--io-threads", "4", "--trace-slower-than", "0",
            .. options,
        ]);

    private static Task OnThread(Action run) => Task.Factory.StartNew(run, TaskCreationOptions.LongRunning);

    /// <summary>Connections that do not wait for what they asked for.</summary>
    private static void ComeAndGo(ServerProcess server, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            using RespConnection hasty = server.Connect();
            hasty.SendRaw("PING\r\nINFO everything\r\nPING\r\n"u8);
        }
    }

    private static (string Database, string Name) WhoOf(ReceivedSpan span) => (span.Tags["db.namespace"], span.Tags["bixbite.client.name"]);

    private static IEnumerable<ReceivedSpan> RequestsOf(Collector collector, LoadClient client) =>
        collector.Requests.Where(span => span.Tags.GetValueOrDefault("bixbite.client.name") == client.Name && span.Name == client.Command);

    private static void Check(ReceivedSpan request, LoadClient client, ReceivedSpan[] stages)
    {
        Assert.Equal(client.Id.ToString(CultureInfo.InvariantCulture), request.Tags["bixbite.client.id"]);
        Assert.Equal(client.Database, request.Tags["db.namespace"]);
        Assert.InRange(
            int.Parse(request.Tags.GetValueOrDefault("db.operation.batch.size", "1"), CultureInfo.InvariantCulture), 1, PipelineLength);
        Assert.Equal(request.TookUs, stages.Sum(static stage => stage.TookUs));
        Assert.Equal(stages.Length, stages.DistinctBy(static stage => stage.Name).Count());
        Assert.All(stages, stage => Assert.True(stage.BeganNs >= request.BeganNs && stage.EndedNs <= request.EndedNs, $"{stage}"));
    }

    /// <summary>The client is at rest, and so is its loop soon.</summary>
    private static void Check(RespConnection watcher, long id)
    {
        long[][] times = [];
        Patience.Until(() => (times = TimesOf(watcher, id))[5][0] >= times[0][0]);
        Assert.All(times[..4], stage => Assert.Equal(times[0][0], stage[0]));
        Assert.Equal((0, times[0][0]), (times[4][0], times[5][0]));
        Assert.All(times, static stage => Assert.True(stage[3] <= stage[2] && stage[2] <= stage[1], string.Join(' ', stage)));
    }

    /// <summary>Count, total, max and last of each stage.</summary>
    private static long[][] TimesOf(RespConnection watcher, long id) =>
        [.. Assert.Single(watcher.Call($"CLIENT TIMES ID {id}").Items).Items.Skip(7).Where((_, at) => at % 2 == 0)
            .Select(static stage => stage.Items.Where((_, at) => at % 2 == 1).Select(static number => number.Integer).ToArray())];

    /// <summary>Has a database, a name and a command of its own, which it sends again and again in pipelines.</summary>
    private sealed class LoadClient : IDisposable
    {
        private readonly RespConnection _connection;
        private readonly byte[] _pipeline;

        public LoadClient(ServerProcess server, int index)
        {
            _connection = server.Connect();
            string request = string.Format(CultureInfo.InvariantCulture, s_commands[index], index);
            _pipeline = [.. Enumerable.Repeat(CommandLine.Encode(request), PipelineLength).SelectMany(static bytes => bytes)];
            Command = request.Split(' ')[0];
            Name = $"load-{index}";
            Database = $"{index + 1}";
            _connection.Call($"CLIENT SETNAME {Name}");
            _connection.Call($"SELECT {Database}");
            Id = _connection.Call("CLIENT ID").Integer;
        }

        public string Command { get; }

        public string Name { get; }

        public string Database { get; }

        public long Id { get; }

        public void Run(CancellationToken end)
        {
            while (!end.IsCancellationRequested)
            {
                _connection.Send(_pipeline);
                for (int i = 0; i < PipelineLength; i++)
                {
                    Assert.False(_connection.Read().IsError);
                }
            }
        }

        public void Dispose() => _connection.Dispose();
    }
}
