using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Reading single fields: HGET, HMGET, HSTRLEN, HEXISTS, and the number of all, HLEN.</summary>
public sealed class HGet
{
    [Command(
        "hget", Group = "hash", Since = "2.0.0", Arity = 3,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(1)",
        Summary = "Returns the value of a field of a hash.",
        Syntax = "key field")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!at.Exists)
        {
            context.Reply.Null();
        }
        else if (!context.IsWrongType(at, KeyType.Hash))
        {
            Answer(context, new HashValue(context.Database.Open(at)), context[2]);
        }
    }

    [Command(
        "hmget", Group = "hash", Since = "2.0.0", Arity = -3,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(N) with N the number of fields asked for",
        Summary = "Returns the values of several fields of a hash.",
        Syntax = "key field ...")]
    public void HMGet(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        context.Reply.Array(context.Count - 2);
        for (int i = 2; i < context.Count; i++)
        {
            if (at.Exists)
            {
                Answer(context, new HashValue(context.Database.Open(at)), context[i]);
            }
            else
            {
                context.Reply.Null();
            }
        }
    }

    [Command(
        "hstrlen", Group = "hash", Since = "3.2.0", Arity = 3,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the length of the value of a field.",
        Syntax = "key field")]
    public void HStrLen(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        scoped ReadOnlySpan<byte> value = default;
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        if (at.Exists)
        {
            new HashValue(context.Database.Open(at)).TryGet(context[2], scratch, out value);
        }
        context.Reply.Integer(value.Length);
    }

    [Command(
        "hexists", Group = "hash", Since = "2.0.0", Arity = 3,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Tells whether a hash has a field.",
        Syntax = "key field")]
    public void HExists(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.Hash))
        {
            bool exists = at.Exists && new HashValue(context.Database.Open(at)).Contains(context[2]);
            context.Reply.Integer(exists ? 1 : 0);
        }
    }

    [Command(
        "hlen", Group = "hash", Since = "2.0.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro; 1",
        Complexity = "O(1)",
        Summary = "Returns the number of fields of a hash.",
        Syntax = "key")]
    public void HLen(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (!context.IsWrongType(at, KeyType.Hash))
        {
            context.Reply.Integer(at.Exists ? new HashValue(context.Database.Open(at)).Count : 0);
        }
    }

    /// <summary>Answers a field's value, or null; true if it is there.</summary>
    internal static bool Answer(CommandContext context, in HashValue hash, ReadOnlySpan<byte> field)
    {
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        if (!hash.TryGet(field, scratch, out ReadOnlySpan<byte> value))
        {
            context.Reply.Null();
            return false;
        }
        context.Reply.Bulk(value);
        return true;
    }
}
