using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Bixbite.Structures.Sketches;

/// <summary>
/// Registers as runs of equal values, each an opcode; all runs together cover the 16,384 registers.
/// <code>
/// 00llllll            ZERO   l + 1 registers (1 to 64) are zero
/// 01llllll llllllll   XZERO  l + 1 registers (1 to 16,384) are zero
/// 1vvvvvll            VAL    l + 1 registers (1 to 4) have the value v + 1 (1 to 32)
/// </code>
/// A register that changes splits its run into at most three, and a run of a value merges with its neighbours of the same value where
/// that fits one opcode. Both happen in the order in which Redis does them, so the bytes come out equal.
/// </summary>
internal static class SparseRegisters
{
    private const int ValueMax = 32;
    private const int ValueLengthMax = 4;
    private const int ZeroLengthMax = 64;
    private const int SplitSizeMax = 5;
    private const int MergeScanCount = 5;

    /// <summary>Writes zeros as one XZERO.</summary>
    public static void WriteZeros(Span<byte> opcodes, int length)
    {
        int size = 0;
        PutZeros(opcodes, ref size, length, isAlwaysLong: true);
    }

    /// <summary>
    /// Raises a register of the value in the holder. Nothing has changed if it has to be dense first, because the value does not fit an
    /// opcode or the opcodes not the given size.
    /// </summary>
    public static SketchChange Raise<THolder>(ref THolder holder, int index, int value, int sizeMax, out bool hasToBeDense)
        where THolder : IByteHolder, allows ref struct
    {
        hasToBeDense = value > ValueMax;
        if (hasToBeDense)
        {
            return SketchChange.None;
        }
        ReadOnlySpan<byte> opcodes = holder.Bytes[HyperLogLog.HeaderSize..];
        if (!TryFind(opcodes, index, out int before, out int at, out int first))
        {
            return SketchChange.Corrupt;
        }

        Opcode old = Opcode.Read(opcodes[at..]);
        if (old.Value >= value)
        {
            return SketchChange.None;
        }
        Span<byte> split = stackalloc byte[SplitSizeMax];
        int splitSize = Split(old, first, index, value, split);
        int growth = splitSize - old.Size;
        // A run of one is replaced in its place even where the value exceeds the size.
        hasToBeDense = growth > 0 && holder.Bytes.Length + growth > sizeMax;
        if (hasToBeDense)
        {
            return SketchChange.None;
        }

        Replace(ref holder, HyperLogLog.HeaderSize + at, old.Size, split[..splitSize]);
        MergeValues(ref holder, HyperLogLog.HeaderSize + (before < 0 ? 0 : before));
        return SketchChange.Changed;
    }

    /// <summary>Counts how many registers have which value; false if the runs do not cover all registers exactly.</summary>
    public static bool TryCount(ReadOnlySpan<byte> opcodes, Span<int> histogram)
    {
        long index = 0;
        while (!opcodes.IsEmpty)
        {
            Opcode opcode = Opcode.Read(opcodes);
            index += opcode.Length;
            if (index > HyperLogLog.RegisterCount)
            {
                return false;
            }
            histogram[opcode.Value] += opcode.Length;
            opcodes = opcodes[Math.Min(opcode.Size, opcodes.Length)..];
        }
        return index == HyperLogLog.RegisterCount;
    }

    /// <summary>Raises registers of a byte each to these; false if the runs do not cover all registers exactly.</summary>
    public static bool TryMerge(ReadOnlySpan<byte> opcodes, Span<byte> registers)
    {
        int index = 0;
        while (!opcodes.IsEmpty)
        {
            Opcode opcode = Opcode.Read(opcodes);
            if (opcode.Length > registers.Length - index)
            {
                return false;
            }
            foreach (ref byte register in registers.Slice(index, opcode.Value == 0 ? 0 : opcode.Length))
            {
                register = Math.Max(register, (byte)opcode.Value);
            }
            index += opcode.Length;
            opcodes = opcodes[Math.Min(opcode.Size, opcodes.Length)..];
        }
        return index == registers.Length;
    }

