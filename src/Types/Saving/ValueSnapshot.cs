using System.Diagnostics;
using Bixbite.Types.Hashes;
using Bixbite.Types.Sets;
using Bixbite.Types.SortedSets;

namespace Bixbite.Types.Saving;

/// <summary>
/// A large value as it was when a snapshot began. It is handed over to a sink in pieces, while commands go on changing the value: whoever
/// is about to change a part says so before, and what that part held is handed over, or kept, first.
/// </summary>
/// <param name="output">Takes the pieces.</param>
public abstract class ValueSnapshot(IValueSink output)
{
    /// <summary>So many bytes are handed over at a time.</summary>
    protected const int PieceSize = 256 * 1024;

    protected IValueSink Output { get; } = output;

    /// <summary>A collection that is no packed bytes, whatever it is.</summary>
    /// <param name="context">What the values of the keyspace share.</param>
    /// <param name="type">What the root is of.</param>
    /// <param name="root">The root block.</param>
    /// <param name="epoch">The snapshot's number: each has a greater one.</param>
    /// <param name="output">Takes the pieces.</param>
    public static ValueSnapshot Of(ValueContext context, KeyType type, ulong root, ulong epoch, IValueSink output) => type switch
    {
        KeyType.List => new ListSnapshot(context, root, output),
        KeyType.Stream => new StreamSnapshot(context, root, output),
        KeyType.Set => new IndexSnapshot<MemberKeys>(context, SetRoot.IndexOf(context, root), epoch, output),
        KeyType.SortedSet => new IndexSnapshot<SortedSetElement>(context, new SortedSetRoot(context, root).Index, epoch, output),
        KeyType.Hash => new IndexSnapshot<FieldKeys>(context, HashRoot.IndexOf(context, root), epoch, output),
        _ => throw new UnreachableException($"a {type} has no root"),
    };

    /// <summary>
    /// Hands over the next piece, so much that it takes some hundred microseconds at most; true if it was the last one. Only while the sink
    /// takes this value and no other.
    /// </summary>
    public abstract bool Step();

    /// <summary>Gives up what it keeps, if anything is left; nothing may be called afterwards.</summary>
    public abstract void Release();
}
