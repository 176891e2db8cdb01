using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replication;

/// <summary>
/// An application that writes and reads all the time, by several connections: it goes where it is told, and comes again where it is
/// disconnected or told that the server is a replica. It remembers what was acknowledged. Owns its threads and connections.
/// </summary>
internal sealed class MovingLoad : IDisposable
{
    private const int WriterCount = 4;

    private readonly Thread[] _threads;
    private readonly long[] _acknowledged = new long[WriterCount];
    private readonly string?[] _problems = new string?[WriterCount];
    private readonly int _databaseCount;
    private volatile ServerAddress _address;
    private volatile bool _isOver;

    /// <param name="address">Where it begins.</param>
    /// <param name="databaseCount">Each writer has one of so many databases.</param>
    public MovingLoad(ServerAddress address, int databaseCount = 2)
    {
        _address = address;
        _databaseCount = databaseCount;
        _threads = [.. Enumerable.Range(0, WriterCount).Select(number => new Thread(() => Write(number)) { IsBackground = true })];
        foreach (Thread thread in _threads)
        {
            thread.Start();
        }
        AwaitProgress();
    }

    /// <summary>Where its next connections lead.</summary>
    public ServerAddress Address
    {
        set => _address = value;
    }

    /// <summary>Writes that were acknowledged.</summary>
    public long Count => _acknowledged.Sum(static (count) => Volatile.Read(ref count));

    /// <summary>Waits until every writer has written again.</summary>
    public void AwaitProgress()
    {
        long[] before = [.. _acknowledged];
        Patience.Until(
            () => Enumerable.Range(0, WriterCount).All(number => Volatile.Read(ref _acknowledged[number]) > before[number] + 10),
            () => $"the application does not go on: {string.Join(", ", _problems)}");
    }

    /// <summary>Ends, and finds everything on this server that was ever acknowledged.</summary>
    public void AssertAllThere(RespConnection server)
    {
        Stop();
        for (int number = 0; number < WriterCount; number++)
        {
            server.Call($"SELECT {number % _databaseCount}");
            HashSet<string> there = [.. server.Call($"SMEMBERS done:{number}").Items.Select(static item => item.Text)];
            long count = _acknowledged[number];
            IEnumerable<long> missing = Enumerable.Range(1, (int)count).Select(static each => (long)each)
                .Where(each => !there.Contains(each.ToString(CultureInfo.InvariantCulture)));
            Assert.Empty(missing);
            Assert.InRange(long.Parse(server.Call($"GET latest:{number}").Text, CultureInfo.InvariantCulture), count, count + 1);
        }
        server.Call("SELECT 0");
    }

    public void Dispose() => Stop();

    private void Stop()
    {
        _isOver = true;
        foreach (Thread thread in _threads)
        {
            thread.Join();
        }
    }

    private void Write(int number)
    {
        while (!_isOver)
        {
            try
            {
                using RespConnection connection = RespConnection.Open(_address);
                connection.Call($"SELECT {number % _databaseCount}");
                WriteOn(connection, number);
            }
            catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or Xunit.Sdk.XunitException)
            {
                _problems[number] = exception.Message;
                Thread.Sleep(5);
            }
        }
    }

    /// <summary>Until the connection is of no use any more. What was not acknowledged is done again.</summary>
    private void WriteOn(RespConnection connection, int number)
    {
        while (!_isOver)
        {
            long next = _acknowledged[number] + 1;
            Reply[] replies =
            [
                connection.Call("MULTI"), connection.Call($"SADD done:{number} {next}"), connection.Call($"SET latest:{number} {next}"),
                connection.Call($"SET short:{number}:{next % 100} {next} PX 200"), connection.Call("EXEC"),
            ];
            if (replies.FirstOrDefault(static reply => reply.IsError) is { } error)
            {
                _problems[number] = error.Text;
                Thread.Sleep(1);
                return;
            }
            Volatile.Write(ref _acknowledged[number], next);
        }
    }
}
