using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using Bixbite.Structures.Checks;

namespace Bixbite.Structures.Sketches;

/// <summary>
/// HyperLogLog counts how many different elements were added, within 0.81 %, in at most 12 KiB. An element's hash chooses one of
/// 16,384 registers by its lower 14 bits; the register keeps the longest run of zeros, plus one, seen in the other 50. The layout is that
/// of Redis, so the value can be read and written as the string it is:
/// <code>
/// 0       4          5        8              16
/// | HYLL  | encoding | unused | cardinality  | registers...
/// </code>
/// Encoding is 0 for dense (<see cref="DenseRegisters"/>) and 1 for sparse (<see cref="SparseRegisters"/>) registers. The
/// cardinality, little endian, is the last one counted; its top bit says that registers have changed since.
/// <para>
/// The value belongs to the caller. What may grow works on an <see cref="IByteHolder"/>; everything else reads or writes a span. All
/// but <see cref="IsValid"/> expect a value that is valid by it; sparse registers may still be corrupt, which the
/// methods that meet it report.
/// </para>
/// </summary>
public static class HyperLogLog
{
    public const int RegisterCount = 1 << IndexBits;
    public const int HeaderSize = 16;

    /// <summary>The size of a value with dense registers.</summary>
    public const int DenseSize = HeaderSize + DenseRegisters.Size;

    /// <summary>The size of an empty value.</summary>
    public const int EmptySize = HeaderSize + 2;

    internal const int IndexBits = 14;
    internal const int RunBits = 64 - IndexBits;

    private const byte DenseEncoding = 0;
    private const byte SparseEncoding = 1;
    private const int EncodingAt = 4;
    private const int CardinalityAt = 8;
    private const ulong StaleBit = 1UL << 63;
    private const uint HashSeed = 0xADC8_3B19;

    private static ReadOnlySpan<byte> Magic => "HYLL"u8;

    /// <summary>Whether a string is a HyperLogLog at all; says nothing about sparse registers.</summary>
    public static bool IsValid(ReadOnlySpan<byte> value) =>
        value.Length >= HeaderSize
        && value.StartsWith(Magic)
        && value[EncodingAt] <= SparseEncoding
        && (value[EncodingAt] != DenseEncoding || value.Length == DenseSize);

    public static bool IsDense(ReadOnlySpan<byte> value) => value[EncodingAt] == DenseEncoding;

    /// <summary>Writes an empty, sparse value of <see cref="EmptySize"/> bytes.</summary>
    public static void WriteEmpty(Span<byte> destination)
    {
        destination[..HeaderSize].Clear();
        Magic.CopyTo(destination);
        destination[EncodingAt] = SparseEncoding;
        SparseRegisters.WriteZeros(destination[HeaderSize..], RegisterCount);
    }

    /// <summary>Adds an element; a change voids the cardinality kept. A sparse value beyond the given size becomes dense.</summary>
    public static SketchChange Add<THolder>(ref THolder holder, scoped ReadOnlySpan<byte> element, int sparseSizeMax)
        where THolder : IByteHolder, allows ref struct
    {
        ulong hash = Murmur64.Hash(element, HashSeed);
        int index = (int)(hash & (RegisterCount - 1));
        // The bit above the run ends it at the latest.
        int run = BitOperations.TrailingZeroCount(hash >> IndexBits | 1UL << RunBits) + 1;
        return Raise(ref holder, index, run, sparseSizeMax);
    }

    /// <summary>The cardinality kept in the value; false if registers have changed since it was counted.</summary>
    public static bool TryGetCached(ReadOnlySpan<byte> value, out ulong cardinality)
    {
        cardinality = BinaryPrimitives.ReadUInt64LittleEndian(value[CardinalityAt..]);
        return (cardinality & StaleBit) == 0;
    }

    public static void SetCached(Span<byte> value, ulong cardinality) =>
        BinaryPrimitives.WriteUInt64LittleEndian(value[CardinalityAt..], cardinality);

    /// <summary>Marks the cardinality kept in the value as outdated, leaving its other bits, as Redis does.</summary>
    public static void InvalidateCached(Span<byte> value) => value[CardinalityAt + 7] |= (byte)(StaleBit >> 56);

