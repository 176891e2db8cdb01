namespace Bixbite.Structures.Ordered;

/// <summary>Where an entry stands in its tree, or none; valid until the next insertion or removal there.</summary>
public readonly record struct TreeCursor
{
    internal readonly ulong Node;
    internal readonly int Index;

    internal TreeCursor(ulong node, int index)
    {
        Node = node;
        Index = index;
    }

    /// <summary>The place behind the last entry.</summary>
    public static TreeCursor None => default;

    public bool IsNone => Node == 0;
}
