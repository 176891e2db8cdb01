namespace Bixbite.Types.Streams;

/// <summary>
/// Takes the consumer groups of a stream as they were when a snapshot began, one after the other: a group, its pending entries in the order
/// of their IDs, then each of its consumers with its own. What is passed is valid only during the call.
/// </summary>
public interface IGroupSink
{
    /// <summary>The next group; so many pending entries come, then so many consumers.</summary>
    public void Group(ReadOnlySpan<byte> name, in SavedGroup group);

    /// <summary>A pending entry of the group.</summary>
    public void Pending(in SavedPending entry);

    /// <summary>The group's next consumer; all pending entries of the group have come before the first.</summary>
    public void Consumer(ReadOnlySpan<byte> name, long seenMs, long pendingCount);

    /// <summary>The group's pending entries have come; its consumers follow.</summary>
    public void BeginConsumers(int count);

    /// <summary>A pending entry of the consumer.</summary>
    public void Own(in SavedPending entry);
}

/// <summary>The state of a consumer group.</summary>
/// <param name="LastDeliveredId">Its consumers get what comes after this.</param>
/// <param name="EntriesRead">See <see cref="StreamGroup.EntriesRead"/>.</param>
/// <param name="PendingCount">How many entries are delivered and not acknowledged.</param>
public readonly record struct SavedGroup(StreamId LastDeliveredId, long EntriesRead, long PendingCount);

/// <summary>An entry that is pending.</summary>
public readonly record struct SavedPending(StreamId Id, long DeliveryMs, long DeliveryCount);
