using Bixbite.Structures.Hashing;

namespace Bixbite.Types.Sets;

/// <summary>Where a member stands in its set; valid until the set's next change.</summary>
public readonly struct SetPlace
{
    /// <summary>In a large set.</summary>
    internal readonly IndexPosition Position;

    /// <summary>In an intset the integer's index, in a listpack the entry's offset.</summary>
    internal readonly int Offset;

    internal SetPlace(IndexPosition position) => Position = position;

    internal SetPlace(int offset) => Offset = offset;
}
