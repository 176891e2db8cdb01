using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Scripting;
using Bixbite.Scripting.Debugging;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Scripting;

/// <summary>SCRIPT: the scripts that the server knows.</summary>
[Command("script", Group = "scripting", Since = "2.6.0", Arity = -2, Summary = "A container for commands about scripts.")]
public sealed class ScriptCommands(ScriptService scripts, ScriptDebugger debugger, LazyFreeSettings settings)
{
    [Command(
        "script|load", Group = "scripting", Since = "2.6.0", Arity = 3,
        Flags = "noscript stale",
        Categories = "scripting",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        Complexity = "O(N) with N the bytes of the script",
        Summary = "Keeps a script.",
        Syntax = "script")]
    public void Load(CommandContext context)
    {
        if (scripts.Load(context, context[2], isForGood: true) is { } script)
        {
            context.Reply.Bulk(script.Sha1);
        }
    }

    [Command(
        "script|exists", Group = "scripting", Since = "2.6.0", Arity = -3,
        Flags = "noscript",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:agg_logical_and",
        Complexity = "O(N) with N the digests",
        Summary = "Tells which scripts the server knows.",
        Syntax = "sha1 ...")]
    public void Exists(CommandContext context)
    {
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            context.Reply.Integer(scripts.Find(context[i]) is null ? 0 : 1);
        }
    }

    [Command(
        "script|flush", Group = "scripting", Since = "2.6.0", Arity = -2,
        Flags = "noscript",
        Categories = "scripting",
        Tips = "request_policy:all_nodes response_policy:all_succeeded",
        History = "6.2.0 Added the `ASYNC` and `SYNC` flushing mode modifiers.",
        Complexity = "O(N) with N the scripts",
        Summary = "Forgets all scripts.",
        Syntax = "[async@6.2.0: ASYNC | SYNC]")]
    public void Flush(CommandContext context)
    {
        if (!FlushMode.TryRead(context, 2, out bool? isLazy))
        {
            context.Reply.Error(ErrorText.ScriptFlushMode);
            return;
        }
        scripts.Clear(isLazy ?? settings.UserFlush.Value);
        context.Reply.Ok();
    }

    [Command(
        "script|show", Group = "scripting", Since = "8.0.0", Arity = 3,
        Flags = "noscript",
        Categories = "scripting",
        Complexity = "O(1)",
        Summary = "Returns the source of a script that the server knows.",
        Syntax = "sha1")]
    public void Show(CommandContext context)
    {
        if (scripts.Find(context[2]) is { } script)
        {
            context.Reply.Bulk(script.Source);
        }
        else
        {
            context.Reply.Error(ErrorText.NoScript);
        }
    }

    [Command(
        "script|debug", Group = "scripting", Since = "3.2.0", Arity = 3,
        Flags = "noscript",
        Categories = "scripting",
        Complexity = "O(1)",
        Summary = "Lets the client debug the scripts that it sends.",
        Syntax = "(mode: YES | SYNC | NO)")]
    public void Debug(CommandContext context)
    {
        if (context.Session.Link.PendingOutput > 0 || context.HasRepliesBefore)
        {
            context.Reply.Error(ErrorText.DebugInPipeline);
            return;
        }
        bool isSync = Ascii.EqualsIgnoreCase(context[2], "sync"u8);
        if (isSync || Ascii.EqualsIgnoreCase(context[2], "yes"u8))
        {
            debugger.Enable(context.Session, isSync);
        }
        else if (Ascii.EqualsIgnoreCase(context[2], "no"u8))
        {
            debugger.Disable(context.Session);
        }
        else
        {
            context.Reply.Error(ErrorText.DebugMode);
            return;
        }
        context.Reply.Ok();
    }

    [Command(
        "script|kill", Group = "scripting", Since = "2.6.0", Arity = 2,
        Flags = "noscript allow_busy",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:one_succeeded",
        Complexity = "O(1)",
        Summary = "Stops the script that runs, if it has not written.")]
    public void Kill(CommandContext context) => scripts.Kill(context);

    [Command(
        "script|help", Group = "scripting", Since = "5.0.0", Arity = 2,
        Flags = "loading stale",
        Categories = "scripting",
        Complexity = "O(1)",
        Summary = "Describes the forms of SCRIPT.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "SCRIPT",
        "DEBUG (YES|SYNC|NO)",
        "    Set the debug mode for subsequent scripts executed.",
        "EXISTS <sha1> [<sha1> ...]",
        "    Return information about the existence of the scripts in the script cache.",
        "FLUSH [ASYNC|SYNC]",
        "    Flush the Lua scripts cache. Very dangerous on replicas.",
        "    When called without the optional mode argument, the behavior is determined by the",
        "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
        "    * ASYNC: Asynchronously flush the scripts cache.",
        "    * SYNC: Synchronously flush the scripts cache.",
        "KILL",
        "    Kill the currently executing Lua script.",
        "LOAD <script>",
        "    Load a script into the scripts cache without executing it.");
}
