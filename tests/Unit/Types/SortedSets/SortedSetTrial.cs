using System.Globalization;
using System.Text;
using Bixbite.Types;
using Bixbite.Types.SortedSets;
using Xunit;

namespace Bixbite.Unit.Types.SortedSets;

/// <summary>A sorted set beside a dictionary and a sorted list, and random steps that all take.</summary>
internal sealed class SortedSetTrial(SortedSetHolder holder, Random random, int memberCount, bool hasFewScores)
{
    private readonly Dictionary<string, double> _scores = [];
    private readonly SortedSet<Element> _model = [];
    private readonly Relocator _relocator = new(holder.Context, KeyType.SortedSet, random);

    public int Count => _model.Count;

    public void Step(bool isGrowing)
    {
        int choice = random.Next(100);
        if (choice < (isGrowing ? 60 : 20))
        {
            Add();
        }
        else if (choice < (isGrowing ? 65 : 60))
        {
            Remove();
        }
        else if (choice < 68)
        {
            RemoveRange();
        }
        else if (choice < 80)
        {
            Rank();
        }
        else if (choice < 90)
        {
            ScoreRange();
        }
        else
        {
            LexRange();
        }
        if (random.Next(5) == 0)
        {
            _relocator.Step(holder.Slot);
        }
        Assert.Equal(_model.Count, holder.Set.Count);
    }

    /// <summary>Compares everything.</summary>
    public void Verify()
    {
        holder.Verify();
        Expect(_model, holder.Set.Read(holder.Set.All));
        Expect(_model.Reverse(), holder.Set.Read(holder.Set.All, isReversed: true));
        var visitor = new Collector { Found = [] };
        ulong cursor = 0;
        do
        {
            cursor = holder.Set.Scan(cursor, 10, ref visitor);
        }
        while (cursor != 0);
        Assert.Equal(_model, visitor.Found.Order());
    }

    private string SomeMember()
    {
        int number = random.Next(memberCount);
        return (number % 3) switch
        {
            0 => number.ToString(CultureInfo.InvariantCulture),
            1 => $"member:{number}",
            _ => new string((char)('a' + (number % 26)), number % 70) + number,
        };
    }

    private double SomeScore() => random.Next(hasFewScores ? 5 : 12) switch
    {
        0 => 0,
        1 => 1,
        2 => -1.5,
        3 => double.PositiveInfinity,
        4 => 1L << 41,
        5 => (1L << 41) + (random.NextDouble() / 1000),
        6 => double.NegativeInfinity,
        7 => random.Next(1000),
        8 => BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && double.IsNaN(any) ? 5 : any,
        _ => random.NextDouble() - 0.5,
    };

    private void Add()
    {
        string member = SomeMember();
        double score = SomeScore();
        AddOptions options = random.Next(3) == 0 ? (AddOptions)random.Next(32) : AddOptions.None;
        bool isThere = _scores.TryGetValue(member, out double old);
        (AddOutcome expected, double result) = Expected(isThere, old, score, options);
        AddOutcome actual = holder.Set.Add(Encoding.UTF8.GetBytes(member), score, options, out double newScore);
        Assert.Equal(expected, actual);
        if (actual is not (AddOutcome.Refused or AddOutcome.NotANumber))
        {
            Assert.Equal(result, newScore);
            _model.Remove(new Element(member, old));
            _model.Add(new Element(member, result));
            _scores[member] = result;
        }
        Assert.Equal(_scores.TryGetValue(member, out double now), holder.Set.TryScoreOf(Encoding.UTF8.GetBytes(member), out double found));
        Assert.Equal(now, found);
    }

    private static (AddOutcome Outcome, double Score) Expected(bool isThere, double old, double score, AddOptions options)
    {
        if (isThere ? options.HasFlag(AddOptions.OnlyMissing) : options.HasFlag(AddOptions.OnlyPresent))
        {
            return (AddOutcome.Refused, 0);
        }
        if (!isThere)
        {
            return (AddOutcome.Added, score);
        }
        score += options.HasFlag(AddOptions.Increment) ? old : 0;
        if (double.IsNaN(score))
        {
            return (AddOutcome.NotANumber, 0);
        }
        bool isRefused = (options.HasFlag(AddOptions.OnlyGreater) && score <= old)
            || (options.HasFlag(AddOptions.OnlyLess) && score >= old);
        return (isRefused ? AddOutcome.Refused : score == old ? AddOutcome.Unchanged : AddOutcome.Updated, score);
    }

