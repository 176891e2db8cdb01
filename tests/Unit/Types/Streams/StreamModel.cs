using Bixbite.Types.Streams;

namespace Bixbite.Unit.Types.Streams;

/// <summary>A stream as anybody would write it down.</summary>
internal sealed class StreamModel
{
    public SortedDictionary<StreamId, string[]> Entries { get; } = [];

    public StreamId LastId { get; set; }

    public StreamId MaxDeletedId { get; set; }

    public long EntriesAdded { get; set; }

    public SortedDictionary<string, GroupModel> Groups { get; } = new(StringComparer.Ordinal);

    public List<string> Read(StreamId from, StreamId to) =>
        [.. Entries.Where(entry => entry.Key >= from && entry.Key <= to).Select(TextOf)];

    private static string TextOf(KeyValuePair<StreamId, string[]> entry)
    {
        string id = StreamHolder.TextOf(entry.Key);
        return entry.Key.Sequence % 5 == 4 ? id : string.Join(' ', entry.Value.Prepend(id));
    }
}

internal sealed class GroupModel
{
    public StreamId LastDeliveredId { get; set; }

    public long EntriesRead { get; set; }

    public SortedDictionary<StreamId, PendingModel> Pending { get; } = [];

    public SortedDictionary<string, long> SeenMs { get; } = new(StringComparer.Ordinal);
}

internal sealed record PendingModel(string Consumer, long DeliveryMs, long DeliveryCount);
