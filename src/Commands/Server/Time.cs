using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Platform;

namespace Bixbite.Commands.Server;

/// <summary>TIME: the server's clock.</summary>
public sealed class Time(IClock clock)
{
    [Command(
        "time",
        Group = "server",
        Since = "2.6.0",
        Arity = 1,
        Flags = "loading stale fast",
        Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Tells the server's time: Unix seconds and the microseconds within the second.")]
    public void Run(CommandContext context)
    {
        (long seconds, long us) = Math.DivRem(clock.UnixUs, 1_000_000);
        context.Reply.Array(2);
        context.Reply.BulkInteger(seconds);
        context.Reply.BulkInteger(us);
    }
}
