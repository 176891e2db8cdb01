using System.Buffers;
using System.Diagnostics;
using Bixbite.Keyspace;
using Bixbite.Types.Saving;
using Bixbite.Types.Streams;

namespace Bixbite.Persistence.Saving;

/// <summary>
/// A value of which the pieces come one after the other: they are put aside, or go straight into the pipe once it is this value's turn. How
/// they look there is decided below. What comes between the texts of a long element is put aside until that has ended. What is to stand
/// after the nodes of a stream is taken when the value begins.
/// </summary>
internal abstract class SavedValue(BlockPipe pipe) : ISavedValue, IGroupSink
{
    private readonly AsideBlocks _aside = new(pipe.Memory.Aside);
    private AsideBlocks? _last;
    private bool _isAttached;
    private bool _isElementOpen;

    /// <summary>Where the bytes go now.</summary>
    protected BlockChain Target => _isAttached && !_isElementOpen ? pipe : _aside;

    /// <summary>Takes what is to stand after the nodes.</summary>
    protected BlockChain Last => _last ??= new AsideBlocks(pipe.Memory.Aside);

    public void Attach()
    {
        Debug.Assert(!_isAttached, "A value's turn comes once.");
        BeforeAttached();
        _isAttached = true;
        AppendAside();
    }

    public void Text(ReadOnlySpan<byte> piece)
    {
        Debug.Assert(_isAttached, "Texts come when it is the value's turn.");
        pipe.Write(piece);
    }

    public void EndElement()
    {
        _isElementOpen = false;
        FinishElement();
        AppendAside();
    }

    public abstract void Begin(Record record);

    public abstract void Take(Record record);

    public void Close() => Finish();

    public IGroupSink EndStreamNodes()
    {
        if (_last is not null)
        {
            pipe.Append(_last);
        }
        return this;
    }

    public void Discard()
    {
        _aside.Drop();
        _last?.Drop();
    }

    public abstract void Node(ReadOnlySpan<byte> pack);

    public abstract void StreamNode(StreamId masterId, ReadOnlySpan<byte> pack);

    public abstract bool TryBeginNode(ReadOnlySpan<byte> pack, out Range text);

    public abstract bool TryBeginStreamNode(StreamId masterId, ReadOnlySpan<byte> pack, out Range text);

    public abstract void Group(ReadOnlySpan<byte> name, in SavedGroup group);

    public abstract void Pending(in SavedPending entry);

    public abstract void BeginConsumers(int count);

    public abstract void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount);

    public abstract void Own(in SavedPending entry);

    public abstract void Member(ReadOnlySpan<byte> member);

    public abstract void Scored(ReadOnlySpan<byte> member, double score);

    public abstract void Field(ReadOnlySpan<byte> field, ReadOnlySpan<byte> value, long deadlineMs);

    public abstract void BeginMember(int length);

    public abstract void BeginScored(int length, double score);

    public abstract void BeginField(ReadOnlySpan<byte> field, int valueLength, long deadlineMs);

    /// <summary>The value's turn has come: what must stand before it is written now.</summary>
    protected abstract void BeforeAttached();

    /// <summary>All pieces have come: what stands after them.</summary>
    protected abstract void Finish();

    /// <summary>Writes what stands after the texts of a long element.</summary>
    protected abstract void FinishElement();

    /// <summary>The texts of a long element are about to come.</summary>
    protected void OpenElement()
    {
        Debug.Assert(_isAttached && !_isElementOpen, "One long element at a time, when it is the value's turn.");
        _isElementOpen = true;
    }

    private void AppendAside() => pipe.Append(_aside);
}
