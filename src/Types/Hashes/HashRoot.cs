using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Hashes;

/// <summary>
/// The root block of a large hash. It owns the index's segments and every <see cref="FieldEntry"/> that the index points to.
/// <code>
///   | IndexRoot: 96 | next deadline, Unix ms: 8 |
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
internal struct HashRoot : ICollection
{
    internal const int Size = IndexRoot.SizeOf + sizeof(long);

    internal IndexRoot Index;

    /// <summary>When the next field expires, or some time before that; without meaning where none expires.</summary>
    internal long NextDeadlineMs;

    /// <summary>A new root block with an empty hash.</summary>
    internal static ulong Create(ValueContext context)
    {
        ulong root = context.Heap.Allocate(Size);
        IndexRoot.Initialize(context.Heap, root, context.NextIndexSeed());
        Native.At<HashRoot>(root).NextDeadlineMs = FieldDeadlines.None;
        return root;
    }

    public static long CountOf(ValueContext context, ulong root) => IndexOf(context, root).Count;

    public static long SizeOf(ValueContext context, ulong root) => IndexedElements.SizeOf(context, root, IndexOf(context, root));

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        ulong copy = Create(context);
        HashIndex<FieldKeys> source = IndexOf(context, root);
        var copier = new Copier(context.Heap, new FieldTable(context, copy));
        source.VisitAll(ref copier);
        return copy;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax) =>
        IndexedElements.ReleaseSome(context, root, IndexOf(context, root), countMax);

    public static bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        root = evacuation.Move(root);
        return IndexedElements.RelocateSome(IndexOf(context, root), ref cursor, evacuation);
    }

    internal static HashIndex<FieldKeys> IndexOf(ValueContext context, ulong root) => new(context.Heap, root, context.Seed);

    private readonly struct Copier(Heap heap, FieldTable target) : IEntryVisitor
    {
        public void Visit(ulong entry) => target.Insert(new FieldEntry(entry).Duplicate(heap));
    }
}
