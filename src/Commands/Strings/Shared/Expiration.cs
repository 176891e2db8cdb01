using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Strings.Shared;

internal enum ExpirationKind : byte
{
    None,
    Seconds,
    Milliseconds,
    UnixSeconds,
    UnixMilliseconds,
    Keep,
    Persist,
}

/// <summary>
/// An EX, PX, EXAT, PXAT, KEEPTTL or PERSIST option. One kind may be given, again and again, the last one counts. The time itself is
/// looked at only when all options are read, as in Redis, so a syntax error further on is answered first.
/// </summary>
internal struct Expiration
{
    private int _valueIndex;

    public ExpirationKind Kind { get; private set; }

    /// <summary>The kind is a time.</summary>
    public readonly bool IsTime => Kind is >= ExpirationKind.Seconds and <= ExpirationKind.UnixMilliseconds;

    /// <summary>The kind is a time that does not count from now.</summary>
    public readonly bool IsAbsolute => Kind is ExpirationKind.UnixSeconds or ExpirationKind.UnixMilliseconds;

    /// <summary>An expiration whose time stands at this argument without a word before it, as in SETEX.</summary>
    public static Expiration At(ExpirationKind kind, int valueIndex) => new() { Kind = kind, _valueIndex = valueIndex };

    /// <summary>Takes EX, PX, EXAT or PXAT and its value, if that comes next.</summary>
    public bool TryReadTime(ref ArgumentReader arguments) =>
        TryRead(ref arguments, "ex"u8, ExpirationKind.Seconds, valueCount: 1)
        || TryRead(ref arguments, "px"u8, ExpirationKind.Milliseconds, valueCount: 1)
        || TryRead(ref arguments, "exat"u8, ExpirationKind.UnixSeconds, valueCount: 1)
        || TryRead(ref arguments, "pxat"u8, ExpirationKind.UnixMilliseconds, valueCount: 1);

    public bool TryReadKeepTtl(ref ArgumentReader arguments) => TryRead(ref arguments, "keepttl"u8, ExpirationKind.Keep, valueCount: 0);

    public bool TryReadPersist(ref ArgumentReader arguments) => TryRead(ref arguments, "persist"u8, ExpirationKind.Persist, valueCount: 0);

    /// <summary>The deadline: a time, none, or keep. On failure answers the error, which names the command.</summary>
    public readonly bool TryResolve(CommandContext context, ReadOnlySpan<byte> commandName, out long deadlineMs)
    {
        deadlineMs = Kind == ExpirationKind.Keep ? Deadline.Keep : Deadline.None;
        if (!IsTime)
        {
            return true;
        }
        if (!Integers.TryParse(context[_valueIndex], out long value))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        int unitMs = Kind is ExpirationKind.Seconds or ExpirationKind.UnixSeconds ? 1000 : 1;
        long baseMs = IsAbsolute ? 0 : context.NowMs;
        if (value <= 0 || !DeadlineMath.TryAdd(baseMs, value, unitMs, out deadlineMs))
        {
            ErrorText.InvalidExpireTime(context.Reply, commandName);
            return false;
        }
        return true;
    }

    private bool TryRead(ref ArgumentReader arguments, ReadOnlySpan<byte> word, ExpirationKind kind, int valueCount)
    {
        if ((Kind != ExpirationKind.None && Kind != kind) || !arguments.Match(word, valueCount))
        {
            return false;
        }
        Kind = kind;
        if (valueCount > 0)
        {
            _valueIndex = arguments.Position;
            arguments.Next();
        }
        return true;
    }
}
