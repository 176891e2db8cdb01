using System.Buffers;
using System.Diagnostics;
using System.Numerics;

namespace Bixbite.Types.Sets;

/// <summary>
/// Several different members at random: every subset of the wanted size is exactly as likely as any other. The members are not in random
/// order.
/// </summary>
public static class SetSample
{
    /// <summary>Members are drawn one by one up to this part of the set; more are taken in one walk through all.</summary>
    private const int DrawnPart = 8;

    /// <summary>Gives <paramref name="count"/> of the set's members to the sink, fewer than there are.</summary>
    public static void Take<TSink>(StoredSet set, long count, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        long size = set.Count;
        Debug.Assert(count >= 0 && count <= size, "A sample is no larger than the set.");
        if (set.IsTable && count <= size / DrawnPart)
        {
            Draw(set, (int)count, ref sink);
            return;
        }
        var rest = default(NoSink);
        Divide(set, count, ref sink, ref rest);
    }

    /// <summary>
    /// Gives <paramref name="count"/> of the set's members to one sink and the rest to the other, in one walk: each member is taken with
    /// the probability of those still wanted among those still to come.
    /// </summary>
    public static void Divide<TSink, TRest>(StoredSet set, long count, ref TSink taken, ref TRest rest)
        where TSink : struct, IMemberSink, allows ref struct
        where TRest : struct, IMemberSink, allows ref struct
    {
        long toCome = set.Count;
        long wanted = count;
        Random random = set.Random;
        var walk = default(SetWalk);
        Span<StoredText> members = stackalloc StoredText[StoredSet.BatchSize];
        for (int read = set.Walk(ref walk, members); read > 0; read = set.Walk(ref walk, members))
        {
            foreach (ref readonly StoredText member in members[..read])
            {
                if (random.NextInt64(toCome--) < wanted)
                {
                    wanted--;
                    taken.Add(member);
                }
                else
                {
                    rest.Add(member);
                }
            }
        }
    }

    private static void Draw<TSink>(StoredSet set, int count, ref TSink sink)
        where TSink : struct, IMemberSink, allows ref struct
    {
        int capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(count, 1) * 2);
        ulong[] rented = ArrayPool<ulong>.Shared.Rent(capacity);
        Span<ulong> seen = rented.AsSpan(0, capacity);
        seen.Clear();
        for (int drawn = 0; drawn < count;)
        {
            SetPlace place = set.Choose();
            if (TryNote(seen, set.Index.EntryAt(place.Position)))
            {
                drawn++;
                sink.Add(set.MemberAt(place));
            }
        }
        ArrayPool<ulong>.Shared.Return(rented);
    }

    /// <summary>Puts a block's address into the table of those drawn; false if it is there.</summary>
    private static bool TryNote(Span<ulong> seen, ulong block)
    {
        int mask = seen.Length - 1;
        int index = (int)((block * 0x9E3779B97F4A7C15) >> 33) & mask;
        while (seen[index] != 0)
        {
            if (seen[index] == block)
            {
                return false;
            }
            index = (index + 1) & mask;
        }
        seen[index] = block;
        return true;
    }

    private readonly struct NoSink : IMemberSink
    {
        public bool Add(in StoredText member) => true;
    }
}
