using System.Diagnostics;
using Bixbite.Types;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;

namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>Reads collections of all types and encodings: the one place that knows which type's decoder does it.</summary>
internal static class ValueDecoder
{
    /// <summary>
    /// Reads a collection into an empty value of its type. False if the bytes are wrong in any way; what was built by then is then of no
    /// use and is to be discarded, and so is an empty collection, as only streams may be.
    /// </summary>
    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot, out bool isEmpty)
    {
        bool isKnown = RdbFormat.TryKeyTypeOf(type, out KeyType keyType);
        Debug.Assert(isKnown && keyType != KeyType.String, "The caller knows that it is a collection.");
        bool isSound = keyType switch
        {
            KeyType.List => ListDecoder.TryRead(type, ref reader, slot),
            KeyType.Set => SetDecoder.TryRead(type, ref reader, slot),
            KeyType.SortedSet => SortedSetDecoder.TryRead(type, ref reader, slot),
            KeyType.Stream => StreamDecoder.TryRead(type, ref reader, slot),
            _ => HashDecoder.TryRead(type, ref reader, slot),
        };
        isEmpty = isSound && IsEmpty(keyType, slot);
        return isSound && !reader.HasFailed;
    }

    private static bool IsEmpty(KeyType type, scoped ValueSlot slot) => type switch
    {
        KeyType.List => new ListValue(slot).IsEmpty,
        KeyType.Set => new SetValue(slot).IsEmpty,
        KeyType.SortedSet => new SortedSetValue(slot).IsEmpty,
        KeyType.Hash => new HashValue(slot).StoredCount == 0,
        _ => false,
    };
}
