using System.Diagnostics;

namespace Bixbite.Load.Client;

/// <summary>
/// Load from one thread without polling: the connections form a ring; the generator takes the replies of the next one and sends its next
/// batch. So all but one connection have a batch under way at any time, and each system call moves a whole batch.
/// </summary>
internal sealed class LoadRing : IDisposable
{
    private const int StepSizeMax = 1024;

    private readonly PipeConnection[] _connections;
    private readonly int[] _pendingReplies;
    private readonly int _stepsPerBatch;
    private readonly byte[] _request;

    public LoadRing(int port, int connectionCount, int stepsPerBatch)
    {
        _connections = Enumerable.Range(0, connectionCount).Select(_ => new PipeConnection(port)).ToArray();
        _pendingReplies = new int[connectionCount];
        _stepsPerBatch = stepsPerBatch;
        _request = new byte[stepsPerBatch * StepSizeMax];
    }

    public long NullReplies => _connections.Sum(connection => connection.NullReplies);

    /// <summary>Runs steps 0 to <paramref name="stepCount"/> of the source; returns how long that took to the last reply.</summary>
    public TimeSpan Run(ICommandSource source, int stepCount)
    {
        long started = Stopwatch.GetTimestamp();
        int turn = 0;
        for (int step = 0; step < stepCount; turn = (turn + 1) % _connections.Length)
        {
            _connections[turn].ReadReplies(_pendingReplies[turn]);
            int size = 0;
            int steps = Math.Min(_stepsPerBatch, stepCount - step);
            for (int i = 0; i < steps; i++)
            {
                size += source.Write(_request.AsSpan(size), step++);
            }
            _connections[turn].Send(_request.AsSpan(0, size));
            _pendingReplies[turn] = steps * source.RepliesPerStep;
        }

        for (int i = 0; i < _connections.Length; i++)
        {
            _connections[i].ReadReplies(_pendingReplies[i]);
            _pendingReplies[i] = 0;
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose()
    {
        foreach (PipeConnection connection in _connections)
        {
            connection.Dispose();
        }
    }
}
