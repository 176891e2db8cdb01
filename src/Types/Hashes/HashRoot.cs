using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Hashes;

/// <summary>
/// The root block of a large hash. It owns the index's segments and every <see cref="FieldEntry"/> that the index points to.
/// <code>
///   | IndexRoot: 96 | address of the <see cref="FieldExpiry"/>: 8 |      0 as long as no field was ever to expire
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct HashRoot : ICollection
{
    internal const int Size = IndexRoot.SizeOf + sizeof(ulong);

    internal IndexRoot Index;
    internal ulong Expiry;

    /// <summary>A new root block with an empty hash.</summary>
    internal static ulong Create(ValueContext context)
    {
        ulong root = context.Heap.Allocate(Size);
        IndexRoot.Initialize(context.Heap, root, context.NextIndexSeed());
        Native.At<HashRoot>(root).Expiry = 0;
        return root;
    }

    public static long CountOf(ValueContext context, ulong root) => IndexOf(context, root).Count;

    public static long SizeOf(ValueContext context, ulong root)
    {
        ulong expiry = Native.At<HashRoot>(root).Expiry;
        return IndexedElements.SizeOf(context, root, IndexOf(context, root)) + (expiry == 0 ? 0 : context.Heap.SizeOf(expiry));
    }

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        ulong copy = Create(context);
        HashIndex<FieldKeys> source = IndexOf(context, root);
        var copier = new Copier(context.Heap, new FieldTable(context, copy));
        source.VisitAll(ref copier);
        return copy;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax)
    {
        ref ulong expiry = ref Native.At<HashRoot>(root).Expiry;
        if (expiry != 0)
        {
            context.Heap.Free(expiry);
            expiry = 0;
        }
        return IndexedElements.ReleaseSome(context, root, IndexOf(context, root), countMax);
    }

    public static bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        root = evacuation.Move(root);
        ref ulong expiry = ref Native.At<HashRoot>(root).Expiry;
        if (expiry != 0)
        {
            expiry = evacuation.Move(expiry);
        }
        return IndexedElements.RelocateSome(IndexOf(context, root), ref cursor, evacuation);
    }

    internal static HashIndex<FieldKeys> IndexOf(ValueContext context, ulong root) => new(context.Heap, root, context.Seed);

    private readonly struct Copier(Heap heap, FieldTable target) : IEntryVisitor
    {
        public void Visit(ulong entry) => target.Insert(new FieldEntry(entry).Duplicate(heap));
    }
}
