using System.Text;
using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Observability;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability;

/// <summary>LATENCY: events that took longer than latency-monitor-threshold, and how commands' durations are distributed.</summary>
[Command(
    "latency",
    Group = "server",
    Since = "2.8.13",
    Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "What took long, and when.")]
public sealed class Latency(LatencyMonitor monitor, CommandTable table, IClock clock)
{
    private const string AllNodesTips = "nondeterministic_output request_policy:all_nodes response_policy:special";

    [Command(
        "latency|latest",
        Group = "server",
        Since = "2.8.13",
        Arity = 2,
        Flags = "admin noscript loading stale",
        Tips = AllNodesTips,
        Complexity = "O(1)",
        Summary = "The last spike of each kind of event.")]
    public void Latest(CommandContext context)
    {
        context.Reply.Array(monitor.Series.Count);
        foreach ((string name, LatencySeries series) in monitor.Series)
        {
            LatencySample latest = series.Latest;
            context.Reply.Array(4);
            context.Reply.Bulk(Encoding.ASCII.GetBytes(name));
            context.Reply.Integer(latest.UnixSeconds);
            context.Reply.Integer(latest.DurationMs);
            context.Reply.Integer(series.MaxMs);
        }
    }

    [Command(
        "latency|history",
        Group = "server",
        Since = "2.8.13",
        Arity = 3,
        Flags = "admin noscript loading stale",
        Tips = AllNodesTips,
        Complexity = "O(1)",
        Summary = "The spikes of one kind of event.",
        Syntax = "event:string")]
    public void History(CommandContext context)
    {
        if (!TryFind(context[2], out LatencySeries? series))
        {
            context.Reply.Array(0);
            return;
        }
        int mark = context.Reply.BeginArray();
        int count = 0;
        foreach (LatencySample sample in series.Samples)
        {
            context.Reply.Array(2);
            context.Reply.Integer(sample.UnixSeconds);
            context.Reply.Integer(sample.DurationMs);
            count++;
        }
        context.Reply.EndArray(mark, count);
    }

    [Command(
        "latency|graph",
        Group = "server",
        Since = "2.8.13",
        Arity = 3,
        Flags = "admin noscript loading stale",
        Tips = AllNodesTips,
        Complexity = "O(1)",
        Summary = "The spikes of one kind of event, drawn in characters.",
        Syntax = "event:string")]
    public void Graph(CommandContext context)
    {
        if (!TryFind(context[2], out LatencySeries? series))
        {
            ErrorText.NoSamples(context.Reply, context[2]);
            return;
        }
        string graph = LatencyGraph.Draw(Encoding.UTF8.GetString(context[2]), series, clock.UnixMs / 1000);
        context.Reply.Verbatim(Encoding.UTF8.GetBytes(graph), "txt"u8);
    }

    [Command(
        "latency|doctor",
        Group = "server",
        Since = "2.8.13",
        Arity = 2,
        Flags = "admin noscript loading stale",
        Tips = AllNodesTips,
        Complexity = "O(1)",
        Summary = "Explains the spikes and what may be done about them.")]
    public void Doctor(CommandContext context) =>
        context.Reply.Verbatim(Encoding.ASCII.GetBytes(LatencyDoctor.Report(monitor, clock.UnixMs / 1000)), "txt"u8);

    [Command(
        "latency|reset",
        Group = "server",
        Since = "2.8.13",
        Arity = -2,
        Flags = "admin noscript loading stale",
        Tips = "request_policy:all_nodes response_policy:agg_sum",
        Complexity = "O(1)",
        Summary = "Forgets the spikes of some or all kinds of events.",
        Syntax = "[event:string ...]")]
    public void Reset(CommandContext context)
    {
        if (context.Count == 2)
        {
            context.Reply.Integer(monitor.ResetAll());
            return;
        }
        int count = 0;
        for (int i = 2; i < context.Count; i++)
        {
            count += monitor.Reset(Encoding.UTF8.GetString(context[i])) ? 1 : 0;
        }
        context.Reply.Integer(count);
    }

    [Command(
        "latency|histogram",
        Group = "server",
        Since = "7.0.0",
        Arity = -2,
        Flags = "admin noscript loading stale",
        Tips = AllNodesTips,
        Complexity = "O(N) with N the number of commands answered",
        Summary = "How the durations of some or all commands are distributed.",
        Syntax = "[command:string ...]")]
    public void Histogram(CommandContext context)
    {
        int mark = context.Reply.BeginMap();
        int count = 0;
        if (context.Count == 2)
        {
            foreach (Command command in table.Commands)
            {
                count += AnswerHistograms(context.Reply, command);
            }
        }
        for (int i = 2; i < context.Count; i++)
        {
            if (table.FindFullName(context[i]) is { } command)
            {
                count += AnswerHistograms(context.Reply, command);
            }
        }
        context.Reply.EndMap(mark, count);
    }

    [Command(
        "latency|help",
        Group = "server",
        Since = "2.8.13",
        Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "LATENCY",
        "DOCTOR",
        "    Explain the spikes and what may be done about them.",
        "GRAPH <event>",
        "    Draw the spikes of <event>.",
        "HISTOGRAM [<command> ...]",
        "    For each <command> that ran (all unless told), how many calls took at most so many microseconds.",
        "HISTORY <event>",
        "    The spikes of <event>: Unix times and milliseconds.",
        "LATEST",
        "    For each event: its name, the time and the milliseconds of the last spike, and the longest ever.",
        "RESET [<event> ...]",
        "    Forget the spikes of each <event> (all unless told).");

    /// <summary>Answers a command and its subcommands; returns how many of them had run.</summary>
    private static int AnswerHistograms(ReplyWriter reply, Command command)
    {
        int count = AnswerHistogram(reply, command) ? 1 : 0;
        foreach (Command subcommand in command.Subcommands)
        {
            count += AnswerHistogram(reply, subcommand) ? 1 : 0;
        }
        return count;
    }

    private static bool AnswerHistogram(ReplyWriter reply, Command command)
    {
        if (command.Statistics.Latency is not { } histogram)
        {
            return false;
        }
        reply.Bulk(command.FullName);
        reply.Map(2);
        reply.Bulk("calls"u8);
        reply.Integer(histogram.Count);
        reply.Bulk("histogram_usec"u8);
        int mark = reply.BeginMap();
        int count = 0;
        foreach ((long us, long calls) in histogram.CumulativeByOctave())
        {
            reply.Integer(us);
            reply.Integer(calls);
            count++;
        }
        reply.EndMap(mark, count);
        return true;
    }

    private bool TryFind(ReadOnlySpan<byte> name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out LatencySeries? series) =>
        monitor.Series.TryGetValue(Encoding.UTF8.GetString(name), out series);
}
