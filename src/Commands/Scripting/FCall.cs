using Bixbite.Commands.Scripting.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Scripting;
using Bixbite.Scripting.Functions;

namespace Bixbite.Commands.Scripting;

/// <summary>FCALL, and its form that may not write.</summary>
public sealed class FCall(FunctionService functions, CommandRecorder recorder) : IRequestFlags
{
    [Command(
        "fcall", Group = "scripting", Since = "7.0.0", Arity = -3,
        Flags = "noscript skip_monitor may_replicate no_mandatory_keys stale",
        Categories = "scripting",
        Keys = "rw access update; numkeys 2 -- We cannot tell how the keys will be used so we assume the worst, RW and UPDATE",
        Complexity = "Depends on the function that is executed",
        Summary = "Runs a function.",
        Syntax = "function numkeys:integer [key ...] [arg ...]")]
    public void Run(CommandContext context) => Run(context, isReadOnly: false);

    [Command(
        "fcall_ro", Group = "scripting", Since = "7.0.0", Arity = -3,
        Flags = "readonly noscript skip_monitor no_mandatory_keys stale",
        Categories = "scripting",
        Keys = "ro access; numkeys 2 -- We cannot tell how the keys will be used so we assume the worst, RO and ACCESS",
        Complexity = "Depends on the function that is executed",
        Summary = "Runs a function that changes nothing.",
        Syntax = "function numkeys:integer [key ...] [arg ...]")]
    public void FCallRo(CommandContext context) => Run(context, isReadOnly: true);

    CommandFlags IRequestFlags.FlagsOf(CommandContext context)
    {
        CommandFlags flags = context.Command.Flags;
        return functions.Find(context[1]) is { } function ? ScriptService.FlagsOf(flags, function.Flags) : flags;
    }

    private void Run(CommandContext context, bool isReadOnly)
    {
        recorder.Show(context);
        context.ShowsRecords = true;
        if (functions.Find(context[1]) is not { } function)
        {
            context.Reply.Error(ErrorText.FunctionNotFound);
        }
        else if (KeyCount.TryRead(context, ErrorText.FunctionKeyCount, out int keyCount))
        {
            functions.Run(context, function, KeyCount.FirstKey, keyCount, isReadOnly);
        }
    }
}
