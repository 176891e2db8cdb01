using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Types;

namespace Bixbite.Crash.Ledgers;

/// <summary>
/// The root block of a large ledger: entries that follow each other, a block each.
/// <code>
///   root    | count: 8 | first: 8 | last: 8 | --> | next: 8 | length: 8 | bytes | --> ... --> | 0 | length | bytes |
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
internal struct LedgerRoot
{
    private const int SizeOf = 24;
    private const uint HeaderSize = 16;

    private long _count;
    private ulong _first;
    private ulong _last;

    public static long CountOf(ulong root) => At(root)._count;

    public static ulong Create(ValueContext context)
    {
        ulong root = context.Heap.Allocate(SizeOf);
        At(root) = default;
        return root;
    }

    public static ulong FirstOf(ulong root) => At(root)._first;

    public static ulong NextOf(ulong entry) => Native.At<ulong>(entry);

    public static ReadOnlySpan<byte> BytesOf(ulong entry) =>
        Native.Bytes(entry + HeaderSize, (int)Native.At<long>(entry + sizeof(ulong)));

    public static void Append(ValueContext context, ulong root, ReadOnlySpan<byte> bytes)
    {
        ulong entry = context.Heap.Allocate(HeaderSize + bytes.Length);
        Native.At<ulong>(entry) = 0;
        Native.At<long>(entry + sizeof(ulong)) = bytes.Length;
        bytes.CopyTo(Native.Bytes(entry + HeaderSize, bytes.Length));
        ref LedgerRoot ledger = ref At(root);
        if (ledger._last == 0)
        {
            ledger._first = entry;
        }
        else
        {
            Native.At<ulong>(ledger._last) = entry;
        }
        ledger._last = entry;
        ledger._count++;
    }

    public static long MeasureIn(ValueContext context, ulong root)
    {
        long size = context.Heap.SizeOf(root);
        for (ulong entry = FirstOf(root); entry != 0; entry = NextOf(entry))
        {
            size += context.Heap.SizeOf(entry);
        }
        return size;
    }

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        ulong copy = Create(context);
        for (ulong entry = FirstOf(root); entry != 0; entry = NextOf(entry))
        {
            Append(context, copy, BytesOf(entry));
        }
        return copy;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax)
    {
        ref LedgerRoot ledger = ref At(root);
        for (; countMax > 0 && ledger._first != 0; countMax--)
        {
            ulong entry = ledger._first;
            ledger._first = NextOf(entry);
            ledger._count--;
            context.Heap.Free(entry);
        }

        if (ledger._first != 0)
        {
            return true;
        }
        context.Heap.Free(root);
        return false;
    }

    /// <summary>The cursor tells how many entries have had their turn.</summary>
    public static bool RelocateSome(ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        root = evacuation.Move(root);
        ref LedgerRoot ledger = ref At(root);
        ref ulong link = ref ledger._first;
        for (ulong index = 0; link != 0; index++)
        {
            if (index >= cursor.Position)
            {
                bool isLast = link == ledger._last;
                link = evacuation.Move(link);
                if (isLast)
                {
                    ledger._last = link;
                }
                cursor.Position = index + 1;
                if (evacuation.IsEnough && !isLast)
                {
                    return true;
                }
            }

            link = ref Native.At<ulong>(link);
        }

        return false;
    }

    private static ref LedgerRoot At(ulong root) => ref Native.At<LedgerRoot>(root);
}
