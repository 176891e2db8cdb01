using Bixbite.Keyspace;
using Bixbite.Types;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.SortedSets.Shared;

/// <summary>
/// An input of ZUNION and its kin: a sorted set, a set, whose members all have the score 1, or a missing key, which is empty. Good as long
/// as no key comes or goes.
/// </summary>
internal readonly struct ScoreInput(Database database, KeyRef at, int number, double weight)
{
    /// <summary>Its place among the command's keys.</summary>
    public int Number => number;

    public double Weight => weight;

    /// <summary>Elements when it was looked up.</summary>
    public long Count { get; } = CountOf(database, at);

    private bool IsSet => at.Record.Type == KeyType.Set;

    public bool TryScoreOf(ReadOnlySpan<byte> member, out double score)
    {
        score = 1;
        if (!at.Exists)
        {
            return false;
        }
        return IsSet
            ? new SetValue(database.Open(at)).Contains(member)
            : new SortedSetValue(database.Open(at)).TryScoreOf(member, out score);
    }

    /// <summary>Visits all elements, or as many as the visitor wants.</summary>
    public void Visit<TVisitor>(ref TVisitor visitor)
        where TVisitor : struct, IInputVisitor
    {
        if (!at.Exists)
        {
            return;
        }
        if (IsSet)
        {
            SetReader members = new SetValue(database.Open(at)).Read();
            while (members.MoveNext() && visitor.Visit(members.Member, 1))
            {
            }
            return;
        }
        var set = new SortedSetValue(database.Open(at));
        SortedSetReader reader = set.Read(set.All);
        while (reader.MoveNext() && visitor.Visit(reader.Member, reader.Score))
        {
        }
    }

    private static long CountOf(Database database, KeyRef at)
    {
        if (!at.Exists)
        {
            return 0;
        }
        return at.Record.Type == KeyType.Set ? new SetValue(database.Open(at)).Count : new SortedSetValue(database.Open(at)).Count;
    }
}

/// <summary>Receives the elements of an input; false for no more.</summary>
internal interface IInputVisitor
{
    bool Visit(scoped ReadOnlySpan<byte> member, double score);
}
