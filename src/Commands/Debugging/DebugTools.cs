using Bixbite.Engine.Execution;

namespace Bixbite.Commands.Debugging;

/// <summary>The subcommands of DEBUG, whoever adds them.</summary>
public sealed class DebugTools
{
    private readonly List<DebugTool> _tools = [];

    public void Add(IEnumerable<DebugTool> tools) => _tools.AddRange(tools);

    /// <summary>The tool that a request asks for with as many arguments as it takes, or null.</summary>
    public DebugTool? Find(CommandContext context) => _tools.Find(tool => tool.Matches(context));
}
