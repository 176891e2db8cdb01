using System.Buffers;
using System.Globalization;
using System.Text;
using Bixbite.Engine.Publishing;
using Bixbite.Engine.Tracking;

namespace Bixbite.Engine.Sessions;

/// <summary>A session as one line of CLIENT LIST: fields separated by spaces, in Redis' order.</summary>
public static class ClientText
{
    /// <summary>Appends the line, without a line end. <paramref name="nowMs"/> is monotonic.</summary>
    public static void Append(IBufferWriter<byte> target, Session session, long nowMs)
    {
        ILink link = session.Link;
        SessionActivity activity = session.Activity;
        Write(target, $"id={session.Id} addr={link.PeerAddress} laddr={link.LocalAddress} fd={link.Descriptor} name=");
        target.Write(session.Identity.Name);
        Write(
            target,
            $" age={(nowMs - activity.ConnectedAtMs) / 1000} idle={(nowMs - activity.LastSeenMs) / 1000} flags={FlagLetters(session)}");
        Write(target, $" db={session.Database.Number} sub={CountOf(session, ChannelKind.Channel)}");
        Write(target, $" psub={CountOf(session, ChannelKind.Pattern)} ssub={CountOf(session, ChannelKind.Shard)}");
        Write(target, $" multi={session.Transaction?.Count ?? -1}");
        // As in Redis: what is parsed already has left the query buffer and is argv's.
        long pending = link.PendingInput;
        long unparsed = Math.Max(pending - (session.ParseState?.ParsedSize ?? 0), 0);
        Write(target, $" watch={session.WatchCount} qbuf={unparsed} qbuf-free={Math.Max(link.InputMemory - pending, 0)}");
        Write(target, $" argv-mem={session.ParseState?.ArgumentBytes ?? 0} multi-mem={session.Transaction?.Size ?? 0}");
        Write(target, $" rbs=0 rbp=0 obl=0 oll={(link.PendingOutput > 0 ? 1 : 0)} omem={link.OutputMemory}");
        Write(target, $" tot-mem={session.MemoryBytes} events={(link.PendingOutput > 0 ? "rw" : "r")}");
        Write(
            target,
            $" cmd={activity.LastCommand?.Declaration.Name ?? "NULL"} user=default redir={session.Tracking?.RedirectId ?? -1}");
        Write(target, $" resp={session.ProtocolVersion} lib-name=");
        target.Write(session.Identity.LibraryName);
        Write(target, $" lib-ver=");
        target.Write(session.Identity.LibraryVersion);
        Write(target, $" tot-net-in={activity.BytesReceived} tot-net-out={link.BytesSent} tot-cmds={activity.CommandCount}");
    }

    private static int CountOf(Session session, ChannelKind kind) => session.Subscriptions?.CountOf(kind) ?? 0;

    private static string FlagLetters(Session session)
    {
        var letters = new StringBuilder();
        Append(letters, session, SessionFlags.Monitor, 'O');
        if (session.IsSubscriber)
        {
            letters.Append('P');
        }
        if (session.Transaction is not null)
        {
            letters.Append('x');
        }
        Append(letters, session, SessionFlags.Blocked | SessionFlags.Postponed, 'b');
        if (session.Tracking is { } tracking)
        {
            letters.Append('t').Append(tracking.IsRedirectBroken ? "R" : "").Append(tracking.Has(TrackingModes.Broadcast) ? "B" : "");
        }
        Append(letters, session, SessionFlags.WatchBroken, 'd');
        Append(letters, session, SessionFlags.Closing, 'c');
        Append(letters, session, SessionFlags.Gone, 'A');
        if (session.Link.IsUnixSocket)
        {
            letters.Append('U');
        }
        Append(letters, session, SessionFlags.NoEvict, 'e');
        Append(letters, session, SessionFlags.NoTouch, 'T');
        return letters.Length == 0 ? "N" : letters.ToString();
    }

    private static void Append(StringBuilder letters, Session session, SessionFlags flags, char letter)
    {
        if ((session.Flags & flags) != 0)
        {
            letters.Append(letter);
        }
    }

    private static void Write(IBufferWriter<byte> target, FormattableString text) =>
        Encoding.Latin1.GetBytes(text.ToString(CultureInfo.InvariantCulture), target);
}
