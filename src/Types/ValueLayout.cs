namespace Bixbite.Types;

/// <summary>How the value of a collection is laid out. The numbers are stored in records.</summary>
public enum ValueLayout : byte
{
    /// <summary>One listpack, in the record itself.</summary>
    Listpack = 0,

    /// <summary>One intset, in the record itself: sets of integers.</summary>
    Intset = 1,

    /// <summary>One listpack of field, value, deadline, in the record itself, the soonest first: hashes whose fields expire.</summary>
    ListpackWithDeadlines = 2,

    /// <summary>The address of a block with the roots of an index, a tree, or both.</summary>
    Root = 3,
}
