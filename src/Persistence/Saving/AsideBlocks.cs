namespace Bixbite.Persistence.Saving;

/// <summary>Bytes put aside until it is their turn to go into the pipe; the blocks grow with them.</summary>
internal sealed class AsideBlocks : BlockChain
{
    private const int FirstSize = 512;
    private const int LastSize = 64 * 1024;

    private readonly List<SnapshotBlock> _blocks = [];
    private int _nextSize = FirstSize;

    /// <summary>All blocks in order; nothing is written afterwards.</summary>
    public IReadOnlyList<SnapshotBlock> Take()
    {
        Flush();
        return _blocks;
    }

    protected override SnapshotBlock Next(int sizeMin)
    {
        var block = new SnapshotBlock(Math.Max(sizeMin, _nextSize));
        _nextSize = Math.Min(_nextSize * 4, LastSize);
        return block;
    }

    protected override void Leave(SnapshotBlock block) => _blocks.Add(block);
}
