using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Intersections: ZINTER, ZINTERSTORE, ZINTERCARD.</summary>
public sealed class ZInter(ValueContext values)
{
    private readonly AlgebraRequest _request = new();
    private readonly SortedSetBuilder _result = new(values);

    [Command(
        "zinter", Group = "sorted_set", Since = "6.2.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N*K)+O(M*log(M)) with N the size of the smallest input, K the number of inputs and M the size of the result",
        Summary = "Returns the intersection of sorted sets and sets.",
        Syntax = "numkeys key ... [WEIGHTS weight:integer ...] [AGGREGATE (aggregate: SUM | MIN | MAX | COUNT)] [WITHSCORES]")]
    public void Run(CommandContext context)
    {
        if (!_request.TryRead(context, numKeysIndex: 1, AlgebraOptions.Scores | AlgebraOptions.WithScores))
        {
            return;
        }
        using SortedSetBuilder.Scope scope = _result.Begin();
        Algebra.Intersect(_request, _result);
        Algebra.Answer(context, _result, _request.WithScores);
    }

    [Command(
        "zinterstore", Group = "sorted_set", Since = "2.0.0", Arity = -4,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; numkeys 2",
        Complexity = "O(N*K)+O(M*log(M)) with N the size of the smallest input, K the number of inputs and M the size of the result",
        Summary = "Stores the intersection of sorted sets and sets at another key.",
        Syntax = "destination:key numkeys key ... [WEIGHTS weight:integer ...] [AGGREGATE (aggregate: SUM | MIN | MAX | COUNT)]")]
    public void ZInterStore(CommandContext context)
    {
        if (!_request.TryRead(context, numKeysIndex: 2, AlgebraOptions.Scores))
        {
            return;
        }
        using SortedSetBuilder.Scope scope = _result.Begin();
        Algebra.Intersect(_request, _result);
        Algebra.Store(context, _result, "zinterstore"u8);
    }

    [Command(
        "zintercard", Group = "sorted_set", Since = "7.0.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N*K) with N the size of the smallest input and K the number of inputs",
        Summary = "Returns the size of the intersection of sorted sets and sets.",
        Syntax = "numkeys key ... [LIMIT limit:integer]")]
    public void ZInterCard(CommandContext context)
    {
        if (_request.TryRead(context, numKeysIndex: 1, AlgebraOptions.Limit))
        {
            context.Reply.Integer(Algebra.CountIntersection(_request));
        }
    }
}
