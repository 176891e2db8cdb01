using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Bixbite.Memory;
using static Bixbite.Structures.Packed.ListpackEncoding;

namespace Bixbite.Structures.Packed;

/// <summary>
/// A sequence of texts and integers in one piece of memory, byte for byte as Redis has it: what small collections are, and what the pages
/// of large lists and streams are. Good up to some hundred entries, since everything but the ends is found by walking.
/// <code>
///   | total bytes: 4 | count: 2 | entry | entry | ... | 0xFF |        little-endian; count 65535 means "more, or unknown"
/// </code>
/// An entry is meant by its offset from the listpack's first byte; 0 is none. <see cref="ListpackEncoding"/> tells what an entry is.
/// Reading works on the bytes, which must be a valid listpack (<see cref="IsValid"/> for what comes from outside); a change works on the
/// <see cref="BlockTail"/> the bytes lie in, may move them, and voids spans and the offsets behind the change. What is added must not
/// lie in the tail itself.
/// </summary>
public static class Listpack
{
    /// <summary>The bytes of a listpack without entries.</summary>
    public const int EmptySize = HeaderSize + EndSize;

    /// <summary>No listpack may be larger, as in Redis. Callers ask <see cref="IsSafeToAdd"/>.</summary>
    public const int SizeMax = 1 << 30;

    /// <summary>Where the first entry begins, if there is one.</summary>
    public const int HeaderSize = 6;

    internal const int CountUnknown = ushort.MaxValue;
    internal const int CountOffset = 4;

    private const int EndSize = 1;

    /// <summary>Makes the first <see cref="EmptySize"/> bytes an empty listpack.</summary>
    public static void WriteEmpty(Span<byte> target)
    {
        WriteSize(target, EmptySize);
        WriteCount(target, 0);
        target[HeaderSize] = End;
    }

    /// <summary>All bytes, header and end mark included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int SizeOf(ReadOnlySpan<byte> pack) => BinaryPrimitives.ReadInt32LittleEndian(pack);

    /// <summary>The listpack in this tail. Valid until it changes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Pack(scoped in BlockTail tail) => tail.Bytes(SizeOf(tail.Bytes(HeaderSize)));

    /// <summary>The number of entries. Takes a walk where the header does not know it.</summary>
    public static int Count(ReadOnlySpan<byte> pack)
    {
        int count = CountInHeader(pack);
        return count != CountUnknown ? count : CountFrom(pack, HeaderSize);
    }

    /// <summary>Whether entries of so many bytes may be added.</summary>
    public static bool IsSafeToAdd(ReadOnlySpan<byte> pack, long addedSize) => SizeOf(pack) + addedSize <= SizeMax;

    /// <summary>The bytes that this text takes as an entry, stored as an integer if it is one.</summary>
    public static int EntrySizeOf(ReadOnlySpan<byte> text) => new ListpackItem(text).Size;

    /// <inheritdoc cref="EntrySizeOf(ReadOnlySpan{byte})"/>
    public static int EntrySizeOf(long integer) => new ListpackItem(integer).Size;

    /// <summary>The bytes that the entry at this offset takes.</summary>
    public static int EntrySizeAt(ReadOnlySpan<byte> pack, int offset) => SizeAt(pack, offset);

    /// <summary>The first entry, 0 if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int First(ReadOnlySpan<byte> pack) => pack[HeaderSize] == End ? 0 : HeaderSize;

    /// <summary>The last entry, 0 if there is none.</summary>
    public static int Last(ReadOnlySpan<byte> pack) => Previous(pack, EndOffset(pack));

    /// <summary>Where the end mark is: to insert there is to append.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOffset(ReadOnlySpan<byte> pack) => SizeOf(pack) - EndSize;

    /// <summary>The entry behind this one, 0 at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Next(ReadOnlySpan<byte> pack, int offset)
    {
        int next = After(pack, offset);
        return pack[next] == End ? 0 : next;
    }

    /// <summary>Where the entry ends: the entry behind it, or the end mark.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int After(ReadOnlySpan<byte> pack, int offset)
    {
        Debug.Assert(offset >= HeaderSize && offset < EndOffset(pack), "There is no entry at this offset.");
        return offset + SizeAt(pack, offset);
    }

    /// <summary>The entry before this one, 0 at the beginning; the end mark's offset is allowed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Previous(ReadOnlySpan<byte> pack, int offset)
    {
        Debug.Assert(offset >= HeaderSize && offset <= EndOffset(pack), "There is no entry at this offset.");
        return offset == HeaderSize ? 0 : offset - SizeBefore(pack, offset);
    }

