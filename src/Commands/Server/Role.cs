using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Server;

/// <summary>ROLE: a primary whose history has no changes told to anybody, and without replicas.</summary>
public sealed class Role
{
    [Command(
        "role",
        Group = "server",
        Since = "2.8.12",
        Arity = 1,
        Flags = "noscript loading stale fast",
        Categories = "admin dangerous",
        Complexity = "O(1)",
        Summary = "Tells the server's part in replication.")]
    public void Run(CommandContext context)
    {
        context.Reply.Array(3);
        context.Reply.Bulk("master"u8);
        context.Reply.Integer(0);
        context.Reply.Array(0);
    }
}
