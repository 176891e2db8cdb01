using System.Globalization;
using Bixbite.Protocol;
using Bixbite.Tool.Connecting;

namespace Bixbite.Tool.Cli;

/// <summary>
/// The first words on a connection: who comes, which protocol, which database. A server that does not know HELLO is spoken to in RESP2,
/// unless RESP3 was asked for.
/// </summary>
/// <param name="options">Who comes.</param>
/// <param name="protocol">2 or 3; 0 for RESP3 where the server knows it.</param>
internal sealed class Greeting(ConnectionOptions options, int protocol)
{
    public void Say(ServerConnection connection, int database, CancellationToken interruption)
    {
        if (options.Password is not null)
        {
            string[] login = options.User.Length > 0 ? ["AUTH", options.User, options.Password] : ["AUTH", options.Password];
            Require(connection.Ask(interruption, login), "logging in", "Is the password right? The variable REDISCLI_AUTH or -a gives it.");
        }
        if (protocol != 2)
        {
            Reply reply = connection.Ask(interruption, "HELLO", "3");
            if (protocol == 3)
            {
                Require(reply, "RESP3", "-2 speaks RESP2.");
            }
        }
        if (database != 0)
        {
            Reply reply = connection.Ask(interruption, "SELECT", database.ToString(CultureInfo.InvariantCulture));
            Require(reply, $"database {database}", "The server's setting 'databases' says how many there are.");
        }
    }

    private void Require(Reply reply, string what, string advice)
    {
        if (reply.IsError)
        {
            throw new ToolException($"{options.Address} refuses {what}: {reply.Text}. {advice}");
        }
    }
}
