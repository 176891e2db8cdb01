using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Scripting.Functions;
using Bixbite.Scripting.Scripts;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Scripting;

/// <summary>FUNCTION: the libraries that the server has.</summary>
[Command("function", Group = "scripting", Since = "7.0.0", Arity = -2, Summary = "A container for commands about functions.")]
public sealed class FunctionCommands(FunctionService functions, LongCommand command, LazyFreeSettings settings)
{
    [Command(
        "function|load", Group = "scripting", Since = "7.0.0", Arity = -3,
        Flags = "write denyoom noscript",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        Complexity = "O(1), considering that the code of a library only registers functions",
        Summary = "Adds a library.",
        Syntax = "[REPLACE] function-code")]
    public void Load(CommandContext context)
    {
        bool replaces = false;
        for (int i = 2; i < context.Count - 1; i++)
        {
            replaces = Ascii.EqualsIgnoreCase(context[i], "replace"u8);
            if (!replaces)
            {
                ErrorText.FunctionLoadOption(context.Reply, context[i]);
                return;
            }
        }
        if (functions.Load(context, context[context.Count - 1], replaces, out Library? library) is { } problem)
        {
            ErrorText.Problem(context.Reply, problem);
            return;
        }
        context.RecordsChanged();
        context.Reply.Bulk(library!.NameText);
    }

    [Command(
        "function|delete", Group = "scripting", Since = "7.0.0", Arity = 3,
        Flags = "write noscript",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        Complexity = "O(1)",
        Summary = "Removes a library.",
        Syntax = "library-name")]
    public void Delete(CommandContext context)
    {
        if (!functions.Delete(context[2]))
        {
            context.Reply.Error(ErrorText.LibraryNotFound);
            return;
        }
        context.RecordsChanged();
        context.Reply.Ok();
    }

    [Command(
        "function|flush", Group = "scripting", Since = "7.0.0", Arity = -2,
        Flags = "write noscript",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:all_succeeded",
        Complexity = "O(N) with N the libraries",
        Summary = "Removes all libraries.",
        Syntax = "[flush-type: ASYNC | SYNC]")]
    public void Flush(CommandContext context)
    {
        if (context.Count > 3)
        {
            ErrorText.SubcommandSyntax(context.Reply, "FUNCTION"u8, context[1]);
            return;
        }
        if (!FlushMode.TryRead(context, 2, out bool? isLazy))
        {
            context.Reply.Error(ErrorText.FunctionFlushMode);
            return;
        }
        functions.Clear(isLazy ?? settings.UserFlush.Value);
        context.RecordsChanged();
        context.Reply.Ok();
    }

    [Command(
        "function|list", Group = "scripting", Since = "7.0.0", Arity = -2,
        Flags = "noscript",
        Categories = "scripting",
        Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the functions",
        Summary = "Lists the libraries and their functions.",
        Syntax = "[LIBRARYNAME library-name-pattern] [WITHCODE]")]
    public void List(CommandContext context)
    {
        int patternAt = 0;
        bool hasCode = false;
        for (int i = 2; i < context.Count; i++)
        {
            if (!hasCode && Ascii.EqualsIgnoreCase(context[i], "withcode"u8))
            {
                hasCode = true;
            }
            else if (patternAt > 0 || !Ascii.EqualsIgnoreCase(context[i], "libraryname"u8))
            {
                ErrorText.FunctionListArgument(context.Reply, context[i]);
                return;
            }
            else if (++i < context.Count)
            {
                patternAt = i;
            }
            else
            {
                context.Reply.Error(ErrorText.LibraryNameMissing);
                return;
            }
        }
        context.ShowsRecords = true;
        int mark = context.Reply.BeginArray();
        int count = 0;
        foreach (Library library in functions.Libraries)
        {
            if (patternAt == 0 || Glob.IsMatch(context[patternAt], library.NameText, ignoreCase: true))
            {
                Describe(context.Reply, library, hasCode);
                count++;
            }
        }
        context.Reply.EndArray(mark, count);
    }

    [Command(
        "function|stats", Group = "scripting", Since = "7.0.0", Arity = 2,
        Flags = "noscript allow_busy",
        Categories = "scripting",
        Tips = "nondeterministic_output request_policy:all_shards response_policy:special",
        Complexity = "O(1)",
        Summary = "Tells which function runs, and what there is.")]
    public void Stats(CommandContext context)
    {
        if (functions.IsScriptRunning)
        {
            context.Reply.Error(ErrorText.BusyScript);
            return;
        }
        ReplyWriter reply = context.Reply;
        reply.Map(2);
        reply.Bulk("running_script"u8);
        DescribeRunning(reply);
        reply.Bulk("engines"u8);
        reply.Map(1);
        reply.Bulk("LUA"u8);
        reply.Map(2);
        reply.Bulk("libraries_count"u8);
        reply.Integer(functions.LibraryCount);
        reply.Bulk("functions_count"u8);
        reply.Integer(functions.FunctionCount);
    }

