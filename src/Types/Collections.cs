using System.Diagnostics;
using Bixbite.Memory;
using Bixbite.Types.Hashes;
using Bixbite.Types.Lists;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;
using Bixbite.Types.Streams;

namespace Bixbite.Types;

/// <summary>What can be done with a collection's value of any type: the one place that knows them all.</summary>
public static class Collections
{
    /// <summary>What OBJECT ENCODING answers.</summary>
    public static ReadOnlySpan<byte> EncodingName(KeyType type, ValueLayout layout) => layout switch
    {
        _ when type == KeyType.Stream => "stream"u8,
        ValueLayout.Listpack => "listpack"u8,
        ValueLayout.Intset => "intset"u8,
        ValueLayout.ListpackWithDeadlines => "listpackex"u8,
        _ => type switch
        {
            KeyType.List => "quicklist"u8,
            KeyType.SortedSet => "skiplist"u8,
            _ => "hashtable"u8,
        },
    };

    /// <summary>The elements behind a root block.</summary>
    public static long CountOf(ValueContext context, KeyType type, ulong root) => type switch
    {
        KeyType.Hash => HashRoot.CountOf(context, root),
        KeyType.List => ListRoot.CountOf(context, root),
        KeyType.Set => SetRoot.CountOf(context, root),
        KeyType.SortedSet => SortedSetRoot.CountOf(context, root),
        KeyType.Stream => StreamRoot.CountOf(context, root),
        _ => throw NoCollection(type),
    };

    /// <summary>The heap bytes of a root block and of everything behind it.</summary>
    public static long SizeOf(ValueContext context, KeyType type, ulong root) => type switch
    {
        KeyType.Hash => HashRoot.SizeOf(context, root),
        KeyType.List => ListRoot.SizeOf(context, root),
        KeyType.Set => SetRoot.SizeOf(context, root),
        KeyType.SortedSet => SortedSetRoot.SizeOf(context, root),
        KeyType.Stream => StreamRoot.SizeOf(context, root),
        _ => throw NoCollection(type),
    };

    /// <summary>A deep copy of a root block.</summary>
    public static ulong Duplicate(ValueContext context, KeyType type, ulong root) => type switch
    {
        KeyType.Hash => HashRoot.Duplicate(context, root),
        KeyType.List => ListRoot.Duplicate(context, root),
        KeyType.Set => SetRoot.Duplicate(context, root),
        KeyType.SortedSet => SortedSetRoot.Duplicate(context, root),
        KeyType.Stream => StreamRoot.Duplicate(context, root),
        _ => throw NoCollection(type),
    };

    /// <summary>Gives a root block up in slices of about so many elements; false when nothing is left.</summary>
    public static bool ReleaseSome(ValueContext context, KeyType type, ulong root, int countMax) => type switch
    {
        KeyType.Hash => HashRoot.ReleaseSome(context, root, countMax),
        KeyType.List => ListRoot.ReleaseSome(context, root, countMax),
        KeyType.Set => SetRoot.ReleaseSome(context, root, countMax),
        KeyType.SortedSet => SortedSetRoot.ReleaseSome(context, root, countMax),
        KeyType.Stream => StreamRoot.ReleaseSome(context, root, countMax),
        _ => throw NoCollection(type),
    };

    /// <summary>
    /// Moves a root block and what belongs to it off slabs that are to be emptied, in slices; false at the end. The caller stores the
    /// root's address, and has made sure that nobody reads the value in pieces.
    /// </summary>
    public static bool RelocateSome(
        ValueContext context, KeyType type, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation) => type switch
    {
        KeyType.Hash => HashRoot.RelocateSome(context, ref root, ref cursor, evacuation),
        KeyType.List => ListRoot.RelocateSome(context, ref root, ref cursor, evacuation),
        KeyType.Set => SetRoot.RelocateSome(context, ref root, ref cursor, evacuation),
        KeyType.SortedSet => SortedSetRoot.RelocateSome(context, ref root, ref cursor, evacuation),
        KeyType.Stream => StreamRoot.RelocateSome(context, ref root, ref cursor, evacuation),
        _ => throw NoCollection(type),
    };

    private static UnreachableException NoCollection(KeyType type) => new($"a {type} has no root block");
}
