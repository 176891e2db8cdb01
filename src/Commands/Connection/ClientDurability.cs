using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Persistence.Aof;
using Bixbite.Protocol;
using Bixbite.Replication.Levels;

namespace Bixbite.Commands.Connection;

/// <summary>CLIENT DURABILITY: what the replies to a client's changes wait for.</summary>
public sealed class ClientDurability(DurabilityLevels levels, AofControl log)
{
    [Command(
        "client|durability", Group = "connection", Since = "7.0.0", Arity = -2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Chooses what the replies to this connection's changes wait for, or tells it.",
        Syntax = "[level: NONE | LOCAL | (replicas: REPLICAS numreplicas:integer [timeout:integer])]")]
    public void Durability(CommandContext context)
    {
        if (context.Count == 2)
        {
            context.Reply.Bulk(Encoding.ASCII.GetBytes(levels.Of(context.Session).ToString()));
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        DurabilityLevel level = Read(ref arguments);
        if (!arguments.IsAtEnd)
        {
            arguments.Fail(ErrorText.Syntax);
        }
        if (level.IsLocal && !log.IsOn)
        {
            arguments.Fail(ErrorText.DurabilityWithoutLog);
        }
        if (arguments.AnswerFailure())
        {
            return;
        }
        levels.Choose(context.Session, level);
        context.Reply.Ok();
    }

    private static DurabilityLevel Read(ref ArgumentReader arguments)
    {
        if (arguments.Match("none"u8))
        {
            return DurabilityLevel.None;
        }
        if (arguments.Match("local"u8))
        {
            return DurabilityLevel.Local;
        }
        if (!arguments.Match("replicas"u8, valueCount: 1))
        {
            arguments.Fail(ErrorText.Syntax);
            return DurabilityLevel.None;
        }
        long count = arguments.Integer(1, DurabilityLevel.ReplicaCountMax, ErrorText.DurabilityReplicas);
        long timeoutMs = arguments.IsAtEnd ? 0 : arguments.Integer(0, long.MaxValue, ErrorText.TimeoutNegative);
        return new DurabilityLevel(IsLocal: false, (int)count, timeoutMs);
    }
}
