using Bixbite.Engine.Execution;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Hashes.Shared;

/// <summary>When fields expire, as commands say it: seconds or milliseconds, from now or in Unix time.</summary>
internal readonly struct FieldTime
{
    /// <summary>Deadlines have 46 bits in Redis, and so in its files.</summary>
    private const long DeadlineMsMax = (1L << 46) - 1;

    private readonly int _unitMs;
    private readonly bool _isAbsolute;

    private FieldTime(int unitMs, bool isAbsolute)
    {
        _unitMs = unitMs;
        _isAbsolute = isAbsolute;
    }

    public static FieldTime Seconds => new(1000, isAbsolute: false);

    public static FieldTime Milliseconds => new(1, isAbsolute: false);

    public static FieldTime UnixSeconds => new(1000, isAbsolute: true);

    public static FieldTime UnixMilliseconds => new(1, isAbsolute: true);

    /// <summary>Takes EX, PX, EXAT or PXAT, if that comes next.</summary>
    public static bool TryMatch(ref ArgumentReader arguments, out FieldTime time)
    {
        time = default;
        if (arguments.Match("ex"u8))
        {
            time = Seconds;
        }
        else if (arguments.Match("px"u8))
        {
            time = Milliseconds;
        }
        else if (arguments.Match("exat"u8))
        {
            time = UnixSeconds;
        }
        else if (arguments.Match("pxat"u8))
        {
            time = UnixMilliseconds;
        }
        else
        {
            return false;
        }
        return true;
    }

    /// <summary>The deadline that this text says; false if an error was answered.</summary>
    public bool TryRead(CommandContext context, ReadOnlySpan<byte> text, out long deadlineMs)
    {
        deadlineMs = 0;
        if (!Integers.TryParse(text, out long value))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        if (value < 0)
        {
            context.Reply.Error(ErrorText.NegativeExpireTime);
            return false;
        }
        long baseMs = _isAbsolute ? 0 : context.NowMs;
        if (!DeadlineMath.TryAdd(baseMs, value, _unitMs, out deadlineMs) || deadlineMs > DeadlineMsMax)
        {
            ErrorText.InvalidExpireTime(context.Reply, context.Command.Name);
            return false;
        }
        return true;
    }

    /// <summary>The time left until the deadline, or the deadline itself, in this unit; rounded up.</summary>
    public long Tell(long deadlineMs, long nowMs) => (deadlineMs - (_isAbsolute ? 0 : nowMs) + _unitMs - 1) / _unitMs;
}
