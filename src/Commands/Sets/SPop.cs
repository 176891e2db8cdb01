using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>
/// SPOP. Some members are taken one by one; where nearly all are, the few that stay are built anew in one walk, and the old set is freed
/// in slices.
/// </summary>
public sealed class SPop
{
    /// <summary>
    /// The set is built anew where at least so many members go for one that stays. Redis draws the line there, and it shows: what is
    /// built anew may be packed again.
    /// </summary>
    private const int GoneToStaying = 5;

    [Command(
        "spop", Group = "set", Since = "1.0.0", Arity = -2,
        Flags = "write fast", Keys = "rw access delete; 1", Tips = "nondeterministic_output",
        History = "3.2.0 Added the `count` argument.",
        Complexity = "O(1) for each member returned",
        Summary = "Removes and returns members of a set at random; the key goes with the last one.",
        Syntax = "key [count@3.2.0]")]
    public void Run(CommandContext context)
    {
        if (context.Count > 3)
        {
            context.Reply.Error(ErrorText.Syntax);
            return;
        }
        bool isOne = context.Count == 2;
        var arguments = new ArgumentReader(context, 2);
        long count = isOne ? 1 : arguments.Integer(0, long.MaxValue, ErrorText.MustBePositive);
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        if (!at.Exists || count == 0)
        {
            AnswerNothing(context.Reply, isOne);
            return;
        }

        long size = new SetValue(context.Database.Open(at)).Count;
        if (!isOne)
        {
            context.Reply.Set((int)Math.Min(count, size));
        }
        bool isEmpty = count >= size;
        if (isEmpty)
        {
            TakeAll(context, ref at, isOne);
        }
        else if ((size - count) * GoneToStaying <= count)
        {
            KeepSome(context, ref at, count);
        }
        else
        {
            TakeSome(context, at, count);
        }
        context.Changed(context[1], KeyEventClass.Set, "spop"u8, Math.Min(count, size));
        if (isEmpty)
        {
            context.Changed(context[1], KeyEventClass.Generic, "del"u8, count: 0);
        }
    }

    private static void AnswerNothing(ReplyWriter reply, bool isOne)
    {
        if (isOne)
        {
            reply.Null();
        }
        else
        {
            reply.Set(0);
        }
    }

    private static void TakeAll(CommandContext context, ref KeyRef at, bool isOne)
    {
        StoredSet set = new SetValue(context.Database.Open(at)).Stored;
        if (isOne)
        {
            var popped = new PoppedMembers(context, 1);
            set.CopyTo(ref popped);
        }
        else
        {
            var answer = new MemberReply(context.Reply);
            set.CopyTo(ref answer);
            context.Effects.Write("DEL"u8, context[1]);
        }
        context.Database.Remove(ref at);
    }

    private static void TakeSome(CommandContext context, in KeyRef at, long count)
    {
        var set = new SetValue(context.Database.Edit(at));
        var popped = new PoppedMembers(context, count);
        for (; count > 0; count--)
        {
            StoredSet stored = set.Stored;
            SetPlace place = stored.Choose();
            popped.Add(stored.MemberAt(place));
            set.RemoveAt(place);
        }
    }

    private static void KeepSome(CommandContext context, ref KeyRef at, long count)
    {
        StoredSet set = new SetValue(context.Database.Open(at)).Stored;
        RecordDraft draft = context.Database.Draft(context[1], KeyType.Set);
        var gone = new PoppedMembers(context, count);
        var staying = new MemberCollector(new SetValue(draft.Open()));
        SetSample.Divide(set, count, ref gone, ref staying);
        context.Database.Attach(ref at, ref draft, at.Record.DeadlineMs);
    }
}