    private void Remove()
    {
        string member = SomeMember();
        bool isThere = _scores.Remove(member, out double score);
        Assert.Equal(isThere, holder.Set.Remove(Encoding.UTF8.GetBytes(member)));
        _model.Remove(new Element(member, score));
    }

    private void RemoveRange()
    {
        int start = random.Next(_model.Count + 1);
        int count = Math.Min(random.Next(8), _model.Count - start);
        holder.Set.RemoveRange(new RankRange(start, count));
        foreach (Element element in _model.Skip(start).Take(count).ToList())
        {
            _model.Remove(element);
            _scores.Remove(element.Member);
        }
    }

    private void Rank()
    {
        string member = SomeMember();
        bool isThere = _scores.TryGetValue(member, out double score);
        Assert.Equal(isThere, holder.Set.TryRankOf(Encoding.UTF8.GetBytes(member), out long rank, out double found));
        if (isThere)
        {
            Assert.Equal(score, found);
            Assert.Equal(_model.TakeWhile(element => element.Member != member).Count(), rank);
        }
    }

    private void ScoreRange()
    {
        var range = new ScoreRange(SomeScore(), random.Next(2) == 0, SomeScore(), random.Next(2) == 0);
        RankRange found = holder.Set.RangeOf(range);
        List<Element> expected = [.. _model.Where(element => range.IsAboveMin(element.Score) && range.IsBelowMax(element.Score))];
        long offset = random.Next(-1, 4);
        long limit = random.Next(-1, 6);
        bool isReversed = random.Next(2) == 0;
        Expect(expected, holder.Set.Read(found));
        if (isReversed)
        {
            expected.Reverse();
        }
        IEnumerable<Element> limited = offset < 0 ? [] : expected.Skip((int)offset).Take(limit < 0 ? int.MaxValue : (int)limit);
        Expect(limited, holder.Set.Read(found.Limit(offset, limit, isReversed), isReversed));
    }

    /// <summary>Means something only where all scores are equal; elsewhere it must not fail.</summary>
    private void LexRange()
    {
        LexBound min = SomeBound();
        LexBound max = SomeBound();
        var range = new LexRange(min, max);
        RankRange found = holder.Set.RangeOf(range);
        Assert.InRange(found.Start + found.Count, 0, _model.Count);
        if (_model.Count == 0 || _model.Min.Score == _model.Max.Score)
        {
            List<Element> expected = [];
            foreach (Element element in _model)
            {
                byte[] member = Encoding.UTF8.GetBytes(element.Member);
                if (range.IsAboveMin(member) && range.IsBelowMax(member))
                {
                    expected.Add(element);
                }
            }
            Expect(expected, holder.Set.Read(found));
        }
    }

    private LexBound SomeBound() => random.Next(5) switch
    {
        0 => LexBound.Lowest,
        1 => LexBound.Highest,
        _ => LexBound.At(Encoding.UTF8.GetBytes(SomeMember()), random.Next(2) == 0),
    };

    private static void Expect(IEnumerable<Element> expected, SortedSetReader reader)
    {
        foreach (Element element in expected)
        {
            Assert.True(reader.MoveNext());
            Assert.Equal(element.Member, Encoding.UTF8.GetString(reader.Member));
            Assert.Equal(element.Score, reader.Score);
        }
        Assert.False(reader.MoveNext());
    }

    private readonly record struct Element(string Member, double Score) : IComparable<Element>
    {
        public int CompareTo(Element other)
        {
            int order = Score.CompareTo(other.Score);
            return order != 0 ? order : string.CompareOrdinal(Member, other.Member);
        }
    }

    private struct Collector : ISortedSetVisitor
    {
        public List<Element> Found { get; init; }

        public readonly void Visit(scoped ReadOnlySpan<byte> member, double score) =>
            Found.Add(new Element(Encoding.UTF8.GetString(member), score));
    }
}
