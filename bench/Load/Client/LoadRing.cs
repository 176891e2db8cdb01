using System.Diagnostics;

namespace Bixbite.Load.Client;

/// <summary>
/// Load from one thread without polling: the connections form a ring; the generator takes the replies of the next one and sends its next
/// batch. So all but one connection have a batch under way at any time, and each system call moves a whole batch.
/// </summary>
internal sealed class LoadRing : IDisposable
{
    private const int StepSizeMax = 1024;

    private readonly PipeConnection[] connections;
    private readonly int[] pendingReplies;
    private readonly int stepsPerBatch;
    private readonly byte[] request;

    public LoadRing(int port, int connectionCount, int stepsPerBatch)
    {
        connections = Enumerable.Range(0, connectionCount).Select(_ => new PipeConnection(port)).ToArray();
        pendingReplies = new int[connectionCount];
        this.stepsPerBatch = stepsPerBatch;
        request = new byte[stepsPerBatch * StepSizeMax];
    }

    public long NullReplies => connections.Sum(connection => connection.NullReplies);

    /// <summary>Runs steps 0 to <paramref name="stepCount"/> of the source; returns how long that took to the last reply.</summary>
    public TimeSpan Run(ICommandSource source, int stepCount)
    {
        long started = Stopwatch.GetTimestamp();
        int turn = 0;
        for (int step = 0; step < stepCount; turn = (turn + 1) % connections.Length)
        {
            connections[turn].ReadReplies(pendingReplies[turn]);
            int size = 0;
            int steps = Math.Min(stepsPerBatch, stepCount - step);
            for (int i = 0; i < steps; i++)
                size += source.Write(request.AsSpan(size), step++);
            connections[turn].Send(request.AsSpan(0, size));
            pendingReplies[turn] = steps * source.RepliesPerStep;
        }

        for (int i = 0; i < connections.Length; i++)
        {
            connections[i].ReadReplies(pendingReplies[i]);
            pendingReplies[i] = 0;
        }

        return Stopwatch.GetElapsedTime(started);
    }

    public void Dispose()
    {
        foreach (PipeConnection connection in connections)
            connection.Dispose();
    }
}