    /// <summary>Counts anew; false if sparse registers are corrupt.</summary>
    public static bool TryCount(ReadOnlySpan<byte> value, out ulong cardinality)
    {
        Span<int> histogram = stackalloc int[DenseRegisters.ValueCount];
        histogram.Clear();
        bool isSound = true;
        if (IsDense(value))
        {
            DenseRegisters.Count(value[HeaderSize..], histogram);
        }
        else
        {
            isSound = SparseRegisters.TryCount(value[HeaderSize..], histogram);
        }
        cardinality = isSound ? Cardinality.Estimate(histogram) : 0;
        return isSound;
    }

    /// <summary>Counts the union that <see cref="TryMerge"/> has gathered.</summary>
    public static ulong Count(ReadOnlySpan<byte> registers)
    {
        Debug.Assert(registers.Length == RegisterCount);
        Span<int> histogram = stackalloc int[DenseRegisters.ValueCount];
        histogram.Clear();
        DenseRegisters.CountUnpacked(registers, histogram);
        return Cardinality.Estimate(histogram);
    }

    /// <summary>
    /// Raises registers, <see cref="RegisterCount"/> bytes that start as zeros, to those of the value where these are larger; false if
    /// sparse registers are corrupt.
    /// </summary>
    public static bool TryMerge(ReadOnlySpan<byte> value, Span<byte> registers)
    {
        Debug.Assert(registers.Length == RegisterCount);
        if (!IsDense(value))
        {
            return SparseRegisters.TryMerge(value[HeaderSize..], registers);
        }
        DenseRegisters.Merge(value[HeaderSize..], registers);
        return true;
    }

    /// <summary>Raises the value's registers to the given ones where these are larger, for PFMERGE; voids the cardinality kept.</summary>
    public static SketchChange RaiseAll<THolder>(ref THolder holder, scoped ReadOnlySpan<byte> registers, int sparseSizeMax)
        where THolder : IByteHolder, allows ref struct
    {
        Debug.Assert(registers.Length == RegisterCount);
        SketchChange result = SketchChange.None;
        for (int index = 0; index < registers.Length; index++)
        {
            if (registers[index] == 0)
            {
                continue;
            }
            SketchChange change = Raise(ref holder, index, registers[index], sparseSizeMax);
            if (change == SketchChange.Corrupt)
            {
                return change;
            }
            if (change == SketchChange.Changed)
            {
                result = change;
            }
        }
        InvalidateCached(holder.Bytes);
        return result;
    }

    /// <summary>Makes a sparse value dense, keeping its header; false, and nothing changed, if its registers are corrupt.</summary>
    public static bool TryMakeDense<THolder>(ref THolder holder)
        where THolder : IByteHolder, allows ref struct
    {
        if (IsDense(holder.Bytes))
        {
            return true;
        }
        Span<byte> registers = stackalloc byte[RegisterCount];
        registers.Clear();
        if (!SparseRegisters.TryMerge(holder.Bytes[HeaderSize..], registers))
        {
            return false;
        }
        holder.Resize(DenseSize);
        Span<byte> value = holder.Bytes;
        value[EncodingAt] = DenseEncoding;
        DenseRegisters.Write(registers, value[HeaderSize..]);
        return true;
    }

    /// <summary>A register of a dense value.</summary>
    public static int GetRegister(ReadOnlySpan<byte> value, int index)
    {
        Debug.Assert(IsDense(value));
        return DenseRegisters.Get(value[HeaderSize..], index);
    }

    /// <summary>The opcodes of a sparse value as PFDEBUG DECODE shows them.</summary>
    public static string Describe(ReadOnlySpan<byte> value)
    {
        Debug.Assert(!IsDense(value));
        return SparseRegisters.Describe(value[HeaderSize..]);
    }

    private static SketchChange Raise<THolder>(ref THolder holder, int index, int run, int sparseSizeMax)
        where THolder : IByteHolder, allows ref struct
    {
        Span<byte> value = holder.Bytes;
        if (!IsDense(value))
        {
            SketchChange change = SparseRegisters.Raise(ref holder, index, run, sparseSizeMax, out bool hasToBeDense);
            if (!hasToBeDense)
            {
                return Note(ref holder, change);
            }
            if (!TryMakeDense(ref holder))
            {
                return SketchChange.Corrupt;
            }
            value = holder.Bytes;
        }
        bool isRaised = DenseRegisters.Raise(value[HeaderSize..], index, run);
        return Note(ref holder, isRaised ? SketchChange.Changed : SketchChange.None);
    }

    private static SketchChange Note<THolder>(ref THolder holder, SketchChange change)
        where THolder : IByteHolder, allows ref struct
    {
        if (change == SketchChange.Changed)
        {
            InvalidateCached(holder.Bytes);
        }
        return change;
    }
}
