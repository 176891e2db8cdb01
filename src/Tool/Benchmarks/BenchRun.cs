using System.Diagnostics;
using Bixbite.Protocol;
using Bixbite.Tool.Cli;
using Bixbite.Tool.Connecting;

namespace Bixbite.Tool.Benchmarks;

/// <summary>One test: its connections send and wait at once until all requests are answered.</summary>
internal sealed class BenchRun(BenchOptions options, BenchResult result, IReadOnlyList<string> words)
{
    private long _leftCount = options.RequestCount;

    /// <summary>Runs the test; what is answered until it is interrupted counts.</summary>
    /// <param name="report">Is told how many requests are answered, now and then.</param>
    /// <param name="interruption">Ends it.</param>
    /// <exception cref="ToolException">A connection failed.</exception>
    public void Run(Action<double> report, CancellationToken interruption)
    {
        int clientCount = Math.Min(options.ClientCount, options.RequestCount);
        List<ServerConnection> connections = [];
        try
        {
            for (int i = 0; i < clientCount; i++)
            {
                ServerConnection connection = ServerConnection.Open(options.Connection, interruption);
                connections.Add(connection);
                new Greeting(options.Connection, protocol: 2).Say(connection, options.Connection.Database, interruption);
            }
            using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(interruption);
            long started = Stopwatch.GetTimestamp();
            Task[] loads = [.. connections.Select((connection, i) => Task.Run(() => LoadAsync(connection, i, end.Token), end.Token))];
            Task all = Task.WhenAll(loads);
            while (Task.WaitAny([all], 100, CancellationToken.None) < 0)
            {
                report(result.Count);
                if (loads.Any(load => load.IsFaulted))
                {
                    end.Cancel();
                }
            }
            result.Took = Stopwatch.GetElapsedTime(started);
            foreach (Task load in loads.Where(load => load.IsFaulted))
            {
                throw load.Exception!.InnerException as ToolException ?? new ToolException(load.Exception.InnerException!.Message);
            }
            interruption.ThrowIfCancellationRequested();
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }

    private async Task LoadAsync(ServerConnection connection, int seed, CancellationToken cancellation)
    {
        RequestTemplate full = new(words, options.Pipeline, options, seed);
        try
        {
            while (true)
            {
                long left = Interlocked.Add(ref _leftCount, -options.Pipeline) + options.Pipeline;
                if (left <= 0)
                {
                    return;
                }
                int count = (int)Math.Min(left, options.Pipeline);
                RequestTemplate requests = count == options.Pipeline ? full : new RequestTemplate(words, count, options, seed);
                ReadOnlyMemory<byte> bytes = requests.Next();
                long started = Stopwatch.GetTimestamp();
                Reply? error = await connection.ExchangeAsync(bytes, count, cancellation).ConfigureAwait(false);
                result.Add(count, Stopwatch.GetElapsedTime(started), error?.Text);
            }
        }
        catch (OperationCanceledException)
        {
            // What was answered counts.
        }
    }
}
