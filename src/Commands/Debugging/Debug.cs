using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Debugging;

/// <summary>DEBUG: tools for tests of servers and of clients, allowed only with enable-debug-command.</summary>
public sealed class Debug(DebugTools tools)
{
    [Command(
        "debug",
        Group = "server",
        Since = "1.0.0",
        Arity = -2,
        Flags = "admin noscript loading stale protected syscmd",
        Complexity = "Depends on the subcommand.",
        Summary = "Tools for tests.")]
    public void Run(CommandContext context)
    {
        if (tools.Find(context) is { } tool)
        {
            tool.Run(context);
            return;
        }
        ErrorText.SubcommandSyntax(context.Reply, "DEBUG"u8, context[1]);
    }

    internal static void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "DEBUG",
        "AOF-FLUSH-SLEEP <microseconds>",
        "    Rest before each write to the append only log.",
        "CHANGE-REPL-ID",
        "    Begin a new replication history.",
        "CONFIG-REWRITE-FORCE-ALL",
        "    Like CONFIG REWRITE, but also write the settings that have their default values.",
        "DICT-RESIZING <0|1>",
        "    Accepted and without meaning: indexes always grow a segment at a time.",
        "DIGEST",
        "    A hexadecimal digest of all keys and values.",
        "DIGEST-VALUE <key> [<key> ...]",
        "    A hexadecimal digest of the value of each <key>.",
        "ERROR <string>",
        "    Answer <string> as an error.",
        "HTSTATS <dbid> [full]",
        "    Figures of the index of database <dbid>.",
        "LISTPACK <key>",
        "    Write how the listpack of <key> is filled to the log.",
        "LOADAOF",
        "    Remove all keys and load the append only log.",
        "LOG <message>",
        "    Write <message> to the log.",
        "OBJECT <key>",
        "    How the value of <key> is stored.",
        "PANIC",
        "    Crash with a report.",
        "PAUSE-CRON <0|1>",
        "    Do nothing by itself between commands: no expiry, eviction, saving, sampling, closing of idle clients.",
        "POPULATE <count> [<prefix>] [<size>]",
        "    Create <count> strings of <size> bytes called <prefix>:<number>; the prefix is key unless told.",
        "PROTOCOL <type>",
        "    Answer a sample of <type>: string, integer, double, bignum, null, array, set, map, attrib, push,",
        "    verbatim, true or false.",
        "QUICKLIST <key>",
        "    Write how the listpacks of the long list <key> are filled to the log.",
        "QUICKLIST-PACKED-THRESHOLD <size>",
        "    Accepted and without meaning: elements of lists are packed whatever their size.",
        "RELOAD [MERGE] [NOFLUSH] [NOSAVE]",
        "    Save, remove all keys and load them again. NOSAVE loads what was saved before, NOFLUSH removes no key,",
        "    MERGE lets the file replace keys that are there.",
        "REPLICATE <argument> [<argument> ...]",
        "    Send the replicas a request that is not run here.",
        "REPLYBUFFER PEAK-RESET-TIME <NEVER|RESET|time>",
        "    Accepted and without meaning: a client has no reply buffer of its own.",
        "REPLYBUFFER RESIZING <0|1>",
        "    Accepted and without meaning, for the same reason.",
        "SDSLEN <key>",
        "    The lengths of <key> and of its value.",
        "SEGFAULT",
        "    Crash by a memory access that is not allowed.",
        "SET-ACTIVE-EXPIRE <0|1>",
        "    Switch the active removal of expired keys off or on.",
        "SET-SKIP-CHECKSUM-VALIDATION <0|1>",
        "    Let RESTORE take payloads without a right checksum, or not.",
        "SLEEP <seconds>",
        "    Stop the server for <seconds>, which may have a fraction.",
        "STRINGMATCH-LEN <length> <pattern>",
        "    Match <pattern> against a text of <length> equal letters.");
}
