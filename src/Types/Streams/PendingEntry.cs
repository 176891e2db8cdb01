using Bixbite.Memory;

namespace Bixbite.Types.Streams;

/// <summary>An entry that was delivered to a consumer and not acknowledged; it may have been deleted from the stream meanwhile.</summary>
public readonly struct PendingEntry
{
    private readonly ValueContext _context;

    internal PendingEntry(ValueContext context, ulong address)
    {
        _context = context;
        Address = address;
    }

    internal ulong Address { get; }

    public StreamId Id => Block.Id;

    /// <summary>When it was delivered last, in Unix milliseconds.</summary>
    public long DeliveryMs
    {
        get => Block.DeliveryMs;
        set => Block.DeliveryMs = value;
    }

    /// <summary>How often it was delivered.</summary>
    public long DeliveryCount
    {
        get => Block.DeliveryCount;
        set => Block.DeliveryCount = value;
    }

    /// <summary>Whose it is.</summary>
    public StreamConsumer Consumer => new(_context, Block.Consumer);

    private ref PendingBlock Block => ref Native.At<PendingBlock>(Address);
}
