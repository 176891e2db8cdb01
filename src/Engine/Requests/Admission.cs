using System.Diagnostics;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Gates;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Engine.Requests;

/// <summary>
/// The check before every command: is it known, are its arguments enough, do the gates let it pass. Whatever the answer is not, is
/// answered with an error.
/// </summary>
public sealed class Admission(CommandTable table, GateList gates)
{
    /// <summary>
    /// Finds the command, unless it was found ahead, and asks the gates; otherwise answers the error, or tells that the request must wait.
    /// </summary>
    internal Verdict Decide(CommandContext context, in Lookup lookup) =>
        TryResolve(context, lookup) ? gates.Ask(context) : Verdict.Refused;

    /// <summary>Whether the request must wait as all do that write; its session is remembered then.</summary>
    internal bool MustWait(CommandContext context) =>
        gates.Ask(context, context.Command.Flags, Concern.Pause) == Verdict.Postponed;

    /// <summary>Finds the command, unless it was found ahead; otherwise answers the error.</summary>
    internal bool TryResolve(CommandContext context, in Lookup lookup)
    {
        Command? command = lookup.Command;
        Debug.Assert(command is null || command == Find(context), "What was found ahead is of this request.");
        command ??= Find(context);
        context.Session.Activity.LastCommand = command?.FullNameText;
        if (command is null)
        {
            return false;
        }
        context.Resolve(command, lookup.Key);
        if (!command.AcceptsCount(context.Count))
        {
            ErrorText.WrongArity(context.Reply, command.FullName);
            command.Statistics.RejectedCalls++;
            return false;
        }
        return true;
    }

    private Command? Find(CommandContext context)
    {
        Command? command = table.Find(context[0]);
        if (command is null)
        {
            RefuseUnknown(context);
            return null;
        }
        if (!command.IsContainer || context.Count == 1)
        {
            return command;
        }
        Command? subcommand = command.FindSubcommand(context[1]);
        if (subcommand is null)
        {
            AnswerUnknownSubcommand(context);
        }
        return subcommand;
    }

    /// <summary>
    /// A web page may make a browser send requests here, whose lines it controls. Such a connection is cut without an answer as soon as it
    /// shows itself by a word that every HTTP request has.
    /// </summary>
    private static void RefuseUnknown(CommandContext context)
    {
        if (Ascii.EqualsIgnoreCase(context[0], "post"u8) || Ascii.EqualsIgnoreCase(context[0], "host:"u8))
        {
            context.Session.Set(SessionFlags.Gone, true);
            return;
        }
        ErrorText.UnknownCommand(context.Reply, context.Arguments);
    }

    private static void AnswerUnknownSubcommand(CommandContext context)
    {
        Span<byte> container = stackalloc byte[context[0].Length];
        Ascii.ToUpper(context[0], container);
        ErrorText.UnknownSubcommand(context.Reply, container, context[1]);
    }
}
