using Bixbite.AccessControl.Checking;
using Bixbite.AccessControl.Rules;
using Bixbite.AccessControl.Sessions;
using Bixbite.AccessControl.Users;
using Bixbite.Configuration;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.AccessControl;

/// <summary>ACL: who the users are. SETUSER, DELUSER, USERS, LIST, WHOAMI, DRYRUN, HELP.</summary>
[Command(
    "acl", Group = "server", Since = "6.0.0", Arity = -2,
    Complexity = "Depends on the subcommand.",
    Summary = "Users and what they may do.")]
public sealed class Acl(UserTable users, SessionUsers sessions, AccessChecker checker, CommandTable table)
{
    [Command(
        "acl|setuser", Group = "server", Since = "6.0.0", Arity = -3,
        Flags = "admin noscript loading stale",
        History = "6.2.0 Added Pub/Sub channel patterns. | 7.0.0 Added selectors and key based permissions.",
        Complexity = "O(N) with N the number of rules",
        Summary = "Makes a user, or adds to its rules.",
        Syntax = "username [rule ...]")]
    public void SetUser(CommandContext context)
    {
        RedactFrom(context, 2);
        ReadOnlySpan<byte> name = context[2];
        if (UserNames.HasBlank(name))
        {
            context.Reply.Error(AccessErrorText.BadUserName);
            return;
        }
        byte[][] rules = new byte[context.Count - 3][];
        for (int i = 0; i < rules.Length; i++)
        {
            rules[i] = context[i + 3].ToArray();
        }
        if (users.Set(name, rules, context.Session) is { } problem)
        {
            ErrorText.Problem(context.Reply, ByteText.Encode(problem));
            return;
        }
        context.Reply.Ok();
    }

    [Command(
        "acl|deluser", Group = "server", Since = "6.0.0", Arity = -3,
        Flags = "admin noscript loading stale",
        Complexity = "O(1) for each user, and O(N) with N the number of connections",
        Summary = "Removes users and closes their connections.",
        Syntax = "username ...")]
    public void DelUser(CommandContext context)
    {
        RedactFrom(context, 2);
        for (int i = 2; i < context.Count; i++)
        {
            if (context[i].SequenceEqual(UserNames.Default))
            {
                context.Reply.Error(AccessErrorText.DefaultUserStays);
                return;
            }
        }
        int count = 0;
        for (int i = 2; i < context.Count; i++)
        {
            count += users.Remove(context[i], context.Session) ? 1 : 0;
        }
        context.Reply.Integer(count);
    }

    [Command(
        "acl|users", Group = "server", Since = "6.0.0", Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(N) with N the number of users",
        Summary = "The names of all users.")]
    public void Users(CommandContext context)
    {
        IReadOnlyCollection<User> all = users.All;
        context.Reply.Array(all.Count);
        foreach (User user in all)
        {
            context.Reply.Bulk(user.Name);
        }
    }

    [Command(
        "acl|list", Group = "server", Since = "6.0.0", Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(N) with N the number of users",
        Summary = "All users as lines of a configuration file.")]
    public void List(CommandContext context)
    {
        IReadOnlyCollection<User> all = users.All;
        context.Reply.Array(all.Count);
        foreach (User user in all)
        {
            context.Reply.Bulk(user.Line);
        }
    }

    [Command(
        "acl|whoami", Group = "server", Since = "6.0.0", Arity = 2,
        Flags = "noscript loading stale",
        Complexity = "O(1)",
        Summary = "The name of this connection's user.")]
    public void WhoAmI(CommandContext context) => context.Reply.Bulk(sessions.Of(context.Session).Name);

    [Command(
        "acl|dryrun", Group = "server", Since = "7.0.0", Arity = -4,
        Flags = "admin noscript loading stale",
        Complexity = "O(1)",
        Summary = "Tells whether a user may run a command, without running it.",
        Syntax = "username command [arg ...]")]
    public void DryRun(CommandContext context)
    {
        if (!users.TryFind(context[2], out User? user))
        {
            AccessErrorText.UnknownUser(context.Reply, context[2]);
            return;
        }
        if (table.Find(context.Arguments[3..]) is not { } command)
        {
            AccessErrorText.UnknownCommand(context.Reply, context[3]);
            return;
        }
        if (!command.AcceptsCount(context.Count - 3))
        {
            ErrorText.WrongArity(context.Reply, command.FullName);
            return;
        }
        Denial denial = checker.Check(user, command, context.Arguments[3..], context.Database.Number);
        if (denial.IsAdmitted)
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Bulk(DenialText.Full(denial, user, command, context[denial.Index + 3]));
        }
    }

    [Command(
        "acl|help", Group = "server", Since = "6.0.0", Arity = 2,
        Flags = "loading stale",
        Complexity = "O(1)",
        Summary = "Explains the subcommands.")]
    public void Help(CommandContext context) => HelpText.Answer(
        context.Reply,
        "ACL",
        "CAT [<category>]",
        "    The commands of a category, or all categories.",
        "DELUSER <username> [<username> ...]",
        "    Remove users, and close their connections.",
        "DRYRUN <username> <command> [<arg> ...]",
        "    Whether the user may run the command; it is not run.",
        "GENPASS [<bits>]",
        "    A random password of 256 bits, or of as many as are asked for.",
        "GETUSER <username>",
        "    The rules of a user, by their kinds.",
        "LIST",
        "    All users as lines of a configuration file.",
        "LOAD",
        "    Read all users anew from the ACL file.",
        "LOG [<count> | RESET]",
        "    The latest refusals, or forget them.",
        "SAVE",
        "    Write all users into the ACL file.",
        "SETUSER <username> <rule> [<rule> ...]",
        "    Make a user, or add to its rules.",
        "USERS",
        "    The names of all users.",
        "WHOAMI",
        "    The user of this connection.");

    private static void RedactFrom(CommandContext context, int index)
    {
        for (int i = index; i < context.Count && i <= 64; i++)
        {
            context.Redact(i);
        }
    }
}
