using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>
/// CLIENT: a client about itself. ID, INFO, GETNAME, SETNAME, SETINFO, CAPA, REPLY, NO-EVICT, NO-TOUCH.
/// </summary>
[Command(
    "client", Group = "connection", Since = "2.4.0", Arity = -2, Flags = "keeps_caching",
    Complexity = "Depends on the subcommand",
    Summary = "Inspects and steers connections.")]
public sealed class Client(SessionParts parts, IClock clock)
{
    [Command(
        "client|id", Group = "connection", Since = "5.0.0", Arity = 2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Returns the id of this connection.")]
    public void Id(CommandContext context) => context.Reply.Integer(context.Session.Id);

    [Command(
        "client|info", Group = "connection", Since = "6.2.0", Arity = 2,
        Flags = "noscript loading stale", Tips = "nondeterministic_output",
        Complexity = "O(1)",
        Summary = "Returns the line of CLIENT LIST of this connection.")]
    public void Info(CommandContext context)
    {
        var line = new LineBuilder(stackalloc byte[ClientText.UsualSize]);
        parts.Text.Append(ref line, context.Session, clock.MonotonicUs / 1000);
        line.Append((byte)'\n');
        context.Reply.Verbatim(line.Written, "txt"u8);
        line.Dispose();
    }

    [Command(
        "client|getname", Group = "connection", Since = "2.6.9", Arity = 2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Returns the name of this connection.")]
    public void GetName(CommandContext context)
    {
        if (context.Session.Identity.Name.Length == 0)
        {
            context.Reply.Null();
        }
        else
        {
            context.Reply.Bulk(context.Session.Identity.Name);
        }
    }

    [Command(
        "client|setname", Group = "connection", Since = "2.6.9", Arity = 3,
        Flags = "noscript loading stale", Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(1)",
        Summary = "Gives this connection a name.",
        Syntax = "connection-name")]
    public void SetName(CommandContext context)
    {
        if (!IsPrintable(context[2]))
        {
            context.Reply.Error(ErrorText.ClientName);
            return;
        }
        context.Session.Identity.Name = context[2].ToArray();
        context.Reply.Ok();
    }

    [Command(
        "client|setinfo", Group = "connection", Since = "7.2.0", Arity = 4,
        Flags = "noscript loading stale", Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(1)",
        Summary = "Tells the name or version of the client library.",
        Syntax = "(attr: LIB-NAME libname | LIB-VER libver)")]
    public void SetInfo(CommandContext context)
    {
        ReadOnlySpan<byte> attribute = context[2];
        bool isName = Ascii.EqualsIgnoreCase(attribute, "lib-name"u8);
        if (!isName && !Ascii.EqualsIgnoreCase(attribute, "lib-ver"u8))
        {
            ErrorText.UnrecognizedOption(context.Reply, attribute);
            return;
        }
        if (!IsPrintable(context[3]))
        {
            ErrorText.AttributeCharacters(context.Reply, attribute);
            return;
        }
        ClientIdentity identity = context.Session.Identity;
        if (isName)
        {
            identity.LibraryName = context[3].ToArray();
        }
        else
        {
            identity.LibraryVersion = context[3].ToArray();
        }
        context.Reply.Ok();
    }

    [Command(
        "client|capa", Group = "connection", Since = "8.0.0", Arity = -3,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Tells what this client can do; REDIRECT is to be sent on by a replica to its primary.",
        Syntax = "capability ...")]
    public void Capa(CommandContext context)
    {
        for (int i = 2; i < context.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(context[i], "redirect"u8))
            {
                context.Session.Raise(Concern.Redirect, true);
            }
        }
        context.Reply.Ok();
    }

    [Command(
        "client|reply", Group = "connection", Since = "3.2.0", Arity = 3,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Chooses whether this connection gets replies.",
        Syntax = "(action: ON | OFF | SKIP)")]
    public void Reply(CommandContext context)
    {
        Session session = context.Session;
        if (Ascii.EqualsIgnoreCase(context[2], "on"u8))
        {
            session.ReplyMode = ReplyMode.On;
            context.Reply.Ok();
        }
        else if (Ascii.EqualsIgnoreCase(context[2], "off"u8))
        {
            session.ReplyMode = ReplyMode.Off;
        }
        else if (Ascii.EqualsIgnoreCase(context[2], "skip"u8))
        {
            session.ReplyMode = session.ReplyMode == ReplyMode.Off ? ReplyMode.Off : ReplyMode.SkipNext;
        }
        else
        {
            context.Reply.Error(ErrorText.Syntax);
        }
    }

    [Command(
        "client|no-evict", Group = "connection", Since = "7.0.0", Arity = 3,
        Flags = "admin noscript loading stale",
        Complexity = "O(1)",
        Summary = "Chooses whether this connection may be closed to save memory.",
        Syntax = "(enabled: ON | OFF)")]
    public void NoEvict(CommandContext context) => Switch(context, SessionFlags.NoEvict);

    [Command(
        "client|no-touch", Group = "connection", Since = "7.2.0", Arity = 3,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Chooses whether the commands of this connection mark keys as used.",
        Syntax = "(enabled: ON | OFF)")]
    public void NoTouch(CommandContext context) => Switch(context, SessionFlags.NoTouch);

    [Command(
        "client|help", Group = "connection", Since = "5.0.0", Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "CLIENT",
        "CACHING (YES|NO)",
        "    Track or leave out what the next command reads, in the modes OPTIN and OPTOUT.",
        "CAPA <capability> [<capability> ...]",
        "    Tell what this client can do. REDIRECT: a replica answers -REDIRECT host:port, where its primary is.",
        "DURABILITY [NONE|LOCAL|REPLICAS <count> [<timeout>]]",
        "    Have replies to changes wait for this server's disk, or for <count> replicas but not longer than <timeout> milliseconds.",
        "GETNAME",
        "    The name of this connection.",
        "GETREDIR",
        "    The id of the client to which tracking messages are redirected, or -1.",
        "ID",
        "    The id of this connection.",
        "INFO",
        "    This connection's line of CLIENT LIST.",
        "KILL <ip:port> | <option> <value> [<option> <value> [...]]",
        "    Close connections by ADDR, LADDR, ID, TYPE, USER or MAXAGE; SKIPME NO includes this one.",
        "LIST [TYPE <type> | ID <id> [<id> [...]]]",
        "    All connections, or those of a type or with these ids, a line each.",
        "NO-EVICT (ON|OFF)",
        "    Keep this connection when connections are closed to save memory.",
        "NO-TOUCH (ON|OFF)",
        "    Let this connection's commands leave the keys' access clocks alone.",
        "PAUSE <timeout> [WRITE|ALL]",
        "    Make all commands, or those that write, wait for <timeout> milliseconds.",
        "REPLY (ON|OFF|SKIP)",
        "    Whether this connection gets replies; SKIP leaves out the next one.",
        "SETINFO <LIB-NAME|LIB-VER> <value>",
        "    Tell the name or version of the client library.",
        "SETNAME <name>",
        "    Give this connection a name.",
        "TIMES [ID <id> [<id> ...]]",
        "    How long the requests of each connection, or of these, were in each stage.",
        "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]] [OPTIN] [OPTOUT] [NOLOOP]",
        "    Tell this connection when what it has read, or keys with a prefix, change.",
        "TRACKINGINFO",
        "    How tracking is set up for this connection.",
        "UNBLOCK <id> [TIMEOUT|ERROR]",
        "    End the wait of a blocked client, as if its time were over or with an error.",
        "UNPAUSE",
        "    End a pause now.");

    /// <summary>Whether a name or attribute can stand in a line of CLIENT LIST.</summary>
    internal static bool IsPrintable(ReadOnlySpan<byte> text) => text.IndexOfAnyExceptInRange((byte)'!', (byte)'~') < 0;

    private static void Switch(CommandContext context, SessionFlags flag)
    {
        bool isOn = Ascii.EqualsIgnoreCase(context[2], "on"u8);
        if (!isOn && !Ascii.EqualsIgnoreCase(context[2], "off"u8))
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        context.Session.Set(flag, isOn);
        context.Reply.Ok();
    }
}
