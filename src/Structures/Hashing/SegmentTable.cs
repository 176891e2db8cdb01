using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// All segments of an index in a row, in no order: each has a number, from 0 on without gaps, at which the row has its word. So one can
/// be drawn at random, or they can be gone through one after the other, whatever the directory above them looks like.
/// <code>
///   | word of segment 0 | word of segment 1 | ... | word of segment n-1 | room |        a DirectoryEntry each
/// </code>
/// While there is only one segment there is no row. The <see cref="DueTable"/> has a tick for each number, and as much room.
/// </summary>
internal readonly struct SegmentTable(SegmentDirectory directory)
{
    private ref IndexRoot Root => ref directory.Root;

    private int Capacity => 1 << Root.TableShift;

    internal DirectoryEntry this[int number]
    {
        get
        {
            Debug.Assert((uint)number < (uint)Root.SegmentCount, "There is no segment of this number.");
            return Root.Table == 0 ? directory.EntryOf(0) : Word(number);
        }
    }

    /// <summary>Notes the word of a segment that has its number.</summary>
    internal void Set(Segment segment)
    {
        if (Root.Table != 0)
        {
            Word(segment.Header.Number) = new DirectoryEntry(segment);
        }
    }

    /// <summary>Gives the segment the next number.</summary>
    internal void Add(Segment segment)
    {
        if (Root.SegmentCount == Capacity)
        {
            SetRoom(Root.TableShift + 1);
        }
        int number = Root.SegmentCount++;
        segment.Header.Number = number;
        Set(segment);
        directory.Due.Set(number, DueTable.None);
    }

    /// <summary>The segment of this number is no more; the last one gets its number.</summary>
    internal void Remove(int number)
    {
        int last = --Root.SegmentCount;
        if (number != last)
        {
            DirectoryEntry moved = Word(last);
            Word(number) = moved;
            moved.Segment.Header.Number = number;
            directory.Due.Set(number, directory.Due.Get(last));
        }
        if (Root.SegmentCount <= Capacity / 4 || Root.SegmentCount == 1)
        {
            SetRoom(Root.SegmentCount == 1 ? 0 : Root.TableShift - 1);
        }
    }

    /// <summary>Makes room for so many segments in a table that has one.</summary>
    internal void Reserve(int shift)
    {
        Debug.Assert(Root.SegmentCount == 1 && Root.Table == 0, "The table has segments.");
        SetRoom(shift);
    }

    private ref DirectoryEntry Word(int number) => ref Native.At<DirectoryEntry>(Root.Table + ((ulong)number * sizeof(ulong)));

    private void SetRoom(int shift)
    {
        if (shift == Root.TableShift)
        {
            return;
        }
        long usedSize = Math.Min(Root.SegmentCount, 1L << shift) * sizeof(ulong);
        ulong words = shift == 0 ? 0 : directory.Allocate(sizeof(ulong) << shift);
        if (Root.Table != 0)
        {
            if (words != 0)
            {
                Native.Copy(Root.Table, words, usedSize);
            }
            directory.Free(Root.Table);
        }
        else
        {
            Native.At<DirectoryEntry>(words) = directory.EntryOf(0);
        }
        Root.Table = words;
        Root.TableShift = shift;
        directory.Due.SetRoom(Root.SegmentCount, 1L << shift);
    }
}
