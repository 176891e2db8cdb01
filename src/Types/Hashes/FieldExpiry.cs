using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Hashes;

/// <summary>
/// When fields of a large hash expire, and which of them nobody sees any more: a block of the hash's own. Times are in Unix milliseconds.
/// Fields that are due are removed bit by bit, and hidden until then. How many those are is counted when somebody asks:
/// <code>
///   | next deadline: 8 | latest deadline: 8 | hidden before: 8 | counted before: 8 | nothing before: 8 | counted: 8 |
///
///     next ... counted before ... nothing before ...... latest           counted before &lt;= hidden before
///        counted  |     no field     |
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeOf)]
internal struct FieldExpiry
{
    internal const int SizeOf = 48;

    /// <summary>When the next field expires, or some time before that; without meaning where none expires.</summary>
    internal long NextMs;

    /// <summary>No field expires later; without meaning where none expires.</summary>
    internal long LatestMs;

    /// <summary>Fields whose deadline is before this are hidden.</summary>
    internal long HiddenBeforeMs;

    /// <summary>Fields whose deadline is before this are counted.</summary>
    internal long CountedBeforeMs;

    /// <summary>No field expires from the time up to which fields are counted on and before this.</summary>
    internal long NothingBeforeMs;

    internal long CountedCount;

    internal readonly DeadlineRange Range => new(NextMs, LatestMs);

    /// <summary>Makes the bytes at this address the expiry of a hash of which no field expires.</summary>
    internal static ulong Create(Heap heap)
    {
        ulong address = heap.Allocate(SizeOf);
        ref FieldExpiry expiry = ref Native.At<FieldExpiry>(address);
        expiry.NextMs = FieldDeadlines.None;
        expiry.LatestMs = long.MinValue;
        expiry.ShowAll();
        return address;
    }

    /// <summary>No field is hidden.</summary>
    internal void ShowAll()
    {
        HiddenBeforeMs = CountedBeforeMs = NothingBeforeMs = long.MinValue;
        CountedCount = 0;
    }

    /// <summary>A field has got a deadline.</summary>
    internal void Note(long deadlineMs, bool isFirst)
    {
        if (isFirst)
        {
            ShowAll();
        }
        LatestMs = isFirst ? deadlineMs : Math.Max(LatestMs, deadlineMs);
        NextMs = isFirst ? deadlineMs : Math.Min(NextMs, deadlineMs);
        if (deadlineMs < CountedBeforeMs)
        {
            CountedCount++;
        }
        else
        {
            NothingBeforeMs = Math.Min(NothingBeforeMs, deadlineMs);
        }
    }

    /// <summary>A field with this deadline has been removed.</summary>
    internal void Forget(long deadlineMs)
    {
        if (deadlineMs < CountedBeforeMs)
        {
            CountedCount--;
        }
    }

    /// <summary>How many fields of this hash are hidden.</summary>
    internal long CountHidden(HashIndex<FieldKeys> index)
    {
        if (HiddenBeforeMs > CountedBeforeMs)
        {
            if (index.VolatileCount > 0 && LatestMs < HiddenBeforeMs)
            {
                CountedCount = index.VolatileCount;
                NothingBeforeMs = HiddenBeforeMs;
            }
            else if (HiddenBeforeMs > NothingBeforeMs)
            {
                CountedCount += index.CountWithin(CountedBeforeMs, HiddenBeforeMs, Range, out NothingBeforeMs);
            }
            CountedBeforeMs = HiddenBeforeMs;
        }
        return CountedCount;
    }
}
