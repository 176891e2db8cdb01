using Bixbite.Memory;

namespace Bixbite.Types.Streams;

/// <summary>A consumer as it was when a snapshot began; see <see cref="GroupSnapshot"/>.</summary>
internal sealed class ConsumerSnapshot(StreamConsumer consumer, Heap aside)
{
    private byte[]? _name;

    /// <summary>The time at which the consumer was last seen, as of the snapshot's beginning.</summary>
    public long SeenMs { get; } = consumer.SeenMs;

    /// <summary>How many entries were its then.</summary>
    public long PendingCount { get; } = consumer.PendingCount;

    /// <summary>Entries that were its then and have changed since; the group has them too, and owns them.</summary>
    public OldEntries Old { get; } = new(aside);

    public ReadOnlySpan<byte> Name => _name ?? consumer.Name;

    /// <summary>Its entries from this ID on as they were.</summary>
    public SavedEntries EntriesFrom(StreamId id) => new(_name is null ? consumer.Pending.WalkFrom(id) : default, Old.WalkFrom(id));

    /// <summary>To be called before the consumer is freed, when it has no more entries.</summary>
    public void BeforeFree() => _name ??= consumer.Name.ToArray();
}
