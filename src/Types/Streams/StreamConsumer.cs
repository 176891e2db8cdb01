using Bixbite.Memory;

namespace Bixbite.Types.Streams;

/// <summary>A consumer of a group, with the entries that were delivered to it and not acknowledged.</summary>
public readonly struct StreamConsumer
{
    /// <summary>In the place of <see cref="ActiveMs"/>.</summary>
    public const long NeverActive = -1;

    private readonly ValueContext _context;
    private readonly GroupSnapshot? _saving;

    internal StreamConsumer(ValueContext context, ulong address, GroupSnapshot? saving = null)
    {
        _context = context;
        _saving = saving;
        Address = address;
    }

    internal ulong Address { get; }

    /// <summary>Where the name lies; valid as long as the consumer.</summary>
    public ReadOnlySpan<byte> Name => NamedBlockTree.NameOf(Address);

    /// <summary>When it last tried to read or claim, in Unix milliseconds.</summary>
    public long SeenMs
    {
        get => Block.SeenMs;
        set => Block.SeenMs = value;
    }

    /// <summary>When it last got something, in Unix milliseconds, or <see cref="NeverActive"/>.</summary>
    public long ActiveMs
    {
        get => Block.ActiveMs;
        set => Block.ActiveMs = value;
    }

    public long PendingCount => Pending.Count;

    internal PendingTree Pending => new(_context.Heap, Address + ConsumerBlock.PendingOffset);

    private ref ConsumerBlock Block => ref Native.At<ConsumerBlock>(Address);

    public bool Is(StreamConsumer other) => Address == other.Address;

    /// <inheritdoc cref="StreamGroup.ReadPending"/>
    public PendingReader ReadPending(StreamId from, StreamId to) => new(_context, _saving, Pending, from, to);

    /// <inheritdoc cref="StreamGroup.WalkPending"/>
    public PendingWalk WalkPending() => new(_context, Pending);
}
