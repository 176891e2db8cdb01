using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>CLIENT TIMES: where the time of each connection's requests went.</summary>
public sealed class ClientTimes(SessionTable sessions)
{
    [Command(
        "client|times", Group = "connection", Since = "9.2.0", Arity = -2,
        Flags = "admin noscript loading stale", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of connections",
        Summary = "How long each connection's requests were read, waited, ran, were held and sent.",
        Syntax = "[ID client-id:integer ...]")]
    public void Times(CommandContext context)
    {
        bool isAll = context.Count == 2;
        if (!isAll && (context.Count == 3 || !Ascii.EqualsIgnoreCase(context[2], "id"u8)))
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (isAll)
        {
            Answer(context.Reply, sessions.All);
            return;
        }
        List<Session> chosen = [];
        for (int i = 3; i < context.Count; i++)
        {
            if (!Integers.TryParse(context[i], out long id))
            {
                context.Reply.Error(ErrorText.InvalidClientId);
                return;
            }
            if (sessions.Find(id) is { } session)
            {
                chosen.Add(session);
            }
        }
        Answer(context.Reply, chosen);
    }

    private static void Answer(ReplyWriter reply, IEnumerable<Session> sessions)
    {
        int mark = reply.BeginArray();
        int count = 0;
        foreach (Session session in sessions)
        {
            Answer(reply, session);
            count++;
        }
        reply.EndArray(mark, count);
    }

    private static void Answer(ReplyWriter reply, Session session)
    {
        IReadOnlyList<RequestTime> times = session.Link.Times;
        reply.Map(3 + times.Count);
        reply.Bulk("id"u8);
        reply.Integer(session.Id);
        reply.Bulk("addr"u8);
        reply.Bulk(System.Text.Encoding.UTF8.GetBytes(session.Link.PeerAddress));
        reply.Bulk("name"u8);
        reply.Bulk(session.Identity.Name);
        foreach (RequestTime time in times)
        {
            reply.Bulk(System.Text.Encoding.ASCII.GetBytes(time.Stage));
            reply.Map(4);
            Number(reply, "count"u8, time.Count);
            Number(reply, "total-usec"u8, time.TotalUs);
            Number(reply, "max-usec"u8, time.MaxUs);
            Number(reply, "last-usec"u8, time.LastUs);
        }
    }

    private static void Number(ReplyWriter reply, ReadOnlySpan<byte> name, long value)
    {
        reply.Bulk(name);
        reply.Integer(value);
    }
}
