using System.Diagnostics;
using Bixbite.Types;

namespace Bixbite.Persistence.Rdb.Reading;

/// <summary>Reads collections of all types and encodings: the one place that knows which type's decoder does it.</summary>
internal static class ValueDecoder
{
    /// <summary>
    /// Reads a collection into an empty value of its type. False if the bytes are wrong in any way, or the collection is empty, as only
    /// streams may be; what was built by then is then of no use and is to be discarded.
    /// </summary>
    public static bool TryRead(RdbType type, ref RdbReader reader, scoped ValueSlot slot)
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
        return isSound && !reader.HasFailed;
    }
}
