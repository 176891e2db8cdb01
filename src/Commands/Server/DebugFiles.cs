using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Settings;
using Bixbite.Engine.Settings.ConfigFiles;
using Bixbite.Protocol;

namespace Bixbite.Commands.Server;

/// <summary>The tools of DEBUG that write files.</summary>
internal sealed class DebugFiles(ConfigRewrite rewrite, ServerIdentity identity)
{
    public IEnumerable<DebugTool> Tools => [new DebugTool("config-rewrite-force-all", 2, 2, RewriteAll)];

    private void RewriteAll(CommandContext context)
    {
        if (rewrite.Run(identity.ConfigPath, isComplete: true) is { } problem)
        {
            new ErrorLine(context.Reply).Text("ERR CONFIG-REWRITE-FORCE-ALL failed: "u8).Argument(ByteText.Encode(problem)).End();
            return;
        }
        context.Reply.Ok();
    }
}
