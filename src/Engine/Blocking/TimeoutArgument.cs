using Bixbite.Engine.Execution;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Blocking;

/// <summary>Whether a timeout argument counts milliseconds, or seconds that may have a fraction.</summary>
public enum TimeoutUnit
{
    Milliseconds,
    Seconds,
}

/// <summary>The timeout of a command that waits: not negative, and small enough to be added to the time now.</summary>
public static class TimeoutArgument
{
    /// <summary>Reads the argument; on failure answers the error. The result is in milliseconds.</summary>
    public static bool TryRead(CommandContext context, int index, TimeoutUnit unit, out long timeoutMs)
    {
        timeoutMs = 0;
        if (unit == TimeoutUnit.Milliseconds)
        {
            if (!Integers.TryParse(context[index], out timeoutMs))
            {
                context.Reply.Error(ErrorText.TimeoutNotAnInteger);
                return false;
            }
        }
        else
        {
            if (!Doubles.TryParse(context[index], out double seconds))
            {
                context.Reply.Error(ErrorText.TimeoutNotAFloat);
                return false;
            }
            double ms = Math.Ceiling(seconds * 1000);
            if (double.IsNaN(ms) || ms >= long.MaxValue)
            {
                context.Reply.Error(ErrorText.TimeoutOutOfRange);
                return false;
            }
            timeoutMs = (long)ms;
        }
        if (timeoutMs < 0)
        {
            context.Reply.Error(ErrorText.TimeoutNegative);
            return false;
        }
        if (!DeadlineMath.TryAdd(context.NowMs, timeoutMs, unit: 1, out _))
        {
            context.Reply.Error(ErrorText.TimeoutOutOfRange);
            return false;
        }
        return true;
    }
}
