using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>Looking at one set: SMEMBERS, SCARD, SISMEMBER, SMISMEMBER.</summary>
public sealed class SMembers
{
    [Command(
        "smembers", Group = "set", Since = "1.0.0", Arity = 2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of members",
        Summary = "Returns all members of a set.",
        Syntax = "key")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Set(0);
            return;
        }
        StoredSet set = new SetValue(context.Database.Open(at)).Stored;
        context.Reply.Set((int)set.Count);
        var answer = new MemberReply(context.Reply);
        set.CopyTo(ref answer);
    }

    [Command(
        "scard", Group = "set", Since = "1.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the number of members of a set.",
        Syntax = "key")]
    public void SCard(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.Set))
        {
            context.Reply.Integer(at.Exists ? new SetValue(context.Database.Open(at)).Count : 0);
        }
    }

    [Command(
        "sismember", Group = "set", Since = "1.0.0", Arity = 3,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Tells whether something is a member of a set.",
        Syntax = "key member")]
    public void SIsMember(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.Set))
        {
            context.Reply.Integer(Contains(context, at, context[2]) ? 1 : 0);
        }
    }

    [Command(
        "smismember", Group = "set", Since = "6.2.0", Arity = -3,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1) for each member",
        Summary = "Tells of each argument whether it is a member of a set.",
        Syntax = "key member ...")]
    public void SMIsMember(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            context.Reply.Integer(Contains(context, at, context[i]) ? 1 : 0);
        }
    }

    private static bool Contains(CommandContext context, in KeyRef at, ReadOnlySpan<byte> member) =>
        at.Exists && new SetValue(context.Database.Open(at)).Contains(member);
}
