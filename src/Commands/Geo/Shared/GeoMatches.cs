using System.Buffers;
using System.Diagnostics;
using Bixbite.Protocol;
using Bixbite.Structures.Geo;
using Bixbite.Types.SortedSets;

namespace Bixbite.Commands.Geo.Shared;

/// <summary>
/// The members that a search has found, copied out of the index, so that they can be sorted, and stored over the index itself. Owns
/// pooled arrays: matches in the order they were found, their members' bytes one behind the other, and the order to answer them in.
/// </summary>
internal ref struct GeoMatches
{
    private const int InitialCount = 16;
    private const int InitialTextSize = 512;

    private Match[] _matches = ArrayPool<Match>.Shared.Rent(InitialCount);
    private byte[] _text = ArrayPool<byte>.Shared.Rent(InitialTextSize);
    private int[] _order = [];
    private int _textSize;
    private double _unitMeters = 1;

    public GeoMatches()
    {
    }

    /// <summary>How many were found; after <see cref="Arrange"/>, how many are answered.</summary>
    public int Count { get; private set; }

    /// <summary>Finds the members that lie in the shape, at most so many, cell by cell.</summary>
    public void Find(SortedSetValue set, in GeoShape shape, long countMax)
    {
        _unitMeters = shape.UnitMeters;
        var cover = new GeoCover(shape);
        foreach (GeoCell cell in cover.CellsInOrder)
        {
            var scores = new ScoreRange(cell.First, IsMinExclusive: false, cell.End, IsMaxExclusive: true);
            SortedSetReader reader = set.Read(set.RangeOf(scores));
            while (Count < countMax && reader.MoveNext())
            {
                GeoPoint point = Geohash.Decode(reader.Score);
                if (shape.Contains(point, out double distance))
                {
                    Add(reader.Member, reader.Score, point, distance);
                }
            }
        }
    }

    /// <summary>Brings the first <paramref name="count"/> into their order and forgets the others.</summary>
    public void Arrange(GeoOrder order, int count)
    {
        Debug.Assert(count <= Count, "There are no more than were found.");
        _order = ArrayPool<int>.Shared.Rent(Count);
        Span<int> items = _order.AsSpan(0, Count);
        for (int i = 0; i < items.Length; i++)
        {
            items[i] = i;
        }
        if (order != GeoOrder.None && count > 0)
        {
            double[] distances = ArrayPool<double>.Shared.Rent(Count);
            for (int i = 0; i < items.Length; i++)
            {
                distances[i] = order == GeoOrder.NearestFirst ? _matches[i].Distance : -_matches[i].Distance;
            }
            if (count == Count)
            {
                DistanceOrder.Sort(distances.AsSpan(0, Count), items);
            }
            else
            {
                DistanceOrder.SortFirst(distances.AsSpan(0, Count), items, count);
            }
            ArrayPool<double>.Shared.Return(distances);
        }
        Count = count;
    }

    /// <summary>Answers the members, each with what else is asked for.</summary>
    public readonly void Answer(ReplyWriter reply, GeoDetails details)
    {
        reply.Array(Count);
        foreach (int item in _order.AsSpan(0, Count))
        {
            ref readonly Match match = ref _matches[item];
            if (details != GeoDetails.None)
            {
                reply.Array(1 + System.Numerics.BitOperations.PopCount((uint)details));
            }
            reply.Bulk(MemberOf(match));
            if ((details & GeoDetails.Distance) != 0)
            {
                GeoReply.Distance(reply, match.Distance / _unitMeters);
            }
            if ((details & GeoDetails.Geohash) != 0)
            {
                reply.Integer((long)match.Score);
            }
            if ((details & GeoDetails.Position) != 0)
            {
                GeoReply.Position(reply, match.Point);
            }
        }
    }

    /// <summary>Adds the members to a set, with their geohashes or their distances as scores.</summary>
    public readonly void AddTo(SortedSetValue set, bool withDistances)
    {
        set.Expect(Count, Count == 0 ? 0 : _matches[_order[0]].MemberSize);
        foreach (int item in _order.AsSpan(0, Count))
        {
            ref readonly Match match = ref _matches[item];
            set.Add(MemberOf(match), withDistances ? match.Distance / _unitMeters : match.Score);
        }
    }

    public readonly void Dispose()
    {
        ArrayPool<Match>.Shared.Return(_matches);
        ArrayPool<byte>.Shared.Return(_text);
        if (_order.Length > 0)
        {
            ArrayPool<int>.Shared.Return(_order);
        }
    }

    private readonly ReadOnlySpan<byte> MemberOf(in Match match) => _text.AsSpan(match.MemberStart, match.MemberSize);

    private void Add(scoped ReadOnlySpan<byte> member, double score, GeoPoint point, double distance)
    {
        if (Count == _matches.Length)
        {
            Grow(ref _matches, Count, Count + 1);
        }
        if (member.Length > _text.Length - _textSize)
        {
            Grow(ref _text, _textSize, checked(_textSize + member.Length));
        }
        member.CopyTo(_text.AsSpan(_textSize));
        _matches[Count++] = new Match(score, point, distance, _textSize, member.Length);
        _textSize += member.Length;
    }

    private static void Grow<T>(ref T[] array, int used, int wanted)
    {
        T[] larger = ArrayPool<T>.Shared.Rent((int)Math.Clamp(2L * used, wanted, Array.MaxLength));
        array.AsSpan(0, used).CopyTo(larger);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }

    private readonly record struct Match(double Score, GeoPoint Point, double Distance, int MemberStart, int MemberSize);
}
