using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>SRANDMEMBER: members at random, different ones for a positive count, any for a negative one.</summary>
public sealed class SRandMember
{
    [Command(
        "srandmember", Group = "set", Since = "1.0.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output",
        History = "2.6.0 Added the optional `count` argument.",
        Complexity = "O(1) for each member returned",
        Summary = "Returns members of a set at random.",
        Syntax = "key [count@2.6.0]")]
    public void Run(CommandContext context)
    {
        if (context.Count == 2)
        {
            ChooseOne(context);
            return;
        }
        if (context.Count > 3)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        if (!TryReadCount(context, out long count))
        {
            return;
        }
        KeyRef at = UnfinishedReply.Find(context, 1);
        if (UnfinishedReply.GoesOnWithout(context, at, KeyType.Set) || context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        if (!at.Exists || count == 0)
        {
            context.Reply.Array(0);
            return;
        }
        StoredSet set = new SetValue(context.Database.Open(at)).Stored;
        if (count < 0)
        {
            var any = new AnyMembers(context.Reply, set);
            UnfinishedReply.Write(context, -count, -count, ref any);
        }
        else
        {
            ChooseDifferent(context.Reply, set, count);
        }
    }

    private static bool TryReadCount(CommandContext context, out long count)
    {
        if (!Integers.TryParse(context[2], out count))
        {
            context.Reply.Error(ErrorText.NotAnInteger);
            return false;
        }
        if (count == long.MinValue)
        {
            ErrorText.MustBeBetween(context.Reply, -long.MaxValue, long.MaxValue);
            return false;
        }
        return true;
    }

    private static void ChooseOne(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        StoredSet set = new SetValue(context.Database.Open(at)).Stored;
        MemberReply.Write(context.Reply, set.MemberAt(set.Choose()));
    }

    private static void ChooseDifferent(ReplyWriter reply, StoredSet set, long count)
    {
        long size = set.Count;
        reply.Array(Math.Min(count, size));
        var answer = new MemberReply(reply);
        if (count >= size)
        {
            set.CopyTo(ref answer);
        }
        else
        {
            SetSample.Take(set, count, ref answer);
        }
    }

    private readonly struct AnyMembers(ReplyWriter reply, StoredSet set) : IElementDraw
    {
        public void Draw(int count)
        {
            for (; count > 0; count--)
            {
                MemberReply.Write(reply, set.MemberAt(set.Choose()));
            }
        }
    }
}
