using System.Text;
using Bixbite.Engine.Observability;
using Bixbite.Protocol;

namespace Bixbite.Commands.Observability.Shared;

/// <summary>The entries of a log of commands as SLOWLOG GET and COMMANDLOG GET answer them.</summary>
internal static class LogReply
{
    /// <summary>Answers the newest entries; all where the count is negative.</summary>
    public static void Answer(ReplyWriter reply, CommandLog log, long countMax)
    {
        int count = countMax < 0 ? log.Count : (int)Math.Min(countMax, log.Count);
        reply.Array(count);
        foreach (LoggedCommand entry in log.Newest.Take(count))
        {
            reply.Array(6);
            reply.Integer(entry.Id);
            reply.Integer(entry.UnixSeconds);
            reply.Integer(entry.Value);
            reply.Array(entry.Arguments.Length);
            foreach (byte[] argument in entry.Arguments)
            {
                reply.Bulk(argument);
            }
            reply.Bulk(Encoding.UTF8.GetBytes(entry.PeerAddress));
            reply.Bulk(entry.ClientName);
        }
    }
}
