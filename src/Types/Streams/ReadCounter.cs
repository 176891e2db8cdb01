namespace Bixbite.Types.Streams;

/// <summary>
/// Positions in a stream that are known without counting: an ID's position among all entries that were ever added, and how far a
/// group lags. Deleted entries leave gaps, and where there may be one nothing can be told.
/// </summary>
internal static class ReadCounter
{
    internal static long At(in StreamRoot stream, StreamId id)
    {
        if (stream.EntriesAdded == 0)
        {
            return 0;
        }
        if (stream.Count == 0 && id <= stream.LastId)
        {
            return stream.EntriesAdded;
        }
        if (!id.IsZero && id < stream.MaxDeletedId)
        {
            return StreamGroup.EntriesReadUnknown;
        }
        if (id >= stream.LastId)
        {
            return id == stream.LastId ? stream.EntriesAdded : StreamGroup.EntriesReadUnknown;
        }
        bool isWithoutGap = stream.MaxDeletedId.IsZero || stream.MaxDeletedId < stream.FirstId;
        if (!isWithoutGap || id > stream.FirstId)
        {
            return StreamGroup.EntriesReadUnknown;
        }
        return stream.EntriesAdded - stream.Count + (id == stream.FirstId ? 1 : 0);
    }

    internal static bool TryGetLag(in StreamRoot stream, StreamGroup group, out long lag)
    {
        StreamId delivered = group.LastDeliveredId;
        if (stream.EntriesAdded == 0 || stream.Count == 0)
        {
            lag = 0;
            return true;
        }
        if (delivered < stream.FirstId && stream.MaxDeletedId < stream.FirstId)
        {
            lag = stream.Count;
            return true;
        }
        bool hasGapAhead = !stream.MaxDeletedId.IsZero && delivered <= stream.MaxDeletedId;
        long read = group.EntriesRead != StreamGroup.EntriesReadUnknown && !hasGapAhead ? group.EntriesRead : At(stream, delivered);
        lag = stream.EntriesAdded - read;
        return read != StreamGroup.EntriesReadUnknown;
    }
}
