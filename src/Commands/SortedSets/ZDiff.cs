using Bixbite.Commands.SortedSets.Shared;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets;

/// <summary>Differences: ZDIFF, ZDIFFSTORE.</summary>
public sealed class ZDiff(ValueContext values)
{
    private readonly AlgebraRequest _request = new();
    private readonly SortedSetBuilder _result = new(values);

    [Command(
        "zdiff", Group = "sorted_set", Since = "6.2.0", Arity = -3,
        Flags = "readonly", Keys = "ro access; numkeys 1",
        Complexity = "O(N*K)+O(M*log(M)) with N the size of the first input, K the number of inputs and M the size of the result",
        Summary = "Returns what the first of several sorted sets and sets has alone.",
        Syntax = "numkeys key ... [WITHSCORES]")]
    public void Run(CommandContext context)
    {
        if (!_request.TryRead(context, numKeysIndex: 1, AlgebraOptions.WithScores))
        {
            return;
        }
        using SortedSetBuilder.Scope scope = _result.Begin();
        Algebra.Subtract(_request, _result);
        Algebra.Answer(context, _result, _request.WithScores);
    }

    [Command(
        "zdiffstore", Group = "sorted_set", Since = "6.2.0", Arity = -4,
        Flags = "write denyoom", Keys = "ow update; 1 | ro access; numkeys 2",
        Complexity = "O(N*K)+O(M*log(M)) with N the size of the first input, K the number of inputs and M the size of the result",
        Summary = "Stores what the first of several sorted sets and sets has alone at another key.",
        Syntax = "destination:key numkeys key ...")]
    public void ZDiffStore(CommandContext context)
    {
        if (!_request.TryRead(context, numKeysIndex: 2, AlgebraOptions.None))
        {
            return;
        }
        using SortedSetBuilder.Scope scope = _result.Begin();
        Algebra.Subtract(_request, _result);
        Algebra.Store(context, _result, "zdiffstore"u8);
    }
}
