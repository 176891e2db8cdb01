using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>The small commands that a connection lives by: PING, ECHO, SELECT, QUIT.</summary>
public sealed class Ping(Databases databases)
{
    [Command(
        "ping", Group = "connection", Since = "1.0.0", Arity = -1,
        Flags = "fast allows_subscriber needs_disk", Tips = "request_policy:all_shards response_policy:all_succeeded",
        Complexity = "O(1)",
        Summary = "Answers PONG, or the message.",
        Syntax = "[message]")]
    public void Run(CommandContext context)
    {
        if (context.Count > 2)
        {
            ErrorText.WrongArity(context.Reply, "ping"u8);
        }
        else if (context.Session.ProtocolVersion == 2 && context.Session.IsSubscriber)
        {
            // In the form of a message, since that is what a subscriber's client expects.
            context.Reply.Array(2);
            context.Reply.Bulk("pong"u8);
            context.Reply.Bulk(context.Count == 2 ? context[1] : default);
        }
        else if (context.Count == 2)
        {
            context.Reply.Bulk(context[1]);
        }
        else
        {
            context.Reply.Pong();
        }
    }

    [Command(
        "echo", Group = "connection", Since = "1.0.0", Arity = 2,
        Flags = "loading stale fast",
        Complexity = "O(1)",
        Summary = "Returns the message.",
        Syntax = "message")]
    public void Echo(CommandContext context) => context.Reply.Bulk(context[1]);

    [Command(
        "select", Group = "connection", Since = "1.0.0", Arity = 2,
        Flags = "loading stale fast journaled", Databases = "1",
        Complexity = "O(1)",
        Summary = "Chooses the database of this connection.",
        Syntax = "index")]
    public void Select(CommandContext context)
    {
        if (databases is { HasSlots: true, Count: 1 } && Integers.TryParse(context[1], out long number) && number != 0)
        {
            context.Reply.Error(ClusterErrorText.NoSelect);
            return;
        }
        if (DatabaseArgument.TryRead(context, 1, databases, out Database? database))
        {
            context.Session.Database = database;
            context.Reply.Ok();
        }
    }

    [Command(
        "quit", Group = "connection", Since = "1.0.0", Arity = -1,
        Flags = "allow_busy noscript loading stale fast no_auth runs_in_multi allows_subscriber",
        DeprecatedSince = "7.2.0", ReplacedBy = "just closing the connection",
        Complexity = "O(1)",
        Summary = "Closes the connection.")]
    public void Quit(CommandContext context)
    {
        context.Reply.Ok();
        context.Session.Close();
    }
}
