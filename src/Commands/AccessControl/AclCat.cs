using System.Text;
using Bixbite.AccessControl.Rules;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Platform;
using Bixbite.Protocol;

namespace Bixbite.Commands.AccessControl;

/// <summary>The material of rules: ACL CAT, ACL GENPASS.</summary>
public sealed class AclCat(CommandTable table)
{
    private const int BitsMax = 4096;
    private const int DefaultBits = 256;
    private const int BitsPerDigit = 4;

    [Command(
        "acl|cat", Group = "server", Since = "6.0.0", Arity = -2,
        Flags = "noscript loading stale",
        Complexity = "O(1) for the categories; O(N) with N the number of commands for one of them",
        Summary = "All categories, or the commands of one.",
        Syntax = "[category]")]
    public void Cat(CommandContext context)
    {
        if (context.Count > 3)
        {
            ErrorText.SubcommandSyntax(context.Reply, "ACL"u8, context[1]);
        }
        else if (context.Count == 2)
        {
            context.Reply.Array(CommandWords.Categories.Count);
            foreach ((string name, _) in CommandWords.Categories)
            {
                context.Reply.Bulk(Encoding.ASCII.GetBytes(name));
            }
        }
        else if (CommandNames.FindCategory(context[2]) is not CommandCategories.None and var category)
        {
            AnswerCommands(context.Reply, category);
        }
        else
        {
            AccessErrorText.UnknownCategory(context.Reply, context[2]);
        }
    }

    [Command(
        "acl|genpass", Group = "server", Since = "6.0.0", Arity = -2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "Makes a random password.",
        Syntax = "[bits:integer]")]
    public void GenPass(CommandContext context)
    {
        if (context.Count > 3)
        {
            ErrorText.SubcommandSyntax(context.Reply, "ACL"u8, context[1]);
            return;
        }
        long bits = DefaultBits;
        if (context.Count == 3)
        {
            var arguments = new ArgumentReader(context, 2);
            bits = arguments.Integer();
            if (!arguments.HasFailed && bits is <= 0 or > BitsMax)
            {
                arguments.Fail(AccessErrorText.PasswordBits);
            }
            if (arguments.AnswerFailure())
            {
                return;
            }
        }
        int length = (int)((bits + BitsPerDigit - 1) / BitsPerDigit);
        context.Reply.Bulk(Encoding.ASCII.GetBytes(SystemRandom.Hex(length)));
    }

    private void AnswerCommands(ReplyWriter reply, CommandCategories category)
    {
        int mark = reply.BeginArray();
        int count = 0;
        foreach (Command command in table.All)
        {
            if ((command.Categories & category) != 0)
            {
                reply.Bulk(command.FullName);
                count++;
            }
        }
        reply.EndArray(mark, count);
    }
}
