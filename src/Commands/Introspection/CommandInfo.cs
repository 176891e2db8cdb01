using Bixbite.Commands.Introspection.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Introspection;

/// <summary>COMMAND and its INFO, COUNT and HELP: what proxies and cluster clients ask to find a request's keys.</summary>
public sealed class CommandInfo(CommandTable table)
{
    [Command(
        "command", Group = "server", Since = "2.8.13", Arity = -1,
        Flags = "loading stale", Categories = "connection", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of commands",
        Summary = "Describes all commands to clients.")]
    public void Command(CommandContext context) => AnswerAll(context.Reply);

    [Command(
        "command|info", Group = "server", Since = "2.8.13", Arity = -2,
        Flags = "loading stale", Categories = "connection", Tips = "nondeterministic_output_order",
        History = "7.0.0 Allowed to be called with no argument to get info on all commands.",
        Complexity = "O(N) with N the number of commands asked for",
        Summary = "Describes some commands, or all, to clients.",
        Syntax = "[command-name ...]")]
    public void Info(CommandContext context)
    {
        if (context.Count == 2)
        {
            AnswerAll(context.Reply);
            return;
        }
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            if (table.FindFullName(context[i]) is { } command)
            {
                Answer(context.Reply, command);
            }
            else
            {
                context.Reply.Null();
            }
        }
    }

    [Command(
        "command|count", Group = "server", Since = "2.8.13", Arity = 2,
        Flags = "loading stale", Categories = "connection",
        Complexity = "O(1)",
        Summary = "Returns the number of commands, subcommands not counted.")]
    public void Count(CommandContext context) => context.Reply.Integer(table.Commands.Count);

    [Command(
        "command|help", Group = "server", Since = "5.0.0", Arity = 2,
        Flags = "loading stale", Categories = "connection",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "COMMAND",
        "(no subcommand)",
        "    Describe all commands to clients.",
        "COUNT",
        "    The number of commands.",
        "LIST [FILTERBY MODULE <module>|ACLCAT <category>|PATTERN <pattern>]",
        "    The names of all commands and subcommands, or of those that fit.",
        "INFO [<command> ...]",
        "    Describe some commands, or all, to clients.",
        "DOCS [<command> ...]",
        "    Describe some commands, or all, to people.",
        "GETKEYS <request>",
        "    The keys of a request.",
        "GETKEYSANDFLAGS <request>",
        "    The keys of a request, and what it does to each.");

    private void AnswerAll(ReplyWriter reply)
    {
        reply.Array(table.Commands.Count);
        foreach (Command command in table.Commands)
        {
            Answer(reply, command);
        }
    }

    private static void Answer(ReplyWriter reply, Command command)
    {
        reply.Array(10);
        reply.Bulk(command.FullName);
        reply.Integer(command.Arity);
        CommandText.Flags(reply, command.Flags);
        reply.Integer(command.Keys.First);
        reply.Integer(command.Keys.Last);
        reply.Integer(command.Keys.Step);
        CommandText.Categories(reply, command.Categories);
        CommandText.Words(reply, command.Declaration.Tips);
        reply.Set(command.Keys.Specs.Count);
        foreach (KeySpec spec in command.Keys.Specs)
        {
            AnswerKeySpec(reply, spec);
        }
        AnswerSubcommands(reply, command);
    }

    private static void AnswerSubcommands(ReplyWriter reply, Command command)
    {
        if (!command.IsContainer)
        {
            reply.Set(0);
            return;
        }
        reply.Array(command.Subcommands.Count);
        foreach (Command subcommand in command.Subcommands)
        {
            Answer(reply, subcommand);
        }
    }

    private static void AnswerKeySpec(ReplyWriter reply, KeySpec spec)
    {
        reply.Map(spec.Notes.Length > 0 ? 4 : 3);
        CommandText.Pair(reply, "notes"u8, spec.Notes);
        reply.Bulk("flags"u8);
        CommandText.KeyFlags(reply, spec.Flags);
        reply.Bulk("begin_search"u8);
        AnswerBegin(reply, spec);
        reply.Bulk("find_keys"u8);
        AnswerFind(reply, spec);
    }

    private static void AnswerBegin(ReplyWriter reply, KeySpec spec)
    {
        switch (spec.Begin)
        {
            case KeyBegin.Index:
                BeginSpec(reply, "index"u8, 1);
                AnswerNumber(reply, "index"u8, spec.Position);
                break;
            case KeyBegin.Keyword:
                BeginSpec(reply, "keyword"u8, 2);
                reply.Bulk("keyword"u8);
                CommandText.Bulk(reply, spec.Keyword!);
                AnswerNumber(reply, "startfrom"u8, spec.Position);
                break;
            default:
                BeginSpec(reply, "unknown"u8, 0);
                break;
        }
    }

    private static void AnswerFind(ReplyWriter reply, KeySpec spec)
    {
        switch (spec.Find)
        {
            case KeyFind.Range:
                BeginSpec(reply, "range"u8, 3);
                AnswerNumber(reply, "lastkey"u8, spec.Last);
                AnswerNumber(reply, "keystep"u8, spec.Step);
                AnswerNumber(reply, "limit"u8, spec.Limit);
                break;
            case KeyFind.Count:
                BeginSpec(reply, "keynum"u8, 3);
                AnswerNumber(reply, "keynumidx"u8, spec.CountAt);
                AnswerNumber(reply, "firstkey"u8, spec.FirstAt);
                AnswerNumber(reply, "keystep"u8, spec.Step);
                break;
            default:
                BeginSpec(reply, "unknown"u8, 0);
                break;
        }
    }

    private static void BeginSpec(ReplyWriter reply, ReadOnlySpan<byte> type, int numberCount)
    {
        reply.Map(2);
        reply.Bulk("type"u8);
        reply.Bulk(type);
        reply.Bulk("spec"u8);
        reply.Map(numberCount);
    }

    private static void AnswerNumber(ReplyWriter reply, ReadOnlySpan<byte> name, int number)
    {
        reply.Bulk(name);
        reply.Integer(number);
    }
}
