
namespace Bixbite.Engine.Sessions;

/// <summary>The fields of CLIENT LIST that every session has, whatever capabilities the server has.</summary>
internal static class SessionFields
{
    public static void AddTo(ClientText text)
    {
        AddIdentity(text);
        AddState(text);
        AddMemory(text);
        AddProtocol(text);
        text.AddFlag('c', static session => session.Has(SessionFlags.Closing));
        text.AddFlag('A', static session => session.Has(SessionFlags.Gone));
        text.AddFlag('U', static session => session.Link.IsUnixSocket);
        text.AddFlag('e', static session => session.Has(SessionFlags.NoEvict));
        text.AddFlag('T', static session => session.Has(SessionFlags.NoTouch));
    }

    private static void AddIdentity(ClientText text)
    {
        text.Add("id", static session => session.Id);
        text.Add("addr", static (ref line, session, _) =>
            line.Advance(session.Link.FormatPeerAddress(line.Reserve(ILink.AddressSizeMax))));
        text.Add("laddr", static (ref line, session, _) =>
            line.Advance(session.Link.FormatLocalAddress(line.Reserve(ILink.AddressSizeMax))));
        text.Add("fd", static session => session.Link.Descriptor);
        text.Add("name", static (ref line, session, _) => line.Append(session.Identity.Name));
        text.Add("lib-name", static (ref line, session, _) => line.Append(session.Identity.LibraryName));
        text.Add("lib-ver", static (ref line, session, _) => line.Append(session.Identity.LibraryVersion));
    }

    private static void AddState(ClientText text)
    {
        text.Add("age", static (ref line, session, nowMs) => line.Append((nowMs - session.Activity.ConnectedAtMs) / 1000));
        text.Add("idle", static (ref line, session, nowMs) => line.Append((nowMs - session.Activity.LastSeenMs) / 1000));
        text.Add("db", static session => session.Database.Number);
    }

    private static void AddMemory(ClientText text)
    {
        // As in Redis: what is parsed already has left the query buffer and is argv's.
        text.Add("qbuf", static session => Math.Max(session.Link.PendingInput - (session.ParseState?.ParsedSize ?? 0), 0));
        text.Add("qbuf-free", static session => Math.Max(session.Link.InputMemory - session.Link.PendingInput, 0));
        text.Add("argv-mem", static session => session.ParseState?.ArgumentBytes ?? 0);
        text.Add("rbs", static _ => 0);
        text.Add("rbp", static _ => 0);
        text.Add("obl", static _ => 0);
        text.Add("oll", static session => HasOutput(session) ? 1 : 0);
        text.Add("omem", static session => session.Link.OutputMemory);
        text.Add("tot-mem", static session => session.MemoryBytes);
        text.Add("events", static (ref line, session, _) => line.Append(HasOutput(session) ? "rw"u8 : "r"u8));
    }

    private static void AddProtocol(ClientText text)
    {
        text.Add("cmd", static (ref line, session, _) => line.Append(session.Activity.LastCommand ?? "NULL"u8));
        text.Add("resp", static session => session.ProtocolVersion);
        text.Add("tot-net-in", static session => session.Activity.BytesReceived);
        text.Add("tot-net-out", static session => session.Link.BytesSent);
        text.Add("tot-cmds", static session => session.Activity.CommandCount);
    }

    private static bool HasOutput(Session session) => session.Link.PendingOutput > 0;
}
