using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Checks;
using Bixbite.Structures.Text;
using Bixbite.Types;

namespace Bixbite.Commands.Strings;

/// <summary>Comparing before deleting: DELEX, DELIFEQ, and the digest by which long values are compared, DIGEST.</summary>
public sealed class DelEx
{
    [Command(
        "delex", Group = "string", Since = "8.4.0", Arity = -2,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(1); O(N) with N the length of the string for digests",
        Summary = "Deletes a key if its string compares as wanted.",
        Syntax = "key [condition: IFEQ ifeq-value | IFNE ifne-value | IFDEQ ifdeq-digest | IFDNE ifdne-digest]")]
    public void DeleteIf(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        var condition = default(Condition);
        while (!arguments.IsAtEnd)
        {
            if (!condition.TryReadComparison(ref arguments))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        if (!arguments.AnswerFailure())
        {
            Delete(context, condition);
        }
    }

    [Command(
        "delifeq", Group = "string", Since = "9.0.0", Arity = 3,
        Flags = "write fast", Keys = "rw delete; 1",
        Complexity = "O(1)",
        Summary = "Deletes a key if its string equals a value.",
        Syntax = "key value")]
    public void DeleteIfEqual(CommandContext context) => Delete(context, Condition.EqualTo(context[2]));

    [Command(
        "digest", Group = "string", Since = "8.4.0", Arity = 2,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(N) with N the length of the string",
        Summary = "Returns the XXH3 digest of the string stored at a key.",
        Syntax = "key")]
    public void DigestOf(CommandContext context)
    {
        KeyRef at = context.Read(1);
        if (!context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Null();
            return;
        }
        Span<byte> scratch = stackalloc byte[Integers.SizeMax];
        Span<byte> digest = stackalloc byte[Digest.TextSize];
        Digest.Format(Digest.Of(at.Record.Text(scratch)), digest);
        context.Reply.Bulk(digest);
    }

    /// <summary>Without a comparison any type goes, as with DEL.</summary>
    private static void Delete(CommandContext context, in Condition condition)
    {
        KeyRef at = context.Write(1);
        if (condition.IsComparison && !context.IsMissingOr(KeyType.String, at))
        {
            return;
        }
        bool isDeleted = at.Exists && condition.HoldsFor(at);
        if (isDeleted)
        {
            context.Database.Remove(ref at);
            context.Changed(context[1], KeyEventClass.Generic, "del"u8);
        }
        context.Reply.Integer(isDeleted ? 1 : 0);
    }
}
