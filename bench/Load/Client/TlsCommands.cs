using System.Diagnostics;
using System.Text;
using Bixbite.Load.Servers;
using Bixbite.Memory;
using Bixbite.Net;

namespace Bixbite.Load.Client;

/// <summary>
/// Clients that each send a batch of commands, wait for its replies and send the next, until so many batches are answered. All replies have
/// one length, so that counting them costs the load's core nothing; one that begins in another way ends the run.
/// </summary>
/// <param name="loop">Of this run alone.</param>
/// <param name="server">Whose processor time counts, from the moment when all are connected.</param>
/// <param name="source">What they send.</param>
/// <param name="pipeline">Commands in a batch.</param>
/// <param name="reply">The first byte of each reply, and the length.</param>
internal sealed class TlsCommands(
    TlsLoop loop, RunningServer server, ICommandSource source, int pipeline, (byte First, int Size) reply) : IOutgoingHandler
{
    private const int CommandSizeMax = 256;

    private readonly List<(Connection Connection, ulong Address, int Length)> _received = [];
    private readonly byte[] _batch = new byte[pipeline * CommandSizeMax];
    private readonly List<Connection> _clients = [];
    private int _clientCount;
    private long _batchesLeft;
    private long _pending;
    private int _step;
    private long _startedAt;
    private CpuTime _cpuBefore;
    private string? _problem;

    /// <summary>The commands that were answered, in which time, and what they cost.</summary>
    public readonly record struct Outcome(double PerSecond, CpuTime CpuPerCommand, double P99Ms);

    /// <summary>Told of the time of each batch.</summary>
    public TimeSpread Times { get; } = new();

    /// <summary>Runs on this thread until so many batches are answered.</summary>
    public Outcome Run(int clientCount, long batchCount)
    {
        _clientCount = clientCount;
        _batchesLeft = batchCount;
        for (int count = 0; count < clientCount; count++)
        {
            loop.Connect(this);
        }
        loop.Run();
        if (_problem is not null)
        {
            throw new IOException(_problem);
        }
        double seconds = Stopwatch.GetElapsedTime(_startedAt).TotalSeconds;
        long commands = batchCount * pipeline;
        return new Outcome(commands / seconds, server.Cpu.Since(_cpuBefore).Per(commands), Times.QuantileMs(0.99));
    }

    public void Opened(Connection connection)
    {
        _clients.Add(connection);
        if (_clients.Count < _clientCount)
        {
            return;
        }
        _cpuBefore = server.Cpu;
        _startedAt = Stopwatch.GetTimestamp();
        foreach (Connection client in _clients)
        {
            if (TryFill(out int size))
            {
                client.State = Stopwatch.GetTimestamp();
                client.Write(_batch.AsSpan(0, size));
            }
        }
    }

    public void ConnectFailed(ConnectAttempt attempt, ConnectFailure failure) => Fail(failure.ToString());

    public void Received(Connection connection, ulong address, int length) => _received.Add((connection, address, length));

    public void Execute()
    {
        foreach ((Connection connection, ulong address, int length) in _received)
        {
            if (length >= pipeline * reply.Size)
            {
                Take(connection, Native.Bytes(address, length));
            }
        }
        _received.Clear();
        if (_pending == 0)
        {
            loop.Stop();
        }
    }

    public void Closed(Connection connection)
    {
        if (_pending > 0)
        {
            Fail("the server closed a connection");
        }
    }

    private void Take(Connection connection, ReadOnlySpan<byte> replies)
    {
        if (replies[0] != reply.First || replies[^reply.Size] != reply.First || replies.Length != pipeline * reply.Size)
        {
            Fail($"not the replies that were expected: {Encoding.ASCII.GetString(replies[..Math.Min(replies.Length, 100)])}");
            return;
        }
        connection.Consume(replies.Length, again: false);
        long now = Stopwatch.GetTimestamp();
        Times.Note(now - (long)connection.State!);
        _pending--;
        if (TryFill(out int size))
        {
            int start = connection.Loop.Output.Length;
            _batch.AsSpan(0, size).CopyTo(connection.Loop.Output.Reserve(size));
            connection.Loop.Output.Advance(size);
            connection.EndReplies(start);
            connection.State = now;
        }
    }

    private bool TryFill(out int size)
    {
        size = 0;
        if (_batchesLeft == 0)
        {
            return false;
        }
        _batchesLeft--;
        _pending++;
        for (int count = 0; count < pipeline; count++)
        {
            size += source.Write(_batch.AsSpan(size), _step++);
        }
        return true;
    }

    private void Fail(string problem)
    {
        _problem ??= problem;
        _pending = 0;
        loop.Stop();
    }
}
