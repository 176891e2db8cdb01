using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Reading;
using Bixbite.Structures.Packed;
using Bixbite.Structures.Text;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Persistence.Values.Hashes;

/// <summary>
/// Reads hashes: fields and values one by one, with or without deadlines; a zipmap, a ziplist; or a listpack, with or without deadlines.
/// No field may be there twice.
/// </summary>
internal static class HashDecoder
{
    private const int PairSize = 2;
    private const int TripleSize = 3;

    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
    {
        var hash = new HashValue(slot);
        switch (type)
        {
            case RdbType.Hash:
                return ReadFields(ref reader, hash);
            case RdbType.HashWithDeadlines:
                return ReadFieldsWithDeadlines(ref reader, hash, reader.Fixed64());
            case RdbType.HashWithAbsoluteDeadlines:
                return ReadFieldsWithDeadlines(ref reader, hash, firstMs: 1);
            case RdbType.HashZipmap:
                return ReadZipmap(reader.Text(), hash);
            case RdbType.HashZiplist:
                return ReadZiplist(reader.Text(), hash);
            case RdbType.HashListpackWithDeadlines:
                reader.Fixed64();
                return ReadListpackWithDeadlines(reader.Text(), slot, hash);
            case RdbType.HashListpackWithDeadlinesOnly:
                return ReadListpackWithDeadlines(reader.Text(), slot, hash);
            default:
                return ReadListpack(reader.Text(), slot, hash);
        }
    }

    private static bool ReadFields(ref RdbReader reader, scoped HashValue hash)
    {
        ulong count = reader.Length();
        Expect(hash, count);
        for (ulong left = count; left > 0; left--)
        {
            ReadOnlySpan<byte> field = reader.Text();
            ReadOnlySpan<byte> value = reader.SecondText();
            if (reader.HasFailed || !hash.Set(field, value))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Deadlines are told as their distance to the first one, plus one; 0 is none.</summary>
    private static bool ReadFieldsWithDeadlines(ref RdbReader reader, scoped HashValue hash, ulong firstMs)
    {
        ulong count = reader.Length();
        if (firstMs > RdbFormat.FieldDeadlineMsMax)
        {
            return false;
        }
        Expect(hash, count);
        for (ulong left = count; left > 0; left--)
        {
            ulong distance = reader.Length();
            ReadOnlySpan<byte> field = reader.Text();
            ReadOnlySpan<byte> value = reader.SecondText();
            if (reader.HasFailed || distance > RdbFormat.FieldDeadlineMsMax || !hash.Set(field, value))
            {
                return false;
            }
            if (distance == 0)
            {
                continue;
            }
            ulong deadlineMs = firstMs + distance - 1;
            if (deadlineMs is 0 or > RdbFormat.FieldDeadlineMsMax)
            {
                return false;
            }
            hash.SetDeadline(field, (long)deadlineMs);
        }
        return true;
    }

    /// <summary>A hash of so many fields is large from the start; the claim costs nothing but that.</summary>
    private static void Expect(scoped HashValue hash, ulong count) =>
        hash.Expect((int)Math.Min(count, int.MaxValue), lengthMax: 0, packedSize: 0);

    private static bool ReadZipmap(scoped ReadOnlySpan<byte> zipmap, scoped HashValue hash)
    {
        var pairs = new ZipmapReader(zipmap);
        while (pairs.MoveNext())
        {
            if (!hash.Set(pairs.Field, pairs.Value))
            {
                return false;
            }
        }
        return pairs.IsSound;
    }

    private static bool ReadZiplist(scoped ReadOnlySpan<byte> ziplist, scoped HashValue hash)
    {
        Span<byte> fieldDigits = stackalloc byte[Integers.SizeMax];
        Span<byte> valueDigits = stackalloc byte[Integers.SizeMax];
        var entries = new ZiplistReader(ziplist);
        while (entries.MoveNext())
        {
            ReadOnlySpan<byte> field = entries.Text(fieldDigits);
            if (!entries.MoveNext() || !hash.Set(field, entries.Text(valueDigits)))
            {
                return false;
            }
        }
        return entries.IsSound;
    }

    private static bool ReadListpack(scoped ReadOnlySpan<byte> pack, scoped ValueSlot slot, scoped HashValue hash)
    {
        if (!IsSound(pack, PairSize, slot.Context.Seed, out _))
        {
            return false;
        }
        hash.Take(ValueLayout.Listpack, pack);
        return true;
    }

    private static bool ReadListpackWithDeadlines(scoped ReadOnlySpan<byte> pack, scoped ValueSlot slot, scoped HashValue hash)
    {
        if (!IsSound(pack, TripleSize, slot.Context.Seed, out int count) || !AreDeadlinesInOrder(pack, count))
        {
            return false;
        }
        hash.Take(ValueLayout.ListpackWithDeadlines, pack);
        return true;
    }

    private static bool IsSound(scoped ReadOnlySpan<byte> pack, int stride, ulong seed, out int count) =>
        Listpack.IsValid(pack, out count) && count % stride == 0 && DistinctEntries.AreIn(pack, count, stride, seed);

    /// <summary>Whether each field's third entry is a deadline, the soonest first, and those that have none (0) at the end.</summary>
    private static bool AreDeadlinesInOrder(scoped ReadOnlySpan<byte> pack, int count)
    {
        if (count == 0)
        {
            return true;
        }
        ulong previousMs = 1;
        int offset = Listpack.Skip(pack, Listpack.First(pack), PairSize);
        for (int left = count / TripleSize; left > 0; left--)
        {
            ListpackEntry entry = Listpack.At(pack, offset);
            if (!entry.IsInteger || entry.Integer < 0)
            {
                return false;
            }
            ulong deadlineMs = entry.Integer == 0 ? ulong.MaxValue : (ulong)entry.Integer;
            if (deadlineMs < previousMs || (entry.Integer != 0 && deadlineMs > RdbFormat.FieldDeadlineMsMax))
            {
                return false;
            }
            previousMs = deadlineMs;
            offset = Listpack.Skip(pack, offset, TripleSize);
        }
        return true;
    }
}
