using Bixbite.Cluster.Routing;
using Bixbite.Commands.Observability.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sampling;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability;

/// <summary>HOTKEYS: the keys that are used most.</summary>
[Command(
    "hotkeys",
    Group = "server",
    Since = "8.6.0",
    Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Keys that are used most.")]
public sealed class Hotkeys(RequestSampler sampler, HotKeySettings settings, ClusterState cluster)
{
    private const int CountMax = 128;
    private const int CountDefault = 10;

    [Command(
        "hotkeys|start",
        Group = "server",
        Since = "8.6.0",
        Arity = -2,
        Flags = "admin noscript",
        Complexity = "O(1)",
        Summary = "Begins to look at every command, to find the keys to which most time or most bytes go.",
        Syntax = "[METRICS (metrics: count [CPU] [NET])] [COUNT k:integer] [DURATION seconds] [SAMPLE ratio:integer] "
            + "[SLOTS (slots: count slot:integer ...)]")]
    public void Start(CommandContext context)
    {
        if (sampler.Tracking is { IsActive: true })
        {
            context.Reply.Error(ObservabilityErrorText.HotKeysInProgress);
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        HotKeyTrackingOptions options = HotKeysStart.Read(ref arguments, cluster);
        if (!arguments.AnswerFailure())
        {
            sampler.Start(options);
            context.Reply.Ok();
        }
    }

    [Command(
        "hotkeys|stop",
        Group = "server",
        Since = "8.6.0",
        Arity = 2,
        Flags = "admin noscript",
        Complexity = "O(1)",
        Summary = "Ends what HOTKEYS START began; the keys found are kept.")]
    public void Stop(CommandContext context)
    {
        if (sampler.Tracking is not { IsActive: true })
        {
            context.Reply.Null();
            return;
        }
        sampler.Stop();
        context.Reply.Ok();
    }

    [Command(
        "hotkeys|get",
        Group = "server",
        Since = "8.6.0",
        Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(K) with K the number of keys answered",
        Summary = "The keys found since HOTKEYS START, or those of the last window of time where hotkeys-top-k asks for them.")]
    public void Get(CommandContext context)
    {
        if (sampler.Tracking is { } tracking)
        {
            HotKeysReply.AnswerTracking(context.Reply, tracking, cluster);
        }
        else if (settings.TopCount.Value > 0)
        {
            HotKeysReply.AnswerWindow(context.Reply, sampler.HotKeys, settings.TopCount.Value);
        }
        else
        {
            context.Reply.Null();
        }
    }

    [Command(
        "hotkeys|reset",
        Group = "server",
        Since = "8.6.0",
        Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(1)",
        Summary = "Forgets all hot keys.")]
    public void Reset(CommandContext context)
    {
        if (sampler.Tracking is { IsActive: true })
        {
            context.Reply.Error(ObservabilityErrorText.HotKeysNotStopped);
            return;
        }
        sampler.Reset();
        context.Reply.Ok();
    }

    [Command(
        "hotkeys|top",
        Group = "server",
        Since = "8.6.0",
        Arity = -2,
        Flags = "admin noscript loading stale",
        Complexity = "O(N*log(N)) with N the number of keys known, at most 256",
        Summary = "The keys used most in the last minute or two, as they are always known.",
        Syntax = "[measure: OPS | BYTES] [COUNT count] [DB database:integer]")]
    public void Top(CommandContext context)
    {
        HotKeyMeasure measure = HotKeyMeasure.Operations;
        int count = CountDefault;
        int database = -1;
        var arguments = new ArgumentReader(context, 2);
        while (!arguments.IsAtEnd)
        {
            if (arguments.Match("ops"u8))
            {
                measure = HotKeyMeasure.Operations;
            }
            else if (arguments.Match("bytes"u8))
            {
                measure = HotKeyMeasure.Bytes;
            }
            else if (arguments.Match("count"u8, valueCount: 1))
            {
                count = (int)arguments.Integer(1, CountMax, ObservabilityErrorText.ReportCount);
            }
            else if (arguments.Match("db"u8, valueCount: 1))
            {
                database = (int)arguments.Integer(0, int.MaxValue, ErrorText.DatabaseNumber);
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (!arguments.AnswerFailure())
        {
            HotKeysReply.AnswerTop(context.Reply, sampler.HotKeys, sampler.HotKeys.Top(measure, database), count);
        }
    }

    [Command(
        "hotkeys|help",
        Group = "server",
        Since = "8.6.0",
        Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "HOTKEYS",
        "GET",
        "    The keys found since START. Without START: of the last window of time, if hotkeys-top-k is set.",
        "RESET",
        "    Forget all hot keys. What START began must have been stopped.",
        "START METRICS <count> [CPU] [NET] [COUNT <k>] [DURATION <seconds>] [SAMPLE <ratio>] [SLOTS <count> <slot> ...]",
        "    Begin to look at every command, or at one in <ratio>, and find the <k> keys (10 unless told) to which",
        "    most time (CPU) and most bytes (NET) go; in a cluster only keys of these slots, if any are named.",
        "STOP",
        "    End it, and keep what was found.",
        "TOP [OPS|BYTES] [COUNT <count>] [DB <database>]",
        "    The keys used most lately, by operations or by bytes: always known, by looking at some commands.");
}
