using Bixbite.Structures.Ordered;

namespace Bixbite.Types.Lists;

/// <summary>Which part of a list a node is.</summary>
internal enum NodeRole : byte
{
    None,
    Head,
    Inner,
    Tail,
}

/// <summary>Where a node of a list is; valid until the next node is added or removed.</summary>
internal readonly record struct NodePlace(NodeRole Role, TreeCursor Cursor)
{
    public static NodePlace None => default;

    public static NodePlace Head => new(NodeRole.Head, default);

    public static NodePlace Tail => new(NodeRole.Tail, default);

    public bool Exists => Role != NodeRole.None;

    public static NodePlace Inner(in TreeCursor cursor) => new(NodeRole.Inner, cursor);
}
