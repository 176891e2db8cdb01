using System.Diagnostics;
using Bixbite.Persistence.Rdb;
using Bixbite.Persistence.Rdb.Writing;
using Bixbite.Structures.Packed;
using Bixbite.Types;
using Bixbite.Types.Hashes;

namespace Bixbite.Persistence.Values.Hashes;

/// <summary>
/// Writes hashes: small ones as their listpack, large ones as the number of fields, then fields and values. Where fields expire, the time
/// of the first to do so stands before it all, and in large hashes each field's own before the field, as the distance to that. A hash of
/// which no field expires any more is written as one of which none ever did: any reader knows it.
/// </summary>
internal static class HashEncoder
{
    public static RdbType TypeOf(scoped ValueSlot slot) => slot.Layout switch
    {
        ValueLayout.Listpack => RdbType.HashListpack,
        ValueLayout.ListpackWithDeadlines when new HashValue(slot).NextDeadlineMs != FieldDeadlines.None =>
            RdbType.HashListpackWithDeadlines,
        _ => new HashValue(slot).NextDeadlineMs == FieldDeadlines.None ? RdbType.Hash : RdbType.HashWithDeadlines,
    };

    public static void Write(RdbWriter writer, scoped ValueSlot slot)
    {
        var hash = new HashValue(slot);
        long firstMs = hash.NextDeadlineMs;
        if (TypeOf(slot) is RdbType.Hash or RdbType.HashWithDeadlines)
        {
            var visitor = new FieldWriter(writer, Begin(writer, hash, hash.Count));
            hash.Visit(ref visitor);
            return;
        }
        if (slot.Layout == ValueLayout.ListpackWithDeadlines)
        {
            writer.Fixed64((ulong)firstMs);
        }
        writer.String(Listpack.Pack(slot.Packed));
    }

    /// <summary>Writes the part before the fields of a large hash; returns when the first of them expires.</summary>
    /// <param name="writer">Takes it.</param>
    /// <param name="hash">The hash.</param>
    /// <param name="count">The fields that follow: hidden ones may be among them, which are due where the file is read.</param>
    public static long Begin(RdbWriter writer, HashValue hash, long count)
    {
        long firstMs = hash.NextDeadlineMs;
        if (firstMs != FieldDeadlines.None)
        {
            writer.Fixed64((ulong)firstMs);
        }
        writer.Length((ulong)count);
        return firstMs;
    }

    public static void WriteField(
        RdbWriter writer, long firstMs, ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs)
    {
        BeginField(writer, firstMs, field, deadlineMs);
        writer.String(value);
    }

    /// <summary>Writes the part before a field's value.</summary>
    public static void BeginField(RdbWriter writer, long firstMs, ReadOnlySpan<byte> field, long deadlineMs)
    {
        if (firstMs != FieldDeadlines.None)
        {
            Debug.Assert(deadlineMs >= firstMs, "The first deadline is the first.");
            writer.Length(deadlineMs == FieldDeadlines.None ? 0 : (ulong)(deadlineMs - firstMs) + 1);
        }
        writer.String(field);
    }

    private readonly struct FieldWriter(RdbWriter writer, long firstMs) : IFieldVisitor
    {
        public void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs) =>
            WriteField(writer, firstMs, field, value, deadlineMs);
    }
}