    public static string Describe(ReadOnlySpan<byte> opcodes)
    {
        StringBuilder text = new();
        while (!opcodes.IsEmpty)
        {
            Opcode opcode = Opcode.Read(opcodes);
            if (text.Length > 0)
            {
                text.Append(' ');
            }
            if (opcode.Value > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"v:{opcode.Value},{opcode.Length}");
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"{(opcode.Size == 1 ? 'z' : 'Z')}:{opcode.Length}");
            }
            opcodes = opcodes[Math.Min(opcode.Size, opcodes.Length)..];
        }
        return text.ToString();
    }

    /// <summary>
    /// Finds the opcode at that covers the register, the register it begins with, and the opcode before it (or -1); false if none does.
    /// </summary>
    private static bool TryFind(ReadOnlySpan<byte> opcodes, int index, out int before, out int at, out int first)
    {
        before = -1;
        at = 0;
        first = 0;
        while (at < opcodes.Length)
        {
            Opcode opcode = Opcode.Read(opcodes[at..]);
            if (index < first + opcode.Length)
            {
                return at + opcode.Size <= opcodes.Length;
            }
            before = at;
            at += opcode.Size;
            first += opcode.Length;
        }
        return false;
    }

    /// <summary>Writes what takes the place of an opcode when one of its registers gets a value; returns its size.</summary>
    private static int Split(Opcode old, int first, int index, int value, Span<byte> split)
    {
        int size = 0;
        PutRun(split, ref size, old.Value, index - first);
        PutRun(split, ref size, value, 1);
        PutRun(split, ref size, old.Value, first + old.Length - 1 - index);
        return size;
    }

    private static void PutRun(Span<byte> opcodes, ref int size, int value, int length)
    {
        if (length == 0)
        {
            return;
        }
        if (value == 0)
        {
            PutZeros(opcodes, ref size, length, isAlwaysLong: false);
            return;
        }
        Debug.Assert(length <= ValueLengthMax && value <= ValueMax);
        opcodes[size++] = (byte)(0x80 | value - 1 << 2 | length - 1);
    }

    private static void PutZeros(Span<byte> opcodes, ref int size, int length, bool isAlwaysLong)
    {
        if (length > ZeroLengthMax || isAlwaysLong)
        {
            opcodes[size++] = (byte)(0x40 | length - 1 >> 8);
            opcodes[size++] = (byte)(length - 1);
        }
        else
        {
            opcodes[size++] = (byte)(length - 1);
        }
    }

    private static void Replace<THolder>(ref THolder holder, int at, int oldSize, scoped ReadOnlySpan<byte> replacement)
        where THolder : IByteHolder, allows ref struct
    {
        int size = holder.Bytes.Length;
        int growth = replacement.Length - oldSize;
        if (growth > 0)
        {
            holder.Resize(size + growth);
        }
        Span<byte> bytes = holder.Bytes;
        if (growth != 0)
        {
            bytes[(at + oldSize)..size].CopyTo(bytes[(at + replacement.Length)..]);
        }
        replacement.CopyTo(bytes[at..]);
        if (growth < 0)
        {
            holder.Resize(size + growth);
        }
    }

    /// <summary>Merges runs of the same value among the few opcodes from the given one on.</summary>
    private static void MergeValues<THolder>(ref THolder holder, int at)
        where THolder : IByteHolder, allows ref struct
    {
        Span<byte> bytes = holder.Bytes;
        int end = bytes.Length;
        for (int scan = 0; scan < MergeScanCount && at < end; scan++)
        {
            Opcode left = Opcode.Read(bytes[at..end]);
            if (left.Value > 0 && at + 1 < end)
            {
                Opcode right = Opcode.Read(bytes[(at + 1)..end]);
                if (right.Value == left.Value && left.Length + right.Length <= ValueLengthMax)
                {
                    bytes[(at + 1)..end].CopyTo(bytes[at..]);
                    int size = at;
                    PutRun(bytes, ref size, left.Value, left.Length + right.Length);
                    end--;
                    continue;
                }
            }
            at += left.Size;
        }
        if (end < bytes.Length)
        {
            holder.Resize(end);
        }
    }

    /// <summary>One run: how many registers it covers, the value they have, and the bytes it takes.</summary>
    private readonly record struct Opcode(int Value, int Length, int Size)
    {
        /// <summary>Reads the first opcode of a text that is not empty; a second byte that is missing counts as zero.</summary>
        public static Opcode Read(ReadOnlySpan<byte> opcodes)
        {
            int code = opcodes[0];
            if ((code & 0x80) != 0)
            {
                return new Opcode((code >> 2 & 0x1F) + 1, (code & 3) + 1, 1);
            }
            if ((code & 0x40) == 0)
            {
                return new Opcode(0, (code & 0x3F) + 1, 1);
            }
            int low = opcodes.Length > 1 ? opcodes[1] : 0;
            return new Opcode(0, ((code & 0x3F) << 8 | low) + 1, 2);
        }
    }
}
