using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Rules;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Encoding = System.Text.Encoding;

namespace Bixbite.Commands.AccessControl;

/// <summary>ACL LOG: the latest refusals.</summary>
public sealed class AclLog(AccessLog log, IClock clock)
{
    private const int DefaultCount = 10;

    [Command(
        "acl|log", Group = "server", Since = "6.0.0", Arity = -2,
        Flags = "admin noscript loading stale",
        History = "7.2.0 Added entry ID, timestamp created, and timestamp last updated.",
        Complexity = "O(N) with N the number of entries answered",
        Summary = "The latest refusals, or forgets them.",
        Syntax = "[operation: count | RESET]")]
    public void Log(CommandContext context)
    {
        if (context.Count > 3)
        {
            ErrorText.SubcommandSyntax(context.Reply, "ACL"u8, context[1]);
            return;
        }
        long count = DefaultCount;
        if (context.Count == 3)
        {
            if (Ascii.EqualsIgnoreCase(context[2], "reset"u8))
            {
                log.Clear();
                context.Reply.Ok();
                return;
            }
            var arguments = new ArgumentReader(context, 2);
            count = arguments.Integer();
            if (arguments.AnswerFailure())
            {
                return;
            }
        }
        count = Math.Clamp(count, 0, log.Entries.Count);
        context.Reply.Array(count);
        foreach (AccessLogEntry entry in log.Entries.Take((int)count))
        {
            Answer(context.Reply, entry);
        }
    }

    private void Answer(ReplyWriter reply, AccessLogEntry entry)
    {
        reply.Map(10);
        reply.Bulk("count"u8);
        reply.Integer(entry.Count);
        reply.Bulk("reason"u8);
        reply.Bulk(WordOf(entry.Reason));
        reply.Bulk("context"u8);
        reply.Bulk(Encoding.ASCII.GetBytes(entry.Place));
        reply.Bulk("object"u8);
        reply.Bulk(entry.Subject);
        reply.Bulk("username"u8);
        reply.Bulk(entry.UserName);
        reply.Bulk("age-seconds"u8);
        reply.Double((clock.UnixMs - entry.UpdatedMs) / 1000.0);
        reply.Bulk("client-info"u8);
        reply.Bulk(Encoding.Latin1.GetBytes(entry.Client));
        reply.Bulk("entry-id"u8);
        reply.Integer(entry.Id);
        reply.Bulk("timestamp-created"u8);
        reply.Integer(entry.CreatedMs);
        reply.Bulk("timestamp-last-updated"u8);
        reply.Integer(entry.UpdatedMs);
    }

    private static ReadOnlySpan<byte> WordOf(DenialReason reason) => reason switch
    {
        DenialReason.Key => "key"u8,
        DenialReason.Channel => "channel"u8,
        DenialReason.Authentication => "auth"u8,
        DenialReason.Certificate => "tls-cert"u8,
        DenialReason.Database => "database"u8,
        _ => "command"u8,
    };
}