    /// <summary>The entry so many entries behind this one, 0 if there are fewer.</summary>
    public static int Skip(ReadOnlySpan<byte> pack, int offset, int count)
    {
        for (; count > 0 && offset != 0; count--)
        {
            offset = Next(pack, offset);
        }
        return offset;
    }

    /// <summary>
    /// The entry with this index, 0 if there is none; -1 is the last entry, -2 the one before. Walks from the nearer end.
    /// </summary>
    public static int Seek(ReadOnlySpan<byte> pack, int index)
    {
        int count = CountInHeader(pack);
        if (count != CountUnknown)
        {
            if (index < 0)
            {
                index += count;
            }
            if ((uint)index >= (uint)count)
            {
                return 0;
            }
            if (index > count / 2)
            {
                index -= count;
            }
        }
        return index >= 0 ? Skip(pack, First(pack), index) : SkipBack(pack, Last(pack), -1 - index);
    }

    /// <summary>The entry at this offset, read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ListpackEntry At(ReadOnlySpan<byte> pack, int offset)
    {
        Debug.Assert(offset >= HeaderSize && offset < EndOffset(pack), "There is no entry at this offset.");
        return ListpackEntry.Read(pack, offset);
    }

    /// <summary>
    /// The first entry from this one on that reads as this text, 0 if there is none. Compares one entry and leaves out the next
    /// <paramref name="skip"/>, and so on: with 1, the fields of pairs. The offset 0 finds nothing.
    /// </summary>
    public static int Find(ReadOnlySpan<byte> pack, int offset, ReadOnlySpan<byte> text, int skip) =>
        offset == 0 ? 0 : ListpackSearch.Find(pack, offset, text, skip);

    /// <summary>
    /// Whether these bytes, which may come from anywhere, are a listpack and nothing else, so that everything here may be done with
    /// it. Reads each entry's frame once.
    /// </summary>
    /// <param name="pack">The bytes, which may be any.</param>
    /// <param name="count">The true number of entries.</param>
    public static bool IsValid(ReadOnlySpan<byte> pack, out int count) => ListpackCheck.IsValid(pack, out count);

    /// <summary>Adds the text before the entry at this offset, or at the end if the offset is the end mark's.</summary>
    public static void Insert(in BlockTail tail, int offset, ReadOnlySpan<byte> text) => Insert(tail, offset, new ListpackItem(text));

    /// <inheritdoc cref="Insert(in BlockTail, int, ReadOnlySpan{byte})"/>
    public static void Insert(in BlockTail tail, int offset, long integer) => Insert(tail, offset, new ListpackItem(integer));

