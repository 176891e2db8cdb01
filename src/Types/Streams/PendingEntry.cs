using Bixbite.Memory;

namespace Bixbite.Types.Streams;

/// <summary>An entry that was delivered to a consumer and not acknowledged; it may have been deleted from the stream meanwhile.</summary>
public readonly struct PendingEntry
{
    private readonly ValueContext _context;
    private readonly GroupSnapshot? _saving;

    internal PendingEntry(ValueContext context, ulong address, GroupSnapshot? saving = null)
    {
        _context = context;
        _saving = saving;
        Address = address;
    }

    internal ulong Address { get; }

    public StreamId Id => Block.Id;

    /// <summary>When it was delivered last, in Unix milliseconds.</summary>
    public long DeliveryMs
    {
        get => Block.DeliveryMs;
        set
        {
            _saving?.BeforeChange(Id);
            Block.DeliveryMs = value;
        }
    }

    /// <summary>How often it was delivered.</summary>
    public long DeliveryCount
    {
        get => Block.DeliveryCount;
        set
        {
            _saving?.BeforeChange(Id);
            Block.DeliveryCount = value;
        }
    }

    /// <summary>Whose it is.</summary>
    public StreamConsumer Consumer => new(_context, Block.Consumer, _saving);

    private ref PendingBlock Block => ref Native.At<PendingBlock>(Address);
}
