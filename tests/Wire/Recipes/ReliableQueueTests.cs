using System.Collections.Concurrent;
using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// A queue that loses nothing: a worker moves a job to a list of its own with LMOVE, does it, and removes it there. What lies in the list
/// of a worker that has died goes back to the queue.
/// </summary>
public sealed class ReliableQueueTests : IDisposable
{
    private const int WorkerCount = 6;
    private const int JobCount = 3000;

    private readonly CountdownEvent _deaths = new(3);
    private int _takenByTheLiving;

    public void Dispose() => _deaths.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_jobs_of_workers_that_die_are_done_by_others(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", threads.ToString(CultureInfo.InvariantCulture));
        ConcurrentDictionary<int, int> done = new();
        using RespConnection producer = server.Connect();
        for (int job = 0; job < JobCount; job++)
        {
            producer.Call($"LPUSH jobs {job}");
        }

        // Half of the workers die in the middle of a job: before it is done, or when it is done and not yet removed.
        await Task.WhenAll(Enumerable.Range(0, WorkerCount).Select(worker => Run(() => Work(server, worker, done, diesAfter: worker switch
        {
            0 => 1,
            1 => 50,
            2 => 200,
            _ => int.MaxValue,
        }))));
        Assert.Equal(_deaths.InitialCount, Recover(producer));
        await Run(() => Work(server, WorkerCount, done, diesAfter: int.MaxValue));

        Assert.Equal(Enumerable.Range(0, JobCount), done.Keys.Order());
        Assert.InRange(done.Values.Count(times => times > 1), 0, 3);
        Assert.Equal(0, producer.Call("DBSIZE").Integer);
    }

    /// <summary>
    /// Takes jobs until there are none, or until it dies with one in its hands. Those who live leave enough jobs for those who are to die.
    /// </summary>
    private void Work(TestServer server, int worker, ConcurrentDictionary<int, int> done, int diesAfter)
    {
        RespConnection connection = server.Connect();
        for (int count = 1; ; count++)
        {
            if (diesAfter == int.MaxValue && Interlocked.Increment(ref _takenByTheLiving) > JobCount / 2)
            {
                Assert.True(_deaths.Wait(RespConnection.PatienceMs));
            }
            Reply job = connection.Call($"BLMOVE jobs working:{worker} RIGHT LEFT 0.2");
            if (job.IsNull)
            {
                break;
            }
            bool dies = count == diesAfter;
            if (!dies || worker % 2 == 0)
            {
                done.AddOrUpdate(int.Parse(job.Text, CultureInfo.InvariantCulture), 1, (_, times) => times + 1);
            }
            if (dies)
            {
                connection.Reset();
                _deaths.Signal();
                return;
            }

            Assert.Equal(1, connection.Call($"LREM working:{worker} 1 {job.Text}").Integer);
        }

        connection.Dispose();
    }

    /// <summary>Puts the jobs of all workers back, since none of them lives any more; returns how many there were.</summary>
    private static int Recover(RespConnection connection)
    {
        int count = 0;
        for (int worker = 0; worker < WorkerCount; worker++)
        {
            while (!connection.Call($"LMOVE working:{worker} jobs RIGHT RIGHT").IsNull)
            {
                count++;
            }
        }

        return count;
    }

    private static Task Run(Action action) => Task.Factory.StartNew(
        action, TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
