using Bixbite.Commands.Streams.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Streams;

namespace Bixbite.Commands.Streams;

/// <summary>XTRIM: removes entries from the beginning of a stream.</summary>
public sealed class XTrim(ValueContext values)
{
    [Command(
        "xtrim", Group = "stream", Since = "5.0.0", Arity = -4,
        Flags = "write", Keys = "rw delete; 1", Tips = "nondeterministic_output",
        History = "6.2.0 Added the `MINID` trimming strategy and the `LIMIT` option.",
        Complexity = "O(N) with N the number of entries removed",
        Summary = "Removes entries from the beginning of a stream.",
        Syntax = "key (trim: (strategy: MAXLEN | MINID@6.2.0) [operator: equal== | approximately=~] threshold [LIMIT count@6.2.0] "
            + "[condition: KEEPREF | DELREF | ACKED])")]
    public void Run(CommandContext context)
    {
        var arguments = new ArgumentReader(context, 2);
        var options = default(TrimOptions);
        while (!arguments.IsAtEnd)
        {
            if (!options.TryRead(ref arguments))
            {
                arguments.Fail(ErrorText.Syntax);
            }
        }
        options.Complete(ref arguments, isRequired: true, context.IsReplaying, values.Limits.StreamNodeEntriesMax);
        if (arguments.AnswerFailure())
        {
            return;
        }
        KeyRef at = context.KeyToWrite(1);
        if (context.IsWrongType(at, KeyType.Stream))
        {
            return;
        }
        if (!at.Exists)
        {
            context.Reply.Integer(0);
            return;
        }
        var stream = new StreamValue(context.Database.Edit(at));
        long count = ReferencePolicies.Trim(context, stream, options, out List<StreamId>? between);
        if (count > 0)
        {
            context.Changed(context[1], KeyEventClass.Stream, "xtrim"u8, count);
            if (between is not null)
            {
                StreamEffects.WriteDeleted(context, between);
            }
            else if (options.IsApproximate || options.PolicyIndex > 0)
            {
                StreamEffects.WriteExactly(context, stream, options, idIndex: 0, default);
            }
        }
        context.Reply.Integer(count);
    }
}
