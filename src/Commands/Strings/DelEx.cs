using Bixbite.Commands.Strings.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>
/// Comparing before deleting: DELEX, DELIFEQ, and the digest by which long values are compared, DIGEST. DELEX looks at its condition
/// only when the key is there, and without a condition deletes any type, as in Redis.
/// </summary>
public sealed class DelEx
{
    [Command(
        "delex", Group = "string", Since = "8.4.0", Arity = -2,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(1); O(N) with N the length of the string for digests",
        Summary = "Deletes a key if its string compares as wanted.",
        Syntax = "key [condition: IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]")]
    public void Run(CommandContext context)
    {
        if (context.Count is not (2 or 4))
        {
            ErrorText.WrongArity(context.Reply, "delex"u8);
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        var condition = default(Condition);
        if (at.Exists && context.Count == 4)
        {
            if (at.Record.Type != KeyType.String)
            {
                context.Reply.Error(ErrorText.ConditionNeedsString);
                return;
            }
            var arguments = new ArgumentReader(context, 2);
            if (!condition.TryReadComparison(ref arguments))
            {
                context.Reply.Error(ErrorText.InvalidCondition);
                return;
            }
        }
        Delete(context, ref at, condition);
    }

    [Command(
        "delifeq", Group = "string", Since = "9.0.0", Arity = 3,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(1)",
        Summary = "Deletes a key if its string equals a value.",
        Syntax = "key value")]
    public void DelIfEq(CommandContext context)
    {
        KeyRef at = context.KeyToWrite(1);
        if (!context.IsWrongType(at, KeyType.String))
        {
            Delete(context, ref at, Condition.EqualTo(context[2]));
        }
    }

    [Command(
        "digest", Group = "string", Since = "8.4.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(N) with N the length of the string",
        Summary = "Returns the XXH3 digest of the string stored at a key.",
        Syntax = "key")]
    public void Digest(CommandContext context)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.String))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        Span<byte> digest = stackalloc byte[TextDigest.TextSize];
        TextDigest.Format(TextDigest.Of(at.Record.Text(scratch)), digest);
        context.Reply.Bulk(digest);
    }

    private static void Delete(CommandContext context, ref KeyRef at, in Condition condition)
    {
        if (!condition.TryDecide(context, at, out bool holds))
        {
            return;
        }
        bool isDeleted = at.Exists && holds;
        if (isDeleted)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
            context.Effects.Write("DEL"u8, context[1]);
        }
        context.Reply.Integer(isDeleted ? 1 : 0);
    }
}
