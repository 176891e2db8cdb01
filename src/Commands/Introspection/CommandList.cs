using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;
using Bixbite.Structures.Text;

namespace Bixbite.Commands.Introspection;

/// <summary>COMMAND LIST: the names of commands and subcommands.</summary>
public sealed class CommandList(CommandTable table, IAccessRules access)
{
    [Command(
        "command|list", Group = "server", Since = "7.0.0", Arity = -2,
        Flags = "loading stale", Categories = "connection", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of commands",
        Summary = "Returns the names of all commands and subcommands, or of those that fit a filter.",
        Syntax = "[filterby: FILTERBY (filterby: MODULE module-name | ACLCAT category | PATTERN pattern | ALLOWED)]")]
    public void List(CommandContext context)
    {
        Filter filter = Filter.None;
        CommandCategories category = CommandCategories.None;
        if (context.Count > 2)
        {
            var arguments = new ArgumentReader(context, 2);
            filter = ReadFilter(ref arguments);
            if (!arguments.HasFailed && filter == Filter.Category)
            {
                category = CategoryOf(arguments.Peek());
            }
            if (arguments.Left != (filter == Filter.Allowed ? 0 : 1))
            {
                arguments.Fail(ErrorText.Syntax);
            }
            if (arguments.AnswerFailure())
            {
                return;
            }
        }
        int mark = context.Reply.BeginArray();
        int count = 0;
        foreach (Command command in table.Commands)
        {
            count += Answer(context, command, filter, category);
            foreach (Command subcommand in command.Subcommands)
            {
                count += Answer(context, subcommand, filter, category);
            }
        }
        context.Reply.EndArray(mark, count);
    }

    private static Filter ReadFilter(ref ArgumentReader arguments)
    {
        if (arguments.Match("filterby"u8))
        {
            if (arguments.Match("module"u8))
            {
                return Filter.Module;
            }
            if (arguments.Match("aclcat"u8))
            {
                return Filter.Category;
            }
            if (arguments.Match("pattern"u8))
            {
                return Filter.Pattern;
            }
            if (arguments.Match("allowed"u8))
            {
                return Filter.Allowed;
            }
        }
        arguments.Fail(ErrorText.Syntax);
        return Filter.None;
    }

    private static CommandCategories CategoryOf(ReadOnlySpan<byte> name) =>
        CommandWords.TryParse(Encoding.Latin1.GetString(name), out CommandCategories category) ? category : CommandCategories.None;

    /// <summary>Answers the command's name if it fits; returns 1 then and 0 otherwise. No command comes from a module.</summary>
    private int Answer(CommandContext context, Command command, Filter filter, CommandCategories category)
    {
        bool fits = filter switch
        {
            Filter.Module => false,
            Filter.Category => (command.Categories & category) != 0,
            Filter.Pattern => Glob.IsMatch(context[4], command.FullName, ignoreCase: true),
            Filter.Allowed => access.MayUse(context.Session, command),
            _ => true,
        };
        if (fits)
        {
            context.Reply.Bulk(command.FullName);
        }
        return fits ? 1 : 0;
    }

    private enum Filter
    {
        None,
        Module,
        Category,
        Pattern,

        /// <summary>The session's user may run it.</summary>
        Allowed,
    }
}
