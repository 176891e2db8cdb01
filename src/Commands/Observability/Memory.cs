using System.Globalization;
using System.Text;
using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Replication.Streaming;
using Bixbite.Scripting;

namespace Bixbite.Commands.Observability;

/// <summary>MEMORY: what a key takes, and where the server's memory goes.</summary>
[Command(
    "memory",
    Group = "server",
    Since = "4.0.0",
    Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Where memory goes.")]
public sealed class Memory(
    MemoryGauge gauge, Databases databases, SessionTable sessions, Heap heap, ScriptMemory scripts, ReplicationStream stream)
{
    private const string AllShardsTips = "nondeterministic_output request_policy:all_shards response_policy:special";

    [Command(
        "memory|usage",
        Group = "server",
        Since = "4.0.0",
        Arity = -3,
        Flags = "readonly",
        Keys = "ro; 2",
        Complexity = "O(N) with N the number of samples",
        Summary = "Estimates the bytes that a key and its value take.",
        Syntax = "key [SAMPLES count]")]
    public void Usage(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 3);
        while (!arguments.IsAtEnd)
        {
            if (!arguments.Match("samples"u8, valueCount: 1))
            {
                arguments.Fail(ErrorText.Syntax);
            }
            else if (arguments.Integer() < 0)
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.Keys.Peek(context.Database, context[2]);
        if (at.Exists)
        {
            context.Reply.Integer(context.Database.SizeOf(at.Record));
        }
        else
        {
            context.Reply.Null();
        }
    }

    [Command(
        "memory|stats",
        Group = "server",
        Since = "4.0.0",
        Arity = 2,
        Tips = AllShardsTips,
        Complexity = "O(1)",
        Summary = "Tells where the server's memory goes.")]
    public void Stats(CommandContext context)
    {
        MemoryOverview overview = MemoryOverview.Read(gauge, databases) with
        {
            Scripts = scripts.EvalBytes(),
            Functions = scripts.FunctionBytes(),
            Backlog = stream.BacklogBytes,
            SlowReplicas = stream.ExcessBytes,
        };
        MemoryStatistics.Answer(context.Reply, overview, databases);
    }

    [Command(
        "memory|doctor",
        Group = "server",
        Since = "4.0.0",
        Arity = 2,
        Tips = AllShardsTips,
        Complexity = "O(1)",
        Summary = "Looks for problems with memory and explains them.")]
    public void Doctor(CommandContext context)
    {
        string report = MemoryDoctor.Report(MemoryOverview.Read(gauge, databases), gauge.LimitBytes, sessions.Count);
        context.Reply.Verbatim(Encoding.ASCII.GetBytes(report), "txt"u8);
    }

    [Command(
        "memory|purge",
        Group = "server",
        Since = "4.0.0",
        Arity = 2,
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        Complexity = "O(N) with N the number of empty pages",
        Summary = "Gives empty pages back to the system.")]
    public void Purge(CommandContext context)
    {
        heap.Trim();
        context.Reply.Ok();
    }

    [Command(
        "memory|malloc-stats",
        Group = "server",
        Since = "4.0.0",
        Arity = 2,
        Tips = AllShardsTips,
        Complexity = "O(1)",
        Summary = "Tells what the allocator counts.")]
    public void MallocStats(CommandContext context)
    {
        var report = new StringBuilder();
        report.Append(CultureInfo.InvariantCulture, $"data heap: {heap.UsedBytes} bytes used, {heap.MappedBytes} bytes mapped\n");
        report.Append(CultureInfo.InvariantCulture, $"clients: {gauge.ClientBytes} bytes used\n");
        report.Append(CultureInfo.InvariantCulture, $"workspace: {gauge.WorkspaceBytes} bytes used\n");
        report.Append(CultureInfo.InvariantCulture, $"managed heap: {gauge.RuntimeBytes} bytes used\n");
        context.Reply.Verbatim(Encoding.ASCII.GetBytes(report.ToString()), "txt"u8);
    }

    [Command(
        "memory|help",
        Group = "server",
        Since = "4.0.0",
        Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "MEMORY",
        "BIGKEYS [COUNT <count>] [DB <database>]",
        "    The largest values of each type, by bytes and by elements: always known.",
        "DOCTOR",
        "    Look for problems with memory and explain them.",
        "MALLOC-STATS",
        "    What the allocator counts.",
        "PREFIXES [<delimiter>] [COUNT <count>]",
        "    Keys, bytes and operations by prefix, up to the <delimiter> (: unless told). Estimated if there are many.",
        "PURGE",
        "    Give empty pages back to the system.",
        "STATS",
        "    Where the server's memory goes.",
        "USAGE <key> [SAMPLES <count>]",
        "    The bytes that <key> and its value take. Of nested values up to <count> are looked at",
        "    (5 unless told, 0 for all).");
}
