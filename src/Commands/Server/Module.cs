using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Server;

/// <summary>MODULE: there are none, and none can be loaded; tools ask all the same.</summary>
[Command(
    "module", Group = "server", Since = "4.0.0", Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Leads to the commands about modules.")]
public sealed class Module
{
    [Command(
        "module|list", Group = "server", Since = "4.0.0", Arity = 2,
        Flags = "admin noscript", Tips = "nondeterministic_output_order",
        Complexity = "O(1)",
        Summary = "Returns the loaded modules: none.")]
    public void List(CommandContext context) => context.Reply.Array(0);

    [Command(
        "module|help", Group = "server", Since = "5.0.0", Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "MODULE",
        "LIST",
        "    The loaded modules: none, and none can be loaded.");
}
