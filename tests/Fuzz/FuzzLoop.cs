using System.Diagnostics;

namespace Bixbite.Fuzz;

/// <summary>Runs a target with mutated inputs until it fails, the iterations are done or the time is up.</summary>
public static class FuzzLoop
{
    public static FuzzFailure? Run(FuzzTarget target, int seed, long iterationsMax, TimeSpan timeMax)
    {
        Mutator mutator = new(target.Seeds);
        long started = Stopwatch.GetTimestamp();
        for (long iteration = 0; iteration < iterationsMax && Stopwatch.GetElapsedTime(started) < timeMax; iteration++)
        {
            byte[] input = iteration < target.Seeds.Count ? target.Seeds[(int)iteration] : mutator.Next(seed, iteration);
            Exception? exception = Try(target, input);
            if (exception is not null)
            {
                byte[] smallest = Minimize(target, input);
                return new FuzzFailure(target, seed, iteration, smallest, Try(target, smallest) ?? exception);
            }
        }

        return null;
    }

    /// <summary>Removes ever smaller blocks as long as the target still fails.</summary>
    private static byte[] Minimize(FuzzTarget target, byte[] input)
    {
        for (int size = Math.Max(input.Length / 2, 1); size > 0; size /= 2)
        {
            for (int start = 0; start + size <= input.Length;)
            {
                byte[] shorter = [.. input.AsSpan(0, start), .. input.AsSpan(start + size)];
                if (Try(target, shorter) is null)
                {
                    start += size;
                }
                else
                {
                    input = shorter;
                }
            }
        }

        return input;
    }

    private static Exception? Try(FuzzTarget target, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return exception;
        }
    }
}

/// <summary>The smallest input found that makes a target fail.</summary>
public sealed record FuzzFailure(FuzzTarget Target, int Seed, long Iteration, byte[] Input, Exception Exception)
{
    public override string ToString() =>
        $"{Target.Name} failed: --seed {Seed}, iteration {Iteration}, "
        + $"input of {Input.Length} bytes in base64: {Convert.ToBase64String(Input)}\n{Exception}";
}
