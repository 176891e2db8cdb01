using System.Runtime.CompilerServices;

namespace Bixbite.Wire.Harness;

/// <summary>Waiting for what must come, on however slow a machine: as long as every other wait of these tests.</summary>
internal static class Patience
{
    /// <summary>Milliseconds that every wait may take.</summary>
    public const int LimitMs = 60_000;

    private static readonly string[] s_signsOfRest =
        ["rdb_bgsave_in_progress:0\r\n", "aof_rewrite_in_progress:0\r\n", "aof_rewrite_scheduled:0\r\n"];

    /// <summary>Asks again and again; false if it has not come after all the patience there is.</summary>
    public static bool Comes(Func<bool> condition)
    {
        long startedMs = Environment.TickCount64;
        for (int pauseMs = 1; !condition(); pauseMs = Math.Min(pauseMs + 1, 20))
        {
            if (IsOver(startedMs))
            {
                return false;
            }
            Thread.Sleep(pauseMs);
        }

        return true;
    }

    /// <summary>Whether there is none left since a moment of <see cref="Environment.TickCount64"/>.</summary>
    public static bool IsOver(long startedMs) => Environment.TickCount64 - startedMs >= LimitMs;

    /// <summary>Fails with the complaint if it does not come.</summary>
    public static void Until(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string complaint = "") =>
        Until(condition, () => complaint);

    /// <summary>The same, where the complaint tells how things stand at the end.</summary>
    public static void Until(Func<bool> condition, Func<string> complaint)
    {
        if (!Comes(condition))
        {
            Xunit.Assert.Fail(complaint());
        }
    }

    /// <summary>
    /// Whether INFO tells of no snapshot and no rewrite, be it under way or wanted, and of nothing that waits to be written to the log.
    /// </summary>
    public static bool IsAtRest(string info) =>
        s_signsOfRest.All(sign => info.Contains(sign, StringComparison.Ordinal))
        && (info.Contains("aof_enabled:0", StringComparison.Ordinal) || info.Contains("aof_buffer_length:0\r\n", StringComparison.Ordinal));

    /// <summary>Waits until INFO does so.</summary>
    public static void UntilAtRest(Func<string> info) => Until(() => IsAtRest(info()), "the work in the background does not end");
}
