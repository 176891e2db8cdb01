using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Sets;

/// <summary>How far a walk through a set has come; the default value is its beginning. Good as long as the set does not change.</summary>
public struct SetWalk
{
    /// <summary>In a large set.</summary>
    internal IndexWalk Index;

    /// <summary>In an intset the next integer's index, in a listpack the next entry's offset.</summary>
    internal int Next;

    /// <summary>Whether a listpack was read to its end.</summary>
    internal bool IsAtEnd;
}
