using System.Collections.Immutable;
using System.Numerics;

namespace Bixbite.Cluster.Document;

/// <summary>A bit for each slot, to build a <see cref="SlotSet"/> with.</summary>
public sealed class SlotMarks
{
    private readonly ulong[] _words = new ulong[SlotSet.SlotCount / 64];

    public bool this[int slot] => (_words[slot >> 6] >> slot & 1) != 0;

    public void Set(int slot) => _words[slot >> 6] |= 1UL << slot;

    public void Set(SlotRange range)
    {
        for (int slot = range.First; slot <= range.Last; slot++)
        {
            Set(slot);
        }
    }

    public void Clear(SlotRange range)
    {
        for (int slot = range.First; slot <= range.Last; slot++)
        {
            _words[slot >> 6] &= ~(1UL << slot);
        }
    }

    internal ImmutableArray<SlotRange> Ranges()
    {
        ImmutableArray<SlotRange>.Builder ranges = ImmutableArray.CreateBuilder<SlotRange>();
        int slot = Next(0, isSet: true);
        while (slot < SlotSet.SlotCount)
        {
            int end = Next(slot, isSet: false);
            ranges.Add(new SlotRange(slot, end - 1));
            slot = Next(end, isSet: true);
        }
        return ranges.ToImmutable();
    }

    /// <summary>The next slot from here on that is marked, or is not; <see cref="SlotSet.SlotCount"/> if there is none.</summary>
    private int Next(int slot, bool isSet)
    {
        while (slot < SlotSet.SlotCount)
        {
            ulong word = (isSet ? _words[slot >> 6] : ~_words[slot >> 6]) >> slot;
            if (word != 0)
            {
                return slot + BitOperations.TrailingZeroCount(word);
            }
            slot = (slot | 63) + 1;
        }
        return SlotSet.SlotCount;
    }
}
