using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Unions: ZUNION, ZUNIONSTORE.</summary>
public sealed class ZUnion(ValueContext values)
{
    private readonly AlgebraRequest _request = new();
    private readonly SortedSetBuilder _result = new(values);

    [Command(
        "zunion", Group = "sorted_set", Since = "6.2.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N)+O(M*log(M)) with N the sizes of all inputs and M the size of the result",
        Summary = "Returns the union of sorted sets and sets.",
        Syntax = "numkeys key ... [WEIGHTS weight:integer ...] [AGGREGATE (aggregate: SUM | MIN | MAX | COUNT)] [WITHSCORES]")]
    public void Run(CommandContext context)
    {
        if (!_request.TryRead(context, numKeysIndex: 1, AlgebraOptions.Scores | AlgebraOptions.WithScores))
        {
            return;
        }
        using SortedSetBuilder.Scope scope = _result.Begin();
        Algebra.Unite(_request, _result);
        Algebra.Answer(context, _result, _request.WithScores);
    }

    [Command(
        "zunionstore", Group = "sorted_set", Since = "2.0.0", Arity = -4,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; numkeys 2",
        Complexity = "O(N)+O(M*log(M)) with N the sizes of all inputs and M the size of the result",
        Summary = "Stores the union of sorted sets and sets at another key.",
        Syntax = "destination:key numkeys key ... [WEIGHTS weight:integer ...] [AGGREGATE (aggregate: SUM | MIN | MAX | COUNT)]")]
    public void ZUnionStore(CommandContext context)
    {
        if (!_request.TryRead(context, numKeysIndex: 2, AlgebraOptions.Scores))
        {
            return;
        }
        using SortedSetBuilder.Scope scope = _result.Begin();
        Algebra.Unite(_request, _result);
        Algebra.Store(context, _result, "zunionstore"u8);
    }
}
