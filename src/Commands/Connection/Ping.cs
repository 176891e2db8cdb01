using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Connection;

/// <summary>The small commands that a connection lives by: PING, ECHO, SELECT, QUIT.</summary>
public sealed class Ping(Databases databases)
{
    [Command("ping")]
    public void Answer(CommandContext context)
    {
        if (context.Count > 2)
        {
            ErrorText.WrongArity(context.Reply, "ping"u8);
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

    [Command("echo")]
    public void Echo(CommandContext context) => context.Reply.Bulk(context[1]);

    [Command("select")]
    public void Select(CommandContext context)
    {
        if (!Integers.TryParse(context[1], out long number) || number is < int.MinValue or > int.MaxValue)
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return;
        }
        if (number < 0 || number >= databases.Count)
        {
            context.Reply.Error(ErrorText.DatabaseOutOfRange);
            return;
        }
        context.Session.Database = databases[(int)number];
        context.Reply.Ok();
    }

    [Command("quit")]
    public void Quit(CommandContext context)
    {
        context.Reply.Ok();
        context.Session.Close();
    }
}
