using System.Diagnostics;
using Bixbite.Keyspace;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A value of which the pieces come one after the other: they are put aside, or go straight into the pipe once it is this value's turn. How
/// they look there is decided below.
/// </summary>
internal abstract class SavedValue(BlockPipe pipe) : ISavedValue
{
    private readonly AsideBlocks _aside = new();
    private bool _isAttached;

    /// <summary>Where the bytes go now.</summary>
    protected BlockChain Target => _isAttached ? pipe : _aside;

    public void Attach()
    {
        Debug.Assert(!_isAttached, "A value's turn comes once.");
        BeforeAttached();
        _isAttached = true;
        pipe.Append(_aside);
    }

    public abstract void Begin(Record record);

    public abstract void Take(Record record);

    public abstract void Close();

    public abstract void Text(ReadOnlySpan<byte> piece);

    /// <summary>The value's turn has come: what must stand before it is written now.</summary>
    protected abstract void BeforeAttached();
}
