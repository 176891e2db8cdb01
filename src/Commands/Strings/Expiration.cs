using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Commands.Strings;

/// <summary>An EX, PX, EXAT, PXAT, KEEPTTL or PERSIST option. At most one may be given.</summary>
internal ref struct Expiration
{
    private readonly ReadOnlySpan<byte> _commandName;
    private bool _isGiven;

    /// <summary>Options of a command of this name, which appears in error texts.</summary>
    public Expiration(ReadOnlySpan<byte> commandName)
    {
        _commandName = commandName;
        DeadlineMs = Deadline.None;
    }

    /// <summary>A time, none, or keep.</summary>
    public long DeadlineMs { get; private set; }

    public bool IsPersist { get; private set; }

    /// <summary>Whether any of the options was given.</summary>
    public readonly bool IsGiven => _isGiven;

    /// <summary>Takes the option that comes next, if it is one of these.</summary>
    public bool TryRead(ref ArgumentReader arguments, CommandContext context)
    {
        if (_isGiven)
        {
            return false;
        }
        _isGiven = true;
        if (arguments.Match("ex"u8, valueCount: 1))
        {
            ReadTime(ref arguments, unitMs: 1000, context.NowMs);
        }
        else if (arguments.Match("px"u8, valueCount: 1))
        {
            ReadTime(ref arguments, unitMs: 1, context.NowMs);
        }
        else if (arguments.Match("exat"u8, valueCount: 1))
        {
            ReadTime(ref arguments, unitMs: 1000, baseMs: 0);
        }
        else if (arguments.Match("pxat"u8, valueCount: 1))
        {
            ReadTime(ref arguments, unitMs: 1, baseMs: 0);
        }
        else
        {
            _isGiven = false;
        }
        return _isGiven;
    }

    public bool TryReadKeepTtl(ref ArgumentReader arguments)
    {
        if (_isGiven || !arguments.Match("keepttl"u8))
        {
            return false;
        }
        _isGiven = true;
        DeadlineMs = Deadline.Keep;
        return true;
    }

    public bool TryReadPersist(ref ArgumentReader arguments)
    {
        if (_isGiven || !arguments.Match("persist"u8))
        {
            return false;
        }
        _isGiven = true;
        IsPersist = true;
        return true;
    }

    /// <summary>Reads a time that must be positive; SETEX and PSETEX have it without a word before it.</summary>
    public void ReadTime(ref ArgumentReader arguments, int unitMs, long baseMs)
    {
        _isGiven = true;
        long value = arguments.Integer();
        if (arguments.HasFailed)
        {
            return;
        }
        if (value <= 0 || value > long.MaxValue / unitMs || value * unitMs > long.MaxValue - baseMs)
        {
            arguments.Fail(ErrorText.InvalidExpireTime(_commandName));
            return;
        }
        DeadlineMs = (value * unitMs) + baseMs;
    }
}
