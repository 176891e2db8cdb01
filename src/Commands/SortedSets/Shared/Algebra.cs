using System.Runtime.CompilerServices;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>Unions, intersections and differences of sorted sets, which are built aside; and what is done with them then.</summary>
internal static class Algebra
{
    public static void Unite(AlgebraRequest request, SortedSetBuilder result)
    {
        request.SortBySize();
        foreach (ScoreInput input in request.Inputs)
        {
            var visitor = new Union(result, request.Aggregate, input.Weight);
            input.Visit(ref visitor);
        }
    }

    public static void Intersect(AlgebraRequest request, SortedSetBuilder result)
    {
        request.SortBySize();
        var visitor = new Intersection(request, result);
        request.Inputs[0].Visit(ref visitor);
    }

    /// <summary>The size of the intersection, or the limit if that is reached.</summary>
    public static long CountIntersection(AlgebraRequest request)
    {
        request.SortBySize();
        var visitor = new IntersectionCount(request);
        request.Inputs[0].Visit(ref visitor);
        return visitor.Count;
    }

    public static void Subtract(AlgebraRequest request, SortedSetBuilder result)
    {
        var visitor = new Difference(request, result);
        request.Inputs[0].Visit(ref visitor);
    }

    public static void Answer(CommandContext context, SortedSetBuilder result, bool withScores)
    {
        var elements = new ElementReply(context.Reply, withScores);
        elements.Begin(result.Count);
        BuiltReader reader = result.Read();
        while (reader.MoveNext())
        {
            elements.Add(reader.Member, reader.Score);
        }
    }

    /// <summary>Gives the result to the key that is the command's first argument, and answers its size.</summary>
    public static void Store(CommandContext context, SortedSetBuilder result, ReadOnlySpan<byte> name)
    {
        int count = result.Count;
        if (count == 0)
        {
            Destination.Clear(context, context[1]);
            return;
        }
        RecordDraft draft = context.Database.Draft(context[1], KeyType.SortedSet);
        new SortedSetValue(draft.Open()).Take(result);
        Destination.Store(context, context[1], ref draft, count, name);
    }

    private readonly struct Union(SortedSetBuilder result, Aggregate aggregate, double weight) : IInputVisitor
    {
        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            double weighted = aggregate.Weighted(score, weight);
            ref double known = ref result.ScoreOf(member);
            if (Unsafe.IsNullRef(ref known))
            {
                result.Add(member, weighted);
            }
            else
            {
                known = aggregate.Combine(known, weighted);
            }
            return true;
        }
    }

    private readonly struct Intersection(AlgebraRequest request, SortedSetBuilder result) : IInputVisitor
    {
        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            ReadOnlySpan<ScoreInput> inputs = request.Inputs;
            Aggregate aggregate = request.Aggregate;
            double combined = aggregate.Weighted(score, inputs[0].Weight);
            for (int i = 1; i < inputs.Length; i++)
            {
                if (!inputs[i].TryScoreOf(member, out double other))
                {
                    return true;
                }
                double weighted = aggregate == Aggregate.Count ? inputs[i].Weight : other * inputs[i].Weight;
                combined = aggregate.Combine(combined, weighted);
            }
            result.Add(member, combined);
            return true;
        }
    }

    private struct IntersectionCount(AlgebraRequest request) : IInputVisitor
    {
        public long Count { get; private set; }

        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            ReadOnlySpan<ScoreInput> inputs = request.Inputs;
            for (int i = 1; i < inputs.Length; i++)
            {
                if (!inputs[i].TryScoreOf(member, out _))
                {
                    return true;
                }
            }
            Count++;
            return Count != request.Limit;
        }
    }

    private readonly struct Difference(AlgebraRequest request, SortedSetBuilder result) : IInputVisitor
    {
        public bool Visit(scoped ReadOnlySpan<byte> member, double score)
        {
            ReadOnlySpan<ScoreInput> inputs = request.Inputs;
            for (int i = 1; i < inputs.Length; i++)
            {
                if (inputs[i].TryScoreOf(member, out _))
                {
                    return true;
                }
            }
            result.Add(member, score);
            return true;
        }
    }
}
