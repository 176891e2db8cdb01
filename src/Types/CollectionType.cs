using Bixbite.Memory;
using Bixbite.Types.Digests;
using Bixbite.Types.Saving;

namespace Bixbite.Types;

/// <summary>
/// A type whose values lie in a <see cref="ValueSlot"/>: packed bytes, or the address of a root block that owns all that hangs on it,
/// itself included. All that the keyspace can do with a value of it is here; how one is written to files, its codec in Persistence
/// says.
/// </summary>
public abstract class CollectionType : TypeDescriptor
{
    /// <summary>A key may hold a value without elements.</summary>
    public virtual bool MayBeEmpty => false;

    /// <summary>A root block begins with an index whose hashes are those of keys, so that members can be prefetched.</summary>
    public virtual bool HasIndex => false;

    /// <summary>The reply of OBJECT ENCODING.</summary>
    public abstract ReadOnlySpan<byte> EncodingName(ValueLayout layout);

    /// <summary>Whether the value has no elements, not even hidden ones.</summary>
    public abstract bool IsEmpty(scoped ValueSlot slot);

    /// <summary>Whether elements of the value at this address expire.</summary>
    public virtual bool HasDeadlines(ulong value) => false;

    /// <summary>Adds a value's elements to the digest of its key.</summary>
    public abstract void Digest(ContentDigest digest, scoped ValueSlot slot);

    /// <summary>The elements of a root block: fields, members, list elements.</summary>
    public abstract long CountOf(ValueContext context, ulong root);

    /// <summary>The heap bytes of the root block and of everything behind it; may be estimated from samples.</summary>
    public abstract long SizeOf(ValueContext context, ulong root);

    /// <summary>The same, estimated in a time that does not grow with the value.</summary>
    public virtual long EstimateOf(ValueContext context, ulong root) => SizeOf(context, root);

    /// <summary>A deep copy of a root block.</summary>
    public abstract ulong Duplicate(ValueContext context, ulong root);

    /// <summary>
    /// Gives a root block up in slices of about <paramref name="countMax"/> elements; false when nothing is left, the root block included.
    /// After the first call nothing else may be done with it but <see cref="CountOf"/>.
    /// </summary>
    public abstract bool ReleaseSome(ValueContext context, ulong root, int countMax);

    /// <summary>
    /// Moves a root block and what belongs to it off slabs that are to be emptied, until the evacuation says that it is enough; false at
    /// the end. Each call comes nearer to the end, even if it is enough already: a small value is moved as a whole. The caller stores the
    /// root's address, and has made sure that nobody reads the value in pieces.
    /// </summary>
    public abstract bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation);

    /// <summary>Begins to hand over the value of a root block as it is now, in pieces, while commands go on changing it.</summary>
    /// <param name="context">What the values of the keyspace share.</param>
    /// <param name="root">The root block.</param>
    /// <param name="memory">Of the snapshot; it tells the snapshot's lane and number as well.</param>
    /// <param name="output">Takes the pieces: the type's own kind of sink.</param>
    public abstract ValueSnapshot Snapshot(ValueContext context, ulong root, SnapshotMemory memory, IValueSink output);
}

/// <summary>A collection whose root block has a type of its own.</summary>
internal abstract class CollectionType<TRoot> : CollectionType
    where TRoot : struct, ICollection
{
    public sealed override long CountOf(ValueContext context, ulong root) => TRoot.CountOf(context, root);

    public sealed override long SizeOf(ValueContext context, ulong root) => TRoot.SizeOf(context, root);

    public sealed override ulong Duplicate(ValueContext context, ulong root) => TRoot.Duplicate(context, root);

    public sealed override bool ReleaseSome(ValueContext context, ulong root, int countMax) => TRoot.ReleaseSome(context, root, countMax);

    public sealed override bool RelocateSome(
        ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation) =>
        TRoot.RelocateSome(context, ref root, ref cursor, evacuation);
}
