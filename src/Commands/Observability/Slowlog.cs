using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability;

/// <summary>SLOWLOG: the commands that took longer than slowlog-log-slower-than.</summary>
[Command(
    "slowlog",
    Group = "server",
    Since = "2.2.12",
    Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Commands that took long.")]
public sealed class Slowlog(CommandLogs logs)
{
    private const int DefaultCount = 10;

    [Command(
        "slowlog|get",
        Group = "server",
        Since = "2.2.12",
        Arity = -2,
        Flags = "admin loading stale",
        Tips = "request_policy:all_nodes nondeterministic_output",
        History = "4.0.0 Added client IP address, port and name to the reply.",
        Complexity = "O(N) with N the number of entries answered",
        Summary = "The newest entries of the slow log.",
        Syntax = "[count]")]
    public void Get(CommandContext context)
    {
        if (context.Count > 3)
        {
            ErrorText.SubcommandSyntax(context.Reply, "SLOWLOG"u8, context[1]);
            return;
        }
        long count = DefaultCount;
        if (context.Count == 3)
        {
            var arguments = new ArgumentReader(context, 2);
            count = arguments.Integer(-1, long.MaxValue, ErrorText.SlowLogCount);
            if (arguments.AnswerFailure())
            {
                return;
            }
        }
        LogReply.Answer(context.Reply, logs.Slow, count);
    }

    [Command(
        "slowlog|len",
        Group = "server",
        Since = "2.2.12",
        Arity = 2,
        Flags = "admin loading stale",
        Tips = "request_policy:all_nodes response_policy:agg_sum nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Counts the entries of the slow log.")]
    public void Len(CommandContext context) => context.Reply.Integer(logs.Slow.Count);

    [Command(
        "slowlog|reset",
        Group = "server",
        Since = "2.2.12",
        Arity = 2,
        Flags = "admin loading stale",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(N) with N the number of entries",
        Summary = "Empties the slow log.")]
    public void Reset(CommandContext context)
    {
        logs.Slow.Reset();
        context.Reply.Ok();
    }

    [Command(
        "slowlog|help",
        Group = "server",
        Since = "6.2.0",
        Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "SLOWLOG",
        "GET [<count>]",
        "    The newest <count> entries (10 unless told, -1 for all). Each has its id, the Unix time, the",
        "    duration in microseconds, the arguments, the client's address and the client's name.",
        "LEN",
        "    How many entries there are.",
        "RESET",
        "    Forget all entries.");
}
