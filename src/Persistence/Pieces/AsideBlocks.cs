using Bixbite.Memory;

namespace Bixbite.Persistence.Pieces;

/// <summary>Bytes put aside until it is their turn to go into the pipe; the blocks grow with them.</summary>
internal sealed class AsideBlocks(Heap heap) : BlockChain(heap)
{
    private const int FirstSize = 128;
    private const int LastSize = 64 * 1024;

    private readonly List<SnapshotBlock> _blocks = [];
    private int _nextSize = FirstSize;

    /// <summary>All blocks in order, which are the caller's from now on.</summary>
    public IReadOnlyList<SnapshotBlock> Take()
    {
        Flush();
        if (_blocks.Count == 0)
        {
            return [];
        }
        SnapshotBlock[] taken = [.. _blocks];
        _blocks.Clear();
        _nextSize = FirstSize;
        return taken;
    }

    /// <summary>Gives up what was put aside.</summary>
    public void Drop()
    {
        foreach (SnapshotBlock block in Take())
        {
            Free(block);
        }
    }

    protected override SnapshotBlock Next(int sizeMin)
    {
        SnapshotBlock block = Make(Math.Max(sizeMin, _nextSize));
        _nextSize = Math.Min(_nextSize * 4, LastSize);
        return block;
    }

    protected override void Leave(SnapshotBlock block) => _blocks.Add(block);
}
