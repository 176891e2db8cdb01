using System.Text;
using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.PubSub;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Sessions;

/// <summary>A session as one line of CLIENT LIST: fields separated by spaces, in Redis' order.</summary>
public static class ClientText
{
    /// <summary>Room for a line whose names are short.</summary>
    public const int UsualSize = 1024;

    /// <summary>Appends the line, without a line end. <paramref name="nowMs"/> is monotonic.</summary>
    public static void Append(ref LineBuilder line, Session session, long nowMs)
    {
        AppendIdentity(ref line, session);
        AppendState(ref line, session, nowMs);
        AppendMemory(ref line, session);
        AppendProtocol(ref line, session);
    }

    /// <summary>The line for the server's own log.</summary>
    public static string Of(Session session, long nowMs)
    {
        var line = new LineBuilder(stackalloc byte[UsualSize]);
        Append(ref line, session, nowMs);
        string text = Encoding.Latin1.GetString(line.Written);
        line.Dispose();
        return text;
    }

    private static void AppendIdentity(ref LineBuilder line, Session session)
    {
        ILink link = session.Link;
        line.Append("id="u8, session.Id);
        line.Append(" addr="u8);
        line.Advance(link.FormatPeerAddress(line.Reserve(ILink.AddressSizeMax)));
        line.Append(" laddr="u8);
        line.Advance(link.FormatLocalAddress(line.Reserve(ILink.AddressSizeMax)));
        line.Append(" fd="u8, link.Descriptor);
        line.Append(" name="u8);
        line.Append(session.Identity.Name);
    }

    private static void AppendState(ref LineBuilder line, Session session, long nowMs)
    {
        SessionActivity activity = session.Activity;
        line.Append(" age="u8, (nowMs - activity.ConnectedAtMs) / 1000);
        line.Append(" idle="u8, (nowMs - activity.LastSeenMs) / 1000);
        line.Append(" flags="u8);
        AppendFlags(ref line, session);
        line.Append(" db="u8, session.Database.Number);
        line.Append(" sub="u8, CountOf(session, ChannelKind.Channel));
        line.Append(" psub="u8, CountOf(session, ChannelKind.Pattern));
        line.Append(" ssub="u8, CountOf(session, ChannelKind.Shard));
        line.Append(" multi="u8, session.Transaction?.Count ?? -1);
        line.Append(" watch="u8, session.WatchCount);
    }

    private static void AppendMemory(ref LineBuilder line, Session session)
    {
        ILink link = session.Link;
        // As in Redis: what is parsed already has left the query buffer and is argv's.
        long pending = link.PendingInput;
        long output = link.PendingOutput;
        line.Append(" qbuf="u8, Math.Max(pending - (session.ParseState?.ParsedSize ?? 0), 0));
        line.Append(" qbuf-free="u8, Math.Max(link.InputMemory - pending, 0));
        line.Append(" argv-mem="u8, session.ParseState?.ArgumentBytes ?? 0);
        line.Append(" multi-mem="u8, session.Transaction?.Size ?? 0);
        line.Append(" rbs=0 rbp=0 obl=0 oll="u8, output > 0 ? 1 : 0);
        line.Append(" omem="u8, link.OutputMemory);
        line.Append(" tot-mem="u8, session.MemoryBytes);
        line.Append(output > 0 ? " events=rw"u8 : " events=r"u8);
    }

    private static void AppendProtocol(ref LineBuilder line, Session session)
    {
        SessionActivity activity = session.Activity;
        line.Append(" cmd="u8);
        line.Append(activity.LastCommand is { } command ? command.FullName : "NULL"u8);
        line.Append(" user=default redir="u8, session.Tracking?.RedirectId ?? -1);
        line.Append(" resp="u8, session.ProtocolVersion);
        line.Append(" lib-name="u8);
        line.Append(session.Identity.LibraryName);
        line.Append(" lib-ver="u8);
        line.Append(session.Identity.LibraryVersion);
        line.Append(" tot-net-in="u8, activity.BytesReceived);
        line.Append(" tot-net-out="u8, session.Link.BytesSent);
        line.Append(" tot-cmds="u8, activity.CommandCount);
    }

    private static int CountOf(Session session, ChannelKind kind) => session.Subscriptions?.CountOf(kind) ?? 0;

    private static void AppendFlags(ref LineBuilder line, Session session)
    {
        int start = line.Length;
        AppendFlag(ref line, session.Has(SessionFlags.Monitor), (byte)'O');
        AppendFlag(ref line, session.IsSubscriber, (byte)'P');
        AppendFlag(ref line, session.Transaction is not null, (byte)'x');
        AppendFlag(ref line, session.Has(SessionFlags.Blocked | SessionFlags.Postponed), (byte)'b');
        if (session.Tracking is { } tracking)
        {
            line.Append((byte)'t');
            AppendFlag(ref line, tracking.IsRedirectBroken, (byte)'R');
            AppendFlag(ref line, tracking.Has(TrackingModes.Broadcast), (byte)'B');
        }
        AppendFlag(ref line, session.Has(SessionFlags.WatchBroken), (byte)'d');
        AppendFlag(ref line, session.Has(SessionFlags.Closing), (byte)'c');
        AppendFlag(ref line, session.Has(SessionFlags.Gone), (byte)'A');
        AppendFlag(ref line, session.Link.IsUnixSocket, (byte)'U');
        AppendFlag(ref line, session.Has(SessionFlags.NoEvict), (byte)'e');
        AppendFlag(ref line, session.Has(SessionFlags.NoTouch), (byte)'T');
        AppendFlag(ref line, line.Length == start, (byte)'N');
    }

    private static void AppendFlag(ref LineBuilder line, bool isSet, byte letter)
    {
        if (isSet)
        {
            line.Append(letter);
        }
    }
}
