using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;

namespace Bixbite.Commands.Keys;

/// <summary>How long a key will live: TTL, PTTL, EXPIRETIME, PEXPIRETIME. -2 for a missing key, -1 for one without a deadline.</summary>
public sealed class Ttl
{
    private const int MissingKey = -2;
    private const int NoDeadline = -1;

    [Command(
        "ttl", Group = "generic", Since = "1.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1", Tips = "nondeterministic_output",
        History = "2.8.0 Added the -2 reply.",
        Complexity = "O(1)",
        Summary = "Returns how many seconds a key will live.",
        Syntax = "key")]
    public void Run(CommandContext context) => Answer(context, context.NowMs, unitMs: 1000);

    [Command(
        "pttl", Group = "generic", Since = "2.6.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1", Tips = "nondeterministic_output",
        History = "2.8.0 Added the -2 reply.",
        Complexity = "O(1)",
        Summary = "Returns how many milliseconds a key will live.",
        Syntax = "key")]
    public void PTtl(CommandContext context) => Answer(context, context.NowMs, unitMs: 1);

    [Command(
        "expiretime", Group = "generic", Since = "7.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns the Unix time in seconds at which a key expires.",
        Syntax = "key")]
    public void ExpireTime(CommandContext context) => Answer(context, baseMs: 0, unitMs: 1000);

    [Command(
        "pexpiretime", Group = "generic", Since = "7.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns the Unix time in milliseconds at which a key expires.",
        Syntax = "key")]
    public void PExpireTime(CommandContext context) => Answer(context, baseMs: 0, unitMs: 1);

    private static void Answer(CommandContext context, long baseMs, int unitMs)
    {
        KeyRef at = context.KeyToInspect(1);
        if (!at.Exists || !at.Record.HasDeadline)
        {
            context.Reply.Integer(at.Exists ? NoDeadline : MissingKey);
            return;
        }
        long ms = Math.Max(at.Record.DeadlineMs - baseMs, 0);
        context.Reply.Integer(unitMs == 1 ? ms : (long)(((ulong)ms + 500) / 1000));
    }
}
