using System.Buffers;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Types.Saving;

namespace Bixbite.Persistence.Pieces;

/// <summary>
/// A value of which the pieces come one after the other: they are put aside, or go straight into the pipe once it is this value's turn. How
/// they look there is decided by the sink of its type. What comes between the texts of a long element is put aside until that has ended.
/// </summary>
internal abstract class SavedValue(BlockPipe pipe) : ISavedValue
{
    private readonly AsideBlocks _aside = new(pipe.Memory.Aside);
    private AsideBlocks? _last;
    private PieceSink? _pieces;
    private bool _isAttached;
    private bool _isElementOpen;

    /// <summary>Where the bytes go now.</summary>
    public BlockChain Target => _isAttached && !_isElementOpen ? pipe : _aside;

    /// <summary>Takes what is to stand after pieces that are still to come.</summary>
    public BlockChain Last => _last ??= new AsideBlocks(pipe.Memory.Aside);

    public void Attach()
    {
        Debug.Assert(!_isAttached, "A value's turn comes once.");
        BeforeAttached();
        _isAttached = true;
        AppendAside();
    }

    public IValueSink Begin(Record record) => _pieces = Open(record);

    public abstract void Take(Record record);

    public void Close()
    {
        if (_pieces is not null)
        {
            _pieces.Finish();
            AfterPieces();
        }
    }

    public void Discard()
    {
        _aside.Drop();
        _last?.Drop();
    }

    /// <summary>The next bytes of what is long.</summary>
    public void Text(ReadOnlySpan<byte> piece)
    {
        Debug.Assert(_isAttached, "Texts come when it is the value's turn.");
        pipe.Write(piece);
    }

    /// <summary>The texts of a long element are about to come.</summary>
    public void OpenElement()
    {
        Debug.Assert(_isAttached && !_isElementOpen, "One long element at a time, when it is the value's turn.");
        _isElementOpen = true;
    }

    /// <summary>The texts of the long element have come.</summary>
    public void CloseElement() => _isElementOpen = false;

    /// <summary>Writes what was put aside.</summary>
    public void AppendAside() => pipe.Append(_aside);

    /// <summary>Writes what was to stand after the pieces so far.</summary>
    public void AppendLast()
    {
        if (_last is not null)
        {
            pipe.Append(_last);
        }
    }

    /// <summary>The value will come in pieces: writes what stands before them; who takes them.</summary>
    protected abstract PieceSink Open(Record record);

    /// <summary>The value's turn has come: what must stand before it is written now.</summary>
    protected abstract void BeforeAttached();

    /// <summary>All pieces have come: what stands after the value.</summary>
    protected abstract void AfterPieces();
}
