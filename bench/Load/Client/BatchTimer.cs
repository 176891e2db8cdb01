using System.Diagnostics;
using Bixbite.Load.Servers;

namespace Bixbite.Load.Client;

/// <summary>
/// Sends batches over one connection, each after the replies of the one before, and times every one: from before the send to after its last
/// reply. The time of a batch is an upper bound for each of its commands.
/// </summary>
internal sealed class BatchTimer(RunningServer server, ThreadCpu cpu, int stepsPerBatch)
{
    private const int StepSizeMax = 512;

    /// <summary>Runs so many steps of the source, from <paramref name="firstStep"/> on.</summary>
    public BatchTimes Run(ICommandSource source, int stepCount, int firstStep = 0)
    {
        using PipeConnection connection = server.Connect(spins: true);
        byte[] request = new byte[stepsPerBatch * StepSizeMax];
        int batchCount = (stepCount + stepsPerBatch - 1) / stepsPerBatch;
        float[] timesUs = new float[batchCount];
        float[] cpuUs = new float[batchCount];
        long cpuBefore = cpu.Nanoseconds();
        long started = Stopwatch.GetTimestamp();
        for (int batch = 0, step = 0; batch < batchCount; batch++)
        {
            int size = 0;
            int steps = Math.Min(stepsPerBatch, stepCount - step);
            for (int i = 0; i < steps; i++)
            {
                size += source.Write(request.AsSpan(size), firstStep + step++);
            }
            long sent = Stopwatch.GetTimestamp();
            connection.Send(request.AsSpan(0, size));
            connection.ReadReplies(steps * source.RepliesPerStep);
            timesUs[batch] = (float)Stopwatch.GetElapsedTime(sent).TotalMicroseconds;
            long cpuNow = cpu.Nanoseconds();
            cpuUs[batch] = (cpuNow - cpuBefore) / 1000f;
            cpuBefore = cpuNow;
        }

        return new BatchTimes(timesUs, cpuUs, stepsPerBatch, source.RepliesPerStep, Stopwatch.GetElapsedTime(started));
    }
}

/// <summary>What stands out among the times of all batches.</summary>
internal sealed class BatchTimes
{
    private readonly float[] _sortedUs;

    public BatchTimes(float[] timesUs, float[] cpuUs, int stepsPerBatch, int commandsPerStep, TimeSpan elapsed)
    {
        StepsPerSecond = timesUs.Length * (double)stepsPerBatch / elapsed.TotalSeconds;
        NsPerCommand = 1e9 / (StepsPerSecond * commandsPerStep);
        _sortedUs = [.. timesUs];
        Array.Sort(_sortedUs);
        SlowestStep = Array.IndexOf(timesUs, _sortedUs[^1]) * stepsPerBatch;
        SecondStep = Array.LastIndexOf(timesUs, _sortedUs[^2]) * stepsPerBatch;
        MostCpuMs = cpuUs.Max() / 1000;
        MostCpuStep = Array.IndexOf(cpuUs, cpuUs.Max()) * stepsPerBatch;
    }

    public double StepsPerSecond { get; }
    public double NsPerCommand { get; }
    public double SlowestMs => _sortedUs[^1] / 1000;
    public int SlowestStep { get; }
    public double SecondMs => _sortedUs[^2] / 1000;
    public int SecondStep { get; }

    /// <summary>The most processor time of the server between the ends of two batches.</summary>
    public double MostCpuMs { get; }
    public int MostCpuStep { get; }

    public double QuantileMs(double share) => _sortedUs[(int)(share * (_sortedUs.Length - 1))] / 1000;
}
