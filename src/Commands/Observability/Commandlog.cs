using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Observability;

/// <summary>COMMANDLOG: the commands that took long, came with large requests or gave large replies.</summary>
[Command(
    "commandlog",
    Group = "server",
    Since = "8.1.0",
    Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Commands that took long or much.")]
public sealed class Commandlog(CommandLogs logs)
{
    private const string TypeSyntax = "(type: SLOW | LARGE-REQUEST | LARGE-REPLY)";

    [Command(
        "commandlog|get",
        Group = "server",
        Since = "8.1.0",
        Arity = 4,
        Flags = "admin loading stale",
        Tips = "request_policy:all_nodes nondeterministic_output",
        Complexity = "O(N) with N the number of entries answered",
        Summary = "The newest entries of a log of commands.",
        Syntax = "count " + TypeSyntax)]
    public void Get(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long count = arguments.Integer(-1, long.MaxValue, ErrorText.SlowLogCount);
        CommandLog? log = ReadType(ref arguments);
        if (!arguments.AnswerFailure())
        {
            LogReply.Answer(context.Reply, log!, count);
        }
    }

    [Command(
        "commandlog|len",
        Group = "server",
        Since = "8.1.0",
        Arity = 3,
        Flags = "admin loading stale",
        Tips = "request_policy:all_nodes response_policy:agg_sum nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Counts the entries of a log of commands.",
        Syntax = TypeSyntax)]
    public void Len(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        CommandLog? log = ReadType(ref arguments);
        if (!arguments.AnswerFailure())
        {
            context.Reply.Integer(log!.Count);
        }
    }

    [Command(
        "commandlog|reset",
        Group = "server",
        Since = "8.1.0",
        Arity = 3,
        Flags = "admin loading stale",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(N) with N the number of entries",
        Summary = "Empties a log of commands.",
        Syntax = TypeSyntax)]
    public void Reset(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        CommandLog? log = ReadType(ref arguments);
        if (!arguments.AnswerFailure())
        {
            log!.Reset();
            context.Reply.Ok();
        }
    }

    [Command(
        "commandlog|help",
        Group = "server",
        Since = "8.1.0",
        Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "COMMANDLOG",
        "GET <count> <type>",
        "    The newest <count> entries (-1 for all) of slow, large-request or large-reply. Each has its id, the",
        "    Unix time, microseconds (slow) or bytes, the arguments, the client's address and the client's name.",
        "LEN <type>",
        "    How many entries there are.",
        "RESET <type>",
        "    Forget all entries.");

    private CommandLog? ReadType(ref ArgumentReader arguments)
    {
        ReadOnlySpan<byte> type = arguments.Next();
        CommandLog? log = Ascii.EqualsIgnoreCase(type, "slow"u8) ? logs.Slow
            : Ascii.EqualsIgnoreCase(type, "large-request"u8) ? logs.LargeRequests
            : Ascii.EqualsIgnoreCase(type, "large-reply"u8) ? logs.LargeReplies
            : null;
        if (log is null)
        {
            arguments.Fail(ObservabilityErrorText.CommandLogType);
        }
        return log;
    }
}