    /// <summary>Adds two texts, one behind the other, with one move.</summary>
    public static void InsertPair(in BlockTail tail, int offset, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        InsertPair(tail, offset, new ListpackItem(first), new ListpackItem(second));

    /// <inheritdoc cref="InsertPair(in BlockTail, int, ReadOnlySpan{byte}, ReadOnlySpan{byte})"/>
    public static void InsertPair(in BlockTail tail, int offset, ReadOnlySpan<byte> first, long second) =>
        InsertPair(tail, offset, new ListpackItem(first), new ListpackItem(second));

    /// <summary>Adds entries as they are in another listpack: whole ones, so many as told. See <see cref="Entries"/>.</summary>
    public static void InsertEntries(in BlockTail tail, int offset, ReadOnlySpan<byte> entries, int count)
    {
        Span<byte> pack = Resize(tail, offset, 0, entries.Length);
        entries.CopyTo(pack[offset..]);
        AddToCount(pack, count);
    }

    public static void Append(in BlockTail tail, ReadOnlySpan<byte> text) => Insert(tail, EndOffset(Pack(tail)), text);

    public static void Append(in BlockTail tail, long integer) => Insert(tail, EndOffset(Pack(tail)), integer);

    public static void AppendPair(in BlockTail tail, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second) =>
        InsertPair(tail, EndOffset(Pack(tail)), first, second);

    public static void Prepend(in BlockTail tail, ReadOnlySpan<byte> text) => Insert(tail, HeaderSize, text);

    public static void Prepend(in BlockTail tail, long integer) => Insert(tail, HeaderSize, integer);

    /// <summary>Puts the text in the place of the entry at this offset, which stays the entry's.</summary>
    public static void Replace(in BlockTail tail, int offset, ReadOnlySpan<byte> text) => Replace(tail, offset, new ListpackItem(text));

    /// <inheritdoc cref="Replace(in BlockTail, int, ReadOnlySpan{byte})"/>
    public static void Replace(in BlockTail tail, int offset, long integer) => Replace(tail, offset, new ListpackItem(integer));

    /// <summary>
    /// Removes so many entries from this one on, or all that there are. What follows them is then at this offset. Gives the
    /// block's spare bytes back where they are many.
    /// </summary>
    public static void Remove(in BlockTail tail, int offset, int count)
    {
        ReadOnlySpan<byte> pack = Pack(tail);
        int end = offset;
        int removed = 0;
        for (; removed < count && pack[end] != End; removed++)
        {
            end = After(pack, end);
        }
        AddToCount(Resize(tail, offset, end - offset, 0), -removed);
        Settle(tail);
    }

    /// <summary>The entries' bytes, from this one to the end mark.</summary>
    public static ReadOnlySpan<byte> Entries(ReadOnlySpan<byte> pack, int offset = HeaderSize) => pack[offset..EndOffset(pack)];

    private static void Insert(in BlockTail tail, int offset, in ListpackItem item)
    {
        Debug.Assert(!Pack(tail).Overlaps(item.Text), "What is added is not moved by adding it.");
        int size = item.Size;
        Span<byte> pack = Resize(tail, offset, 0, size);
        item.WriteTo(pack.Slice(offset, size));
        AddToCount(pack, 1);
    }

    private static void InsertPair(in BlockTail tail, int offset, in ListpackItem first, in ListpackItem second)
    {
        int middle = offset + first.Size;
        int end = middle + second.Size;
        Span<byte> pack = Resize(tail, offset, 0, end - offset);
        first.WriteTo(pack[offset..middle]);
        second.WriteTo(pack[middle..end]);
        AddToCount(pack, 2);
    }

    private static void Replace(in BlockTail tail, int offset, in ListpackItem item)
    {
        Debug.Assert(!Pack(tail).Overlaps(item.Text), "What is put in is not moved by putting it in.");
        int oldSize = SizeAt(Pack(tail), offset);
        int size = item.Size;
        Span<byte> pack = Resize(tail, offset, oldSize, size);
        item.WriteTo(pack.Slice(offset, size));
        if (size < oldSize)
        {
            Settle(tail);
        }
    }

    /// <summary>
    /// Makes room for <paramref name="newSize"/> bytes where <paramref name="oldSize"/> were, moves what follows, and notes the new
    /// total. The bytes of the room are undefined.
    /// </summary>
    private static Span<byte> Resize(in BlockTail tail, int offset, int oldSize, int newSize)
    {
        int size = SizeOf(tail.Bytes(HeaderSize));
        int resized = size + newSize - oldSize;
        Debug.Assert(offset >= HeaderSize && offset + oldSize < size, "The change lies before the end mark.");
        Debug.Assert(resized <= SizeMax, "A listpack has an upper limit.");
        if (newSize == oldSize)
        {
            return tail.Bytes(size);
        }

        Span<byte> bytes = resized > size ? tail.Grow(resized) : tail.Bytes(size);
        Native.Copy(tail.Address + (uint)(offset + oldSize), tail.Address + (uint)(offset + newSize), size - offset - oldSize);
        WriteSize(bytes, resized);
        return bytes[..resized];
    }

    /// <summary>Gives back what a removal has left, if it is a good part of the block.</summary>
    private static void Settle(in BlockTail tail) => tail.ShrinkIfSparse(SizeOf(tail.Bytes(HeaderSize)));

    private static void AddToCount(Span<byte> pack, int added)
    {
        int count = CountInHeader(pack);
        if (count != CountUnknown)
        {
            WriteCount(pack, Math.Min(count + added, CountUnknown));
        }
        else if (added < 0)
        {
            WriteCount(pack, Math.Min(CountFrom(pack, HeaderSize), CountUnknown));
        }
    }

    private static int CountInHeader(ReadOnlySpan<byte> pack) => BinaryPrimitives.ReadUInt16LittleEndian(pack[CountOffset..]);

    private static void WriteCount(Span<byte> pack, int count) =>
        BinaryPrimitives.WriteUInt16LittleEndian(pack[CountOffset..], (ushort)count);

    private static void WriteSize(Span<byte> pack, int size) => BinaryPrimitives.WriteInt32LittleEndian(pack, size);

    private static int CountFrom(ReadOnlySpan<byte> pack, int offset)
    {
        int count = 0;
        for (; pack[offset] != End; offset = After(pack, offset))
        {
            count++;
        }
        return count;
    }

    private static int SkipBack(ReadOnlySpan<byte> pack, int offset, int count)
    {
        for (; count > 0 && offset != 0; count--)
        {
            offset = Previous(pack, offset);
        }
        return offset;
    }
}
