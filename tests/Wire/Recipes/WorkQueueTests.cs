using System.Collections.Concurrent;
using System.Globalization;
using Bixbite.Wire.Harness;
using StackExchange.Redis;

namespace Bixbite.Wire.Recipes;

/// <summary>A work queue: producers push jobs with LPUSH, idle workers wait for them with BRPOP.</summary>
public sealed class WorkQueueTests
{
    private const int WorkerCount = 20;
    private const int JobCount = 100_000;
    private const int BatchSize = 500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_job_is_taken_once(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(CultureInfo.InvariantCulture));
        ConcurrentBag<int> taken = [];
        Task[] workers = [.. Enumerable.Range(0, WorkerCount).Select(_ => Task.Factory.StartNew(
            () => Work(server, taken),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default))];
        await using (ConnectionMultiplexer producer = await ConnectionMultiplexer.ConnectAsync(server.Address.Configuration))
        {
            IDatabase database = producer.GetDatabase();
            for (int first = 0; first < JobCount; first += BatchSize)
            {
                await database.ListLeftPushAsync("jobs", [.. Enumerable.Range(first, BatchSize).Select(job => (RedisValue)job)]);
            }

            // Who takes an end stops; every job lies before the ends.
            await database.ListLeftPushAsync("jobs", [.. Enumerable.Repeat((RedisValue)"end", WorkerCount)]);
        }

        await Task.WhenAll(workers);
        Assert.Equal(Enumerable.Range(0, JobCount), taken.Order());
    }

    private static void Work(TestServer server, ConcurrentBag<int> taken)
    {
        using RespConnection connection = server.Connect();
        while (connection.Call("BRPOP jobs 0").Items[1].Text is not "end" and var job)
        {
            taken.Add(int.Parse(job, CultureInfo.InvariantCulture));
        }
    }
}
