using Bixbite.Memory;

namespace Bixbite.Types;

/// <summary>
/// Operations of the keyspace on the root block of a collection type, without knowing the type. A root block owns all
/// that hangs on it, itself included.
/// </summary>
internal interface ICollection
{
    /// <summary>The elements: fields, members, list elements.</summary>
    static abstract long CountOf(ValueContext context, ulong root);

    /// <summary>The heap bytes of the root block and of everything behind it; may be estimated from samples.</summary>
    static abstract long SizeOf(ValueContext context, ulong root);

    /// <summary>A deep copy.</summary>
    static abstract ulong Duplicate(ValueContext context, ulong root);

    /// <summary>
    /// Gives the value up in slices of about <paramref name="countMax"/> elements; false when nothing is left, the root block
    /// included. After the first call nothing else may be done with it but <see cref="CountOf"/>.
    /// </summary>
    static abstract bool ReleaseSome(ValueContext context, ulong root, int countMax);

    /// <summary>
    /// Moves what belongs to the value, root block included, off slabs that are to be emptied, until the evacuation says that it is enough;
    /// false at the end.
    /// </summary>
    static abstract bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation);
}
