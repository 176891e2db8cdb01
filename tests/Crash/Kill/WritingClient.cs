using System.Diagnostics;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Kill;

/// <summary>
/// A client that writes into a database of its own, in pipelines of random depth, until its server is gone, and remembers what it sent and
/// what was acknowledged when.
/// </summary>
internal sealed class WritingClient(int database, Random random)
{
    public const string SequenceKey = "written";
    private const int DepthMax = 40;
    private const int RestMsMax = 3;
    private const int OperationsMax = 20_000;

    /// <summary>Errors that tell more than that a random write did not fit the content.</summary>
    private static readonly string[] s_badErrors =
        ["MISCONF", "LOADING", "OOM", "EXECABORT", "ERR unknown command", "ERR syntax error", "ERR wrong number", "ERR Protocol"];

    private readonly List<Operation> _sent = [];
    private readonly List<long> _acknowledgedAt = [];
    private Thread? _thread;
    private Exception? _failure;

    public int Database { get; } = database;

    /// <summary>The number of the last operation before those of <see cref="Sent"/>.</summary>
    public long SequenceBefore { get; set; }

    /// <summary>What went to the server it writes to now, whether it got there or not.</summary>
    public IReadOnlyList<Operation> Sent => _sent;

    /// <summary>So many of the requests were answered.</summary>
    public int AcknowledgedCount => _acknowledgedAt.Count;

    /// <summary>So many of the requests were answered by then.</summary>
    public int AcknowledgedBy(long timestamp) => _acknowledgedAt.Count(at => at <= timestamp);

    /// <summary>Begins to write, with nothing sent yet.</summary>
    public void Start(ServerProcess server)
    {
        _sent.Clear();
        _acknowledgedAt.Clear();
        RespConnection connection = RespConnection.OpenUnix(server.Address);
        WriteMix mix = new(random, connection);
        connection.Call($"SELECT {Database}");
        _thread = new Thread(() => Run(connection, mix)) { IsBackground = true, Name = $"client {Database}" };
        _thread.Start();
    }

    /// <summary>Waits for its end, after the server's.</summary>
    public void Wait()
    {
        Assert.True(_thread!.Join(4 * RespConnection.PatienceMs), "a client did not notice that its server is gone");
        Assert.Null(_failure);
    }

    private void Run(RespConnection connection, WriteMix mix)
    {
        using (connection)
        {
            try
            {
                while (_sent.Count < OperationsMax)
                {
                    Write(connection, mix);
                    Thread.Sleep(random.Next(RestMsMax));
                }
            }
            catch (Exception exception) when (exception is SocketException or EndOfStreamException)
            {
                // The server is gone, which is what this is about.
            }
            catch (Exception exception)
            {
                _failure = exception;
            }
        }
    }

    private void Write(RespConnection connection, WriteMix mix)
    {
        List<byte> bytes = [];
        List<string> requests = [];
        for (int depth = random.Next(1, DepthMax); depth > 0; depth--)
        {
            Operation operation = mix.Next(SequenceBefore + _sent.Count + 1);
            _sent.Add(operation);
            requests.AddRange(operation.Requests);
            foreach (string request in operation.Requests)
            {
                bytes.AddRange(CommandLine.Encode(request));
            }
        }

        connection.Send(bytes.ToArray());
        foreach (string request in requests)
        {
            Reply reply = connection.Read();
            _acknowledgedAt.Add(Stopwatch.GetTimestamp());
            if (reply.IsError && s_badErrors.Any(error => reply.Text.StartsWith(error, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"{request}: {reply}");
            }
        }
    }
}
