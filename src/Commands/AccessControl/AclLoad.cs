using Bixbite.AccessControl.Files;
using Bixbite.Configuration;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Protocol;

namespace Bixbite.Commands.AccessControl;

/// <summary>ACL LOAD and ACL SAVE: all users from and into the ACL file.</summary>
public sealed class AclLoad(AclFile file)
{
    [Command(
        "acl|load", Group = "server", Since = "6.0.0", Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(N) with N the number of users and connections",
        Summary = "Reads all users anew from the ACL file.")]
    public void Load(CommandContext context)
    {
        if (!file.IsUsed)
        {
            context.Reply.Error(AccessErrorText.NoFile);
        }
        else if (file.Load(context.Session) is { } problem)
        {
            ErrorText.Problem(context.Reply, ByteText.Encode(problem));
        }
        else
        {
            context.Reply.Ok();
        }
    }

    [Command(
        "acl|save", Group = "server", Since = "6.0.0", Arity = 2,
        Flags = "admin noscript loading stale",
        Complexity = "O(N) with N the number of users",
        Summary = "Writes all users into the ACL file.")]
    public void Save(CommandContext context)
    {
        if (!file.IsUsed)
        {
            context.Reply.Error(AccessErrorText.NoFile);
        }
        else if (file.Save())
        {
            context.Reply.Ok();
        }
        else
        {
            context.Reply.Error(AccessErrorText.SaveFailed);
        }
    }
}
