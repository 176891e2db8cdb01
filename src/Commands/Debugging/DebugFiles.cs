using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Persistence.Startup;
using Bixbite.Protocol;

namespace Bixbite.Commands.Debugging;

/// <summary>The tools of DEBUG that write files.</summary>
internal sealed class DebugFiles(ConfigRewrite rewrite, ServerIdentity identity, Reload reload)
{
    public IEnumerable<DebugTool> Tools =>
    [
        new DebugTool("aof-flush-sleep", 3, 3, DelayLog),
        new DebugTool("config-rewrite-force-all", 2, 2, RewriteAll),
        new DebugTool("loadaof", 2, 2, LoadLog),
        new DebugTool("reload", 2, int.MaxValue, ReloadSnapshot),
    ];

    /// <summary>Saves and loads the data as a restart would (DEBUG RELOAD).</summary>
    private void ReloadSnapshot(CommandContext context)
    {
        bool isSaved = true;
        bool isEmptied = true;
        bool replacesKeys = false;
        for (var arguments = new ArgumentReader(context, 2); !arguments.IsAtEnd;)
        {
            if (arguments.Match("merge"u8))
            {
                replacesKeys = true;
            }
            else if (arguments.Match("noflush"u8))
            {
                isEmptied = false;
            }
            else if (arguments.Match("nosave"u8))
            {
                isSaved = false;
            }
            else
            {
                context.Reply.Error(ErrorText.ReloadOptions);
                return;
            }
        }
        if (reload.IsBusy)
        {
            context.Reply.Error(ErrorText.ReloadFailed);
            return;
        }
        if (isSaved && reload.Save() is not null)
        {
            context.Reply.Error(ErrorText.SaveFailed);
            return;
        }
        if (isEmptied)
        {
            reload.Empty();
        }
        if (reload.Load(replacesKeys) is not null)
        {
            context.Reply.Error(ErrorText.ReloadFailed);
            return;
        }
        context.Reply.Ok();
    }

    /// <summary>Loads the append-only file as a restart would (DEBUG LOADAOF).</summary>
    private void LoadLog(CommandContext context)
    {
        if (reload.IsBusy || reload.LoadLog() is not null)
        {
            context.Reply.Error(ErrorText.LoadLogFailed);
            return;
        }
        context.Reply.Ok();
    }

    private void DelayLog(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        long delayUs = arguments.Integer(0, int.MaxValue, ErrorText.NotAnInteger);
        if (arguments.AnswerFailure())
        {
            return;
        }
        reload.Log.WriteDelayUs = (int)delayUs;
        context.Reply.Ok();
    }

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
