using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>Adding and removing members: SADD and SREM. A set that has lost its last member is gone.</summary>
public sealed class SAdd
{
    [Command(
        "sadd", Group = "set", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom fast", Keys = "rw insert; 1",
        History = "2.4.0 Accepts multiple `member` arguments.",
        Complexity = "O(1) for each member",
        Summary = "Adds members to a set; a missing key is created.",
        Syntax = "key member ...")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        ReadOnlySpan<byte> key = context[1];
        if (!at.Exists)
        {
            context.Database.Create(ref at, key, KeyType.Set);
        }
        var set = new SetValue(context.Database.Edit(at));
        int count = set.AddFirstOf(context[2], context.Count - 2) ? 1 : 0;
        for (int i = 3; i < context.Count; i++)
        {
            count += set.Add(context[i]) ? 1 : 0;
        }
        if (count > 0)
        {
            context.Changed(key, KeyEventClass.Set, "sadd"u8, count);
        }
        context.Reply.Integer(count);
    }

    [Command(
        "srem", Group = "set", Since = "1.0.0", Arity = -3,
        Flags = "write fast", Keys = "rw delete; 1",
        History = "2.4.0 Accepts multiple `member` arguments.",
        Complexity = "O(1) for each member",
        Summary = "Removes members from a set; the key goes with the last one.",
        Syntax = "key member ...")]
    public void SRem(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Set))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        var set = new SetValue(context.Database.Edit(at));
        int count = 0;
        bool isEmpty = false;
        for (int i = 2; i < context.Count && !isEmpty; i++)
        {
            if (set.Remove(context[i]))
            {
                count++;
                isEmpty = set.IsEmpty;
            }
        }
        if (isEmpty)
        {
            context.Database.Remove(ref at);
        }
        if (count > 0)
        {
            context.Changed(context[1], KeyEventClass.Set, "srem"u8, count);
        }
        if (isEmpty)
        {
            context.Changed(context[1], KeyEventClass.Generic, "del"u8, count: 0);
        }
        context.Reply.Integer(count);
    }
}