    [Command(
        "function|kill", Group = "scripting", Since = "7.0.0", Arity = 2,
        Flags = "noscript allow_busy",
        Categories = "scripting",
        Tips = "request_policy:all_shards response_policy:one_succeeded",
        Complexity = "O(1)",
        Summary = "Stops the function that runs, if it has not written.")]
    public void Kill(CommandContext context) => functions.Kill(context);

    [Command(
        "function|help", Group = "scripting", Since = "7.0.0", Arity = 2,
        Flags = "loading stale",
        Categories = "scripting",
        Complexity = "O(1)",
        Summary = "Describes the forms of FUNCTION.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "FUNCTION",
        "LOAD [REPLACE] <FUNCTION CODE>",
        "    Create a new library with the given library name and code.",
        "DELETE <LIBRARY NAME>",
        "    Delete the given library.",
        "LIST [LIBRARYNAME PATTERN] [WITHCODE]",
        "    Return general information on all the libraries:",
        "    * Library name",
        "    * The engine used to run the Library",
        "    * Library description",
        "    * Functions list",
        "    * Library code (if WITHCODE is given)",
        "    It also possible to get only function that matches a pattern using LIBRARYNAME argument.",
        "STATS",
        "    Return information about the current function running:",
        "    * Function name",
        "    * Command used to run the function",
        "    * Duration in MS that the function is running",
        "    If no function is running, return nil",
        "    In addition, returns a list of available engines.",
        "KILL",
        "    Kill the current running function.",
        "FLUSH [ASYNC|SYNC]",
        "    Delete all the libraries.",
        "    When called without the optional mode argument, the behavior is determined by the",
        "    lazyfree-lazy-user-flush configuration directive. Valid modes are:",
        "    * ASYNC: Asynchronously flush the libraries.",
        "    * SYNC: Synchronously flush the libraries.",
        "DUMP",
        "    Return a serialized payload representing the current libraries, can be restored using FUNCTION RESTORE command",
        "RESTORE <PAYLOAD> [FLUSH|APPEND|REPLACE]",
        "    Restore the libraries represented by the given payload, it is possible to give a restore policy to",
        "    control how to handle existing libraries (default APPEND):",
        "    * FLUSH: delete all existing libraries.",
        "    * APPEND: appends the restored libraries to the existing libraries. On collision, abort.",
        "    * REPLACE: appends the restored libraries to the existing libraries, On collision, replace the old",
        "      libraries with the new libraries (notice that even on this option there is a chance of failure",
        "      in case of functions name collision with another library).");

    /// <summary>The function that runs now, its request, and how long it has run.</summary>
    private void DescribeRunning(ReplyWriter reply)
    {
        if (!functions.TryGetRunning(out ReadOnlySpan<byte> name, out long durationMs))
        {
            reply.Null();
            return;
        }
        reply.Map(3);
        reply.Bulk("name"u8);
        reply.Bulk(name);
        reply.Bulk("command"u8);
        reply.Array(command.Arguments.Length);
        foreach (Argument argument in command.Arguments)
        {
            reply.Bulk(argument.Bytes);
        }
        reply.Bulk("duration_ms"u8);
        reply.Integer(durationMs);
    }

    private static void Describe(ReplyWriter reply, Library library, bool hasCode)
    {
        reply.Map(hasCode ? 4 : 3);
        reply.Bulk("library_name"u8);
        reply.Bulk(library.NameText);
        reply.Bulk("engine"u8);
        reply.Bulk("LUA"u8);
        reply.Bulk("functions"u8);
        reply.Array(library.Functions.Count);
        foreach (LibraryFunction function in library.Functions)
        {
            Describe(reply, function);
        }
        if (hasCode)
        {
            reply.Bulk("library_code"u8);
            reply.Bulk(library.Source.Span);
        }
    }

    private static void Describe(ReplyWriter reply, LibraryFunction function)
    {
        reply.Map(3);
        reply.Bulk("name"u8);
        reply.Bulk(function.NameText);
        reply.Bulk("description"u8);
        if (function.HasDescription)
        {
            reply.Bulk(function.DescriptionText);
        }
        else
        {
            reply.Null();
        }
        reply.Bulk("flags"u8);
        IReadOnlyList<byte[]> flags = ScriptFlagNames.Of(function.Flags);
        reply.Set(flags.Count);
        foreach (byte[] flag in flags)
        {
            reply.Simple(flag);
        }
    }
}
