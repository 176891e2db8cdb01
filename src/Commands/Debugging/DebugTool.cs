using Bixbite.Engine.Execution;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Debugging;

/// <summary>One subcommand of DEBUG. The counts are those of all arguments, <c>debug</c> and the name included.</summary>
public sealed class DebugTool(string name, int countMin, int countMax, CommandHandler handler)
{
    private readonly byte[] _name = System.Text.Encoding.ASCII.GetBytes(name);

    public bool Matches(CommandContext context) =>
        context.Count >= countMin && context.Count <= countMax && Ascii.EqualsIgnoreCase(context[1], _name);

    public void Run(CommandContext context) => handler(context);
}
