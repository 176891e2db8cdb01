using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability;

/// <summary>MONITOR: from now on the client receives every command that runs.</summary>
public sealed class Monitor(MonitorClients feed)
{
    [Command(
        "monitor",
        Group = "server",
        Since = "1.0.0",
        Arity = 1,
        Flags = "admin noscript loading stale",
        Complexity = "O(1) for the command itself, O(N) for every other one, with N the number of monitors",
        Summary = "Sends every command that the server runs, as it runs.")]
    public void Run(CommandContext context)
    {
        if (!context.MayBlock)
        {
            context.Reply.Error(ErrorText.MonitorDenied);
            return;
        }
        feed.Add(context.Session);
        context.Reply.Ok();
    }
}
