using System.Runtime.InteropServices;
using Bixbite.Memory;
using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Sets;

/// <summary>
/// The root block of a large set: an index and nothing else. It owns the index's segments and every <see cref="MemberBlock"/> that
/// the index points to.
/// <code>
///   | IndexRoot: 96 |
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = IndexRoot.SizeOf)]
internal readonly struct SetRoot : ICollection
{
    private const int BatchSize = 64;

    /// <summary>A new root block with an empty set.</summary>
    internal static ulong Create(ValueContext context) => IndexRoot.Allocate(context.Heap, context.NextIndexSeed());

    internal static HashIndex<MemberKeys> IndexOf(ValueContext context, ulong root) => new(context.Heap, root, context.Seed);

    public static long CountOf(ValueContext context, ulong root) => IndexOf(context, root).Count;

    public static long SizeOf(ValueContext context, ulong root) => IndexedElements.SizeOf(context, root, IndexOf(context, root));

    public static ulong Duplicate(ValueContext context, ulong root)
    {
        ulong copy = Create(context);
        HashIndex<MemberKeys> source = IndexOf(context, root);
        var target = new MemberTable(context, copy);
        var walk = default(IndexWalk);
        Span<ulong> blocks = stackalloc ulong[BatchSize];
        for (int count = source.Walk(ref walk, blocks); count > 0; count = source.Walk(ref walk, blocks))
        {
            foreach (ulong block in blocks[..count])
            {
                target.Insert(new MemberBlock(block).Bytes);
            }
        }
        return copy;
    }

    public static bool ReleaseSome(ValueContext context, ulong root, int countMax) =>
        IndexedElements.ReleaseSome(context, root, IndexOf(context, root), countMax);

    public static bool RelocateSome(ValueContext context, ref ulong root, ref RelocationCursor cursor, Evacuation evacuation)
    {
        root = evacuation.Move(root);
        return IndexedElements.RelocateSome(IndexOf(context, root), ref cursor, evacuation);
    }
}
