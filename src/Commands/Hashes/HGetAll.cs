using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>Reading whole hashes: HGETALL, HKEYS, HVALS.</summary>
public sealed class HGetAll
{
    [Command(
        "hgetall", Group = "hash", Since = "2.0.0", Arity = 2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns all fields of a hash with their values.",
        Syntax = "key")]
    public void Run(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Map(0);
            return;
        }
        var hash = new HashValue(context.Database.Open(at));
        context.Reply.Map((int)hash.Count);
        var answer = new PairAnswer(context.Reply);
        hash.Visit(ref answer);
    }

    [Command(
        "hkeys", Group = "hash", Since = "2.0.0", Arity = 2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns all fields of a hash.",
        Syntax = "key")]
    public void HKeys(CommandContext context) => Answer(context, new FieldAnswer(context.Reply));

    [Command(
        "hvals", Group = "hash", Since = "2.0.0", Arity = 2,
        Flags = "readonly", Keys = "ro access; 1", Tips = "nondeterministic_output_order",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns all values of a hash.",
        Syntax = "key")]
    public void HVals(CommandContext context) => Answer(context, new ValueAnswer(context.Reply));

    private static void Answer<TVisitor>(CommandContext context, TVisitor visitor)
        where TVisitor : struct, IFieldVisitor
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Array(0);
            return;
        }
        var hash = new HashValue(context.Database.Open(at));
        context.Reply.Array((int)hash.Count);
        hash.Visit(ref visitor);
    }

    private readonly struct PairAnswer(ReplyWriter reply) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs)
        {
            reply.Bulk(field);
            reply.Bulk(value);
        }
    }

    private readonly struct FieldAnswer(ReplyWriter reply) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) => reply.Bulk(field);
    }

    private readonly struct ValueAnswer(ReplyWriter reply) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) => reply.Bulk(value);
    }
}
