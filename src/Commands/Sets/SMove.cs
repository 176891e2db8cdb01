using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>SMOVE.</summary>
public sealed class SMove
{
    [Command(
        "smove", Group = "set", Since = "1.0.0", Arity = 4,
        Flags = "write fast", Keys = "rw access delete; 1 | rw insert; 2",
        Complexity = "O(1)",
        Summary = "Moves a member from one set to another.",
        Syntax = "source:key destination:key member")]
    public void Run(CommandContext context)
    {
        // The source second: only its own removal, when its time has come, could make the first look-up stale, and then nothing is moved.
        KeyRef to = context.KeyToWrite(2);
        KeyRef from = context.KeyToWrite(1);
        if (!from.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        if (context.IsWrongType(from, KeyType.Set) || context.IsWrongType(to, KeyType.Set))
        {
            return;
        }
        ReadOnlySpan<byte> member = context[3];
        if (context[1].SequenceEqual(context[2]))
        {
            context.Reply.Integer(new SetValue(context.Database.Open(from)).Contains(member) ? 1 : 0);
            return;
        }
        if (!TryTake(context, ref from, member))
        {
            context.Reply.Integer(0);
            return;
        }
        Put(context, member);
        context.Reply.Integer(1);
    }

    private static bool TryTake(CommandContext context, ref KeyRef from, ReadOnlySpan<byte> member)
    {
        var source = new SetValue(context.Database.Edit(from));
        if (!source.Remove(member))
        {
            return false;
        }
        bool isEmpty = source.IsEmpty;
        if (isEmpty)
        {
            context.Database.Remove(ref from);
        }
        context.Changed(context[1], KeyEventClass.Set, "srem"u8);
        if (isEmpty)
        {
            context.Changed(context[1], KeyEventClass.Generic, "del"u8, count: 0);
        }
        return true;
    }

    private static void Put(CommandContext context, ReadOnlySpan<byte> member)
    {
        KeyRef to = context.Database.Find(context[2]);
        if (!to.Exists)
        {
            context.Database.Create(ref to, context[2], KeyType.Set);
        }
        if (new SetValue(context.Database.Edit(to)).Add(member))
        {
            context.Changed(context[2], KeyEventClass.Set, "sadd"u8);
        }
    }
}
