using System.Diagnostics;
using Bixbite.Memory;

namespace Bixbite.Structures.Hashing;

/// <summary>
/// How far a walk through all entries has come; the default value is its beginning. Unlike a scan's cursor it is good only as long as the
/// index does not change, and it stops between any two buckets.
/// </summary>
public struct IndexWalk
{
    /// <summary>The fewest entries that a step must have room for.</summary>
    public const int StepSizeMin = Bucket.SlotCount;

    private ulong _hash;
    private int _bucketIndex;
    private bool _isAtEnd;

    /// <summary>Takes the entries of the next few buckets and asks for their cache lines; 0 at the end.</summary>
    internal int Step(SegmentDirectory directory, Span<ulong> entries)
    {
        Debug.Assert(entries.Length >= StepSizeMin, "A bucket is taken as a whole.");
        int count = 0;
        while (!_isAtEnd)
        {
            Segment segment = directory.EntryOf(_hash).Segment;
            int bucketCount = segment.BucketCount;
            for (; _bucketIndex < bucketCount; _bucketIndex++)
            {
                if (entries.Length - count < Bucket.SlotCount)
                {
                    return count;
                }
                ulong bucket = segment.BucketAt(_bucketIndex);
                for (ulong occupied = Bucket.Occupied(Native.At<ulong>(bucket)); occupied != 0; occupied &= occupied - 1)
                {
                    ulong entry = Bucket.EntryAt(Bucket.FirstSlot(bucket, occupied));
                    Native.Prefetch(entry);
                    entries[count++] = entry;
                }
            }
            _hash = SegmentDirectory.EndOf(segment);
            _bucketIndex = 0;
            _isAtEnd = _hash == 0;
        }
        return count;
    }
}
