using Bixbite.Commands.Introspection.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.Introspection;

/// <summary>COMMAND DOCS: what redis-cli shows while one types.</summary>
public sealed class CommandDocs(CommandTable table)
{
    [Command(
        "command|docs", Group = "server", Since = "7.0.0", Arity = -2,
        Flags = "loading stale", Categories = "connection", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of commands asked for",
        Summary = "Describes some commands, or all, to people.",
        Syntax = "[command-name ...]")]
    public void Docs(CommandContext context)
    {
        ReplyWriter reply = context.Reply;
        if (context.Count == 2)
        {
            reply.Map(table.Commands.Count);
            foreach (Command command in table.Commands)
            {
                reply.Bulk(command.FullName);
                Answer(reply, command);
            }
            return;
        }
        int mark = reply.BeginMap();
        int count = 0;
        for (int i = 2; i < context.Count; i++)
        {
            if (table.FindFullName(context[i]) is { } command)
            {
                reply.Bulk(command.FullName);
                Answer(reply, command);
                count++;
            }
        }
        reply.EndMap(mark, count);
    }

    private static void Answer(ReplyWriter reply, Command command)
    {
        CommandAttribute declaration = command.Declaration;
        bool isDeprecated = declaration.DeprecatedSince.Length > 0;
        int mark = reply.BeginMap();
        int count = CommandText.Pair(reply, "summary"u8, declaration.Summary)
            + CommandText.Pair(reply, "since"u8, declaration.Since)
            + CommandText.Pair(reply, "group"u8, declaration.Group.Replace('_', '-'))
            + CommandText.Pair(reply, "complexity"u8, declaration.Complexity);
        bool isSystem = command.Has(CommandFlags.System);
        if (isDeprecated || isSystem)
        {
            AnswerDocFlags(reply, isDeprecated, isSystem);
            count++;
        }
        count += CommandText.Pair(reply, "deprecated_since"u8, declaration.DeprecatedSince)
            + CommandText.Pair(reply, "replaced_by"u8, declaration.ReplacedBy);
        if (CommandHistory.Parse(declaration.History, out _) is { Count: > 0 } changes)
        {
            AnswerHistory(reply, changes);
            count++;
        }
        IReadOnlyList<SyntaxArgument>? arguments = SyntaxParser.Parse(declaration.Syntax, command.Keys.Specs.Count, out _);
        if (arguments?.Count > 0)
        {
            reply.Bulk("arguments"u8);
            AnswerArguments(reply, arguments);
            count++;
        }
        if (command.IsContainer)
        {
            AnswerSubcommands(reply, command);
            count++;
        }
        reply.EndMap(mark, count);
    }

    private static void AnswerDocFlags(ReplyWriter reply, bool isDeprecated, bool isSystem)
    {
        reply.Bulk("doc_flags"u8);
        reply.Set((isDeprecated ? 1 : 0) + (isSystem ? 1 : 0));
        if (isDeprecated)
        {
            reply.Simple("deprecated"u8);
        }
        if (isSystem)
        {
            reply.Simple("syscmd"u8);
        }
    }

    private static void AnswerHistory(ReplyWriter reply, IReadOnlyList<CommandChange> changes)
    {
        reply.Bulk("history"u8);
        reply.Set(changes.Count);
        foreach (CommandChange change in changes)
        {
            reply.Array(2);
            CommandText.Bulk(reply, change.Release);
            CommandText.Bulk(reply, change.Text);
        }
    }

    private static void AnswerSubcommands(ReplyWriter reply, Command command)
    {
        reply.Bulk("subcommands"u8);
        reply.Map(command.Subcommands.Count);
        foreach (Command subcommand in command.Subcommands)
        {
            reply.Bulk(subcommand.FullName);
            Answer(reply, subcommand);
        }
    }

    private static void AnswerArguments(ReplyWriter reply, IReadOnlyList<SyntaxArgument> arguments)
    {
        reply.Array(arguments.Count);
        foreach (SyntaxArgument argument in arguments)
        {
            int mark = reply.BeginMap();
            bool hasParts = argument.Type is SyntaxType.OneOf or SyntaxType.Block;
            int count = CommandText.Pair(reply, "name"u8, argument.Name)
                + CommandText.Pair(reply, "type"u8, TypeName(argument.Type))
                + CommandText.Pair(reply, "display_text"u8, hasParts ? null : argument.Name);
            if (argument.KeySpecIndex >= 0)
            {
                reply.Bulk("key_spec_index"u8);
                reply.Integer(argument.KeySpecIndex);
                count++;
            }
            count += CommandText.Pair(reply, "token"u8, argument.Token)
                + CommandText.Pair(reply, "since"u8, argument.Since)
                + CommandText.Pair(reply, "deprecated_since"u8, argument.DeprecatedSince);
            if (argument.IsOptional || argument.IsMultiple || argument.IsTokenMultiple)
            {
                reply.Bulk("flags"u8);
                AnswerFlags(reply, argument);
                count++;
            }
            if (hasParts)
            {
                reply.Bulk("arguments"u8);
                AnswerArguments(reply, argument.Arguments);
                count++;
            }
            reply.EndMap(mark, count);
        }
    }

    private static void AnswerFlags(ReplyWriter reply, SyntaxArgument argument)
    {
        reply.Set((argument.IsOptional ? 1 : 0) + (argument.IsMultiple ? 1 : 0) + (argument.IsTokenMultiple ? 1 : 0));
        if (argument.IsOptional)
        {
            reply.Simple("optional"u8);
        }
        if (argument.IsMultiple)
        {
            reply.Simple("multiple"u8);
        }
        if (argument.IsTokenMultiple)
        {
            reply.Simple("multiple_token"u8);
        }
    }

    private static string TypeName(SyntaxType type) => type switch
    {
        SyntaxType.Integer => "integer",
        SyntaxType.Double => "double",
        SyntaxType.Key => "key",
        SyntaxType.Pattern => "pattern",
        SyntaxType.UnixTime => "unix-time",
        SyntaxType.PureToken => "pure-token",
        SyntaxType.OneOf => "oneof",
        SyntaxType.Block => "block",
        _ => "string",
    };
}
