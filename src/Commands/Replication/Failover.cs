using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Protocol;
using Bixbite.Replication.Failover;
using Encoding = System.Text.Encoding;

namespace Bixbite.Commands.Replication;

/// <summary>FAILOVER: a replica takes this primary's place, once it has everything. The answer says only that it begins.</summary>
public sealed class Failover(CoordinatedFailover failover, CronAlarm alarm)
{
    [Command(
        "failover", Group = "server", Since = "6.2.0", Arity = -1,
        Flags = "admin noscript stale",
        Complexity = "O(1)",
        Summary = "Gives a primary's place to one of its replicas.",
        Syntax = "[TO (target: host port:integer [FORCE])] [ABORT] [TIMEOUT milliseconds]")]
    public void Run(CommandContext context)
    {
        if (context.Database.HasSlots)
        {
            context.Reply.Error(ClusterErrorText.NoFailover);
            return;
        }
        var arguments = new ArgumentReader(context, 1);
        if (context.Count == 2 && arguments.Match("abort"u8))
        {
            Abort(context);
            return;
        }
        FailoverRequest request = Read(ref arguments);
        if (arguments.AnswerFailure())
        {
            return;
        }
        ReadOnlySpan<byte> refusal = failover.RefusalOf(request);
        if (!refusal.IsEmpty)
        {
            context.Reply.Error(refusal);
            return;
        }
        failover.Begin(request);
        alarm.RingWithin(0);
        context.Reply.Ok();
    }

    private static FailoverRequest Read(ref ArgumentReader arguments)
    {
        string? host = null;
        long port = 0;
        long timeoutMs = 0;
        bool isForced = false;
        while (!arguments.IsAtEnd)
        {
            if (timeoutMs == 0 && arguments.Match("timeout"u8, 1))
            {
                timeoutMs = arguments.Integer();
                if (!arguments.HasFailed && timeoutMs <= 0)
                {
                    arguments.Fail(ReplicationErrorText.FailoverTimeout);
                }
            }
            else if (host is null && arguments.Match("to"u8, 2))
            {
                host = Encoding.UTF8.GetString(arguments.Next());
                port = arguments.Integer();
            }
            else if (!isForced && arguments.Match("force"u8))
            {
                isForced = true;
            }
            else
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        return new FailoverRequest(host, port, timeoutMs, isForced);
    }

    private void Abort(CommandContext context)
    {
        if (failover.IsOn)
        {
            failover.Abort();
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(ReplicationErrorText.NoFailover);
        }
    }
}
