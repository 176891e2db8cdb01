using Bixbite.Commands.Hashes.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Commands.Hashes;

/// <summary>
/// How long fields will live: HTTL, HPTTL, HEXPIRETIME, HPEXPIRETIME. -2 for a missing field, -1 for one without a deadline.
/// </summary>
public sealed class HTtl
{
    private const int MissingField = -2;
    private const int NoDeadline = -1;

    [Command(
        "httl", Group = "hash", Since = "7.4.0", Arity = -5,
        Flags = "readonly fast", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns how many seconds fields of a hash will live.",
        Syntax = "key FIELDS (fields: numfields:integer field ...)")]
    public void Run(CommandContext context) => Answer(context, FieldTime.Seconds);

    [Command(
        "hpttl", Group = "hash", Since = "7.4.0", Arity = -5,
        Flags = "readonly fast", Keys = "ro access; 1", Tips = "nondeterministic_output",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns how many milliseconds fields of a hash will live.",
        Syntax = "key FIELDS (fields: numfields:integer field ...)")]
    public void HPTtl(CommandContext context) => Answer(context, FieldTime.Milliseconds);

    [Command(
        "hexpiretime", Group = "hash", Since = "7.4.0", Arity = -5,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns the Unix time in seconds at which fields of a hash expire.",
        Syntax = "key FIELDS (fields: numfields:integer field ...)")]
    public void HExpireTime(CommandContext context) => Answer(context, FieldTime.UnixSeconds);

    [Command(
        "hpexpiretime", Group = "hash", Since = "7.4.0", Arity = -5,
        Flags = "readonly fast", Keys = "ro access; 1",
        Complexity = "O(N) with N the number of fields",
        Summary = "Returns the Unix time in milliseconds at which fields of a hash expire.",
        Syntax = "key FIELDS (fields: numfields:integer field ...)")]
    public void HPExpireTime(CommandContext context) => Answer(context, FieldTime.UnixMilliseconds);

    private static void Answer(CommandContext context, FieldTime time)
    {
        KeyRef at = context.KeyToRead(1);
        if (context.IsWrongType(at, KeyType.Hash))
        {
            return;
        }
        var arguments = new ArgumentReader(context, 2);
        FieldList fields = FieldList.Read(ref arguments, ErrorText.FieldCountNotPositive);
        if (arguments.AnswerFailure())
        {
            return;
        }
        context.Reply.Array(fields.Count);
        for (int i = fields.First; i < context.Count; i++)
        {
            long deadlineMs = FieldDeadlines.None;
            bool exists = at.Exists && new HashValue(context.Database.Open(at)).TryGetDeadline(context[i], out deadlineMs);
            context.Reply.Integer(
                !exists ? MissingField : deadlineMs == FieldDeadlines.None ? NoDeadline : time.Tell(deadlineMs, context.NowMs));
        }
    }
}
