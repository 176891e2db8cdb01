using Bixbite.Commands.Scripting.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Scripting;
using Bixbite.Scripting.Debugging;
using Bixbite.Scripting.Scripts;

namespace Bixbite.Commands.Scripting;

/// <summary>EVAL, EVALSHA, and their forms that may not write.</summary>
public sealed class Eval(ScriptService scripts, ScriptDebugger debugger, CommandRecorder recorder) : IRequestFlags
{
    [Command(
        "eval", Group = "scripting", Since = "2.6.0", Arity = -3,
        Flags = "noscript skip_monitor may_replicate no_mandatory_keys stale",
        Categories = "scripting",
        Keys = "rw access update; numkeys 2 -- We cannot tell how the keys will be used so we assume the worst, RW and UPDATE",
        Complexity = "Depends on the script that is executed",
        Summary = "Runs a script of Lua on the server.",
        Syntax = "script numkeys:integer [key ...] [arg ...]")]
    public void Run(CommandContext context) => RunSource(context, isReadOnly: false);

    [Command(
        "eval_ro", Group = "scripting", Since = "7.0.0", Arity = -3,
        Flags = "readonly noscript skip_monitor no_mandatory_keys stale",
        Categories = "scripting",
        Keys = "ro access; numkeys 2 -- We cannot tell how the keys will be used so we assume the worst, RO and ACCESS",
        Complexity = "Depends on the script that is executed",
        Summary = "Runs a script of Lua that changes nothing.",
        Syntax = "script numkeys:integer [key ...] [arg ...]")]
    public void EvalRo(CommandContext context) => RunSource(context, isReadOnly: true);

    [Command(
        "evalsha", Group = "scripting", Since = "2.6.0", Arity = -3,
        Flags = "noscript skip_monitor may_replicate no_mandatory_keys stale",
        Categories = "scripting",
        Keys = "rw access update; numkeys 2",
        Complexity = "Depends on the script that is executed",
        Summary = "Runs a script that the server knows, by its SHA1.",
        Syntax = "sha1 numkeys:integer [key ...] [arg ...]")]
    public void EvalSha(CommandContext context) => RunDigest(context, isReadOnly: false);

    [Command(
        "evalsha_ro", Group = "scripting", Since = "7.0.0", Arity = -3,
        Flags = "readonly noscript skip_monitor no_mandatory_keys stale",
        Categories = "scripting",
        Keys = "ro access; numkeys 2",
        Complexity = "Depends on the script that is executed",
        Summary = "Runs a script that the server knows, by its SHA1, and that changes nothing.",
        Syntax = "sha1 numkeys:integer [key ...] [arg ...]")]
    public void EvalShaRo(CommandContext context) => RunDigest(context, isReadOnly: true);

    CommandFlags IRequestFlags.FlagsOf(CommandContext context)
    {
        CommandFlags flags = context.Command.Flags;
        bool isDigest = context.Command.Name.StartsWith("evalsha"u8);
        return ScriptService.FlagsOf(flags, isDigest ? scripts.FlagsOfDigest(context[1]) : ScriptService.FlagsOfSource(context[1]));
    }

    private void RunSource(CommandContext context, bool isReadOnly)
    {
        recorder.Show(context);
        if (debugger.IsEnabled(context.Session))
        {
            Debug(context, isReadOnly);
        }
        else if (KeyCount.TryRead(context, ErrorText.NotAnInteger, out int keyCount)
            && scripts.Load(context, context[1], isForGood: false) is { } script)
        {
            scripts.Run(context, script, KeyCount.FirstKey, keyCount, isReadOnly);
        }
    }

    private void Debug(CommandContext context, bool isReadOnly)
    {
        if (KeyCount.TryRead(context, ErrorText.NotAnInteger, out int keyCount))
        {
            debugger.Run(context, KeyCount.FirstKey, keyCount, isReadOnly);
        }
        debugger.EndUnlessBegun(context);
    }

    private void RunDigest(CommandContext context, bool isReadOnly)
    {
        recorder.Show(context);
        bool isDigest = context[1].Length == Script.Sha1Size;
        if (isDigest && debugger.IsEnabled(context.Session))
        {
            context.Reply.Error(ErrorText.DebugNeedsSource);
            return;
        }
        int keyCount = 0;
        if (isDigest && !KeyCount.TryRead(context, ErrorText.NotAnInteger, out keyCount))
        {
            return;
        }
        if (!isDigest || scripts.Find(context[1]) is not { } script)
        {
            context.Reply.Error(ErrorText.NoScript);
            return;
        }
        scripts.Run(context, script, KeyCount.FirstKey, keyCount, isReadOnly);
    }
}
