using Bixbite.Commands.Sets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types.Sets;

namespace Bixbite.Commands.Sets;

/// <summary>Intersections: SINTER, SINTERSTORE, SINTERCARD. A missing key is an empty set, and so is the result then.</summary>
public sealed class SInter
{
    private readonly SetSources _sources = new();

    [Command(
        "sinter", Group = "set", Since = "1.0.0", Arity = -2,
        Flags = "readonly", Keys = "ro access; 1..-1", Tips = "nondeterministic_output_order",
        Complexity = "O(N*M) with N the size of the smallest set and M the number of sets",
        Summary = "Returns the members that all sets have.",
        Syntax = "key ...")]
    public void Run(CommandContext context)
    {
        if (!_sources.TryRead(context, firstIndex: 1, context.Count - 1))
        {
            return;
        }
        if (_sources.IsAnyMissing)
        {
            context.Reply.Set(0);
            return;
        }
        int mark = context.Reply.BeginSet();
        var answer = new MemberReply(context.Reply);
        SetAlgebra.Intersect(_sources.Sets, ref answer);
        context.Reply.EndSet(mark, answer.Count);
    }

    [Command(
        "sinterstore", Group = "set", Since = "1.0.0", Arity = -3,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; 2..-1",
        Complexity = "O(N*M) with N the size of the smallest set and M the number of sets",
        Summary = "Stores the members that all sets have at another key.",
        Syntax = "destination:key key ...")]
    public void SInterStore(CommandContext context)
    {
        if (!_sources.TryRead(context, firstIndex: 2, context.Count - 2))
        {
            return;
        }
        if (_sources.IsAnyMissing)
        {
            Destination.Clear(context, context[1]);
            return;
        }
        RecordDraft draft = SetResult.Begin(context);
        var collector = new MemberCollector(new SetValue(draft.Open()));
        SetAlgebra.Intersect(_sources.Sets, ref collector);
        SetResult.Store(context, ref draft, "sinterstore"u8);
    }

    [Command(
        "sintercard", Group = "set", Since = "7.0.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N*M) with N the size of the smallest set and M the number of sets",
        Summary = "Returns how many members all sets have in common, up to a limit.",
        Syntax = "numkeys key ... [LIMIT limit:integer]")]
    public void SInterCard(CommandContext context)
    {
        if (!_sources.TryReadCounted(context, out long limit))
        {
            return;
        }
        var count = new MemberCount(limit);
        if (!_sources.IsAnyMissing)
        {
            SetAlgebra.Intersect(_sources.Sets, ref count);
        }
        context.Reply.Integer(count.Count);
    }
}
