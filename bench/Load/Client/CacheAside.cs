namespace Bixbite.Load.Client;

/// <summary>A client that keeps values in a cache: GET, and SET of what was missing. Many at a time, over one connection.</summary>
/// <param name="connection">To the server.</param>
/// <param name="valueSize">Of every value.</param>
/// <param name="hasDeadline">Values live for a random time between some hours and a day, which does not come.</param>
internal sealed class CacheAside(PipeConnection connection, int valueSize, bool hasDeadline)
{
    private const int KeyDigits = 8;
    private const int BatchSize = 100;
    private const int RequestSizeMax = 100;

    private readonly byte[] _value = [.. Enumerable.Repeat((byte)'v', valueSize)];
    private readonly byte[] _requests = new byte[BatchSize * (valueSize + RequestSizeMax)];
    private readonly Random _random = new(20260101);

    /// <summary>Stores all keys below the count.</summary>
    public void Fill(int keyCount)
    {
        for (int first = 0; first < keyCount; first += BatchSize)
        {
            Set([.. Enumerable.Range(first, Math.Min(BatchSize, keyCount - first))]);
        }
    }

    /// <summary>Asks for so many keys; returns how many were there.</summary>
    public long Run(ZipfKeys keys, int count)
    {
        long hits = 0;
        int[] batch = new int[BatchSize];
        List<int> missing = [];
        for (int done = 0; done < count; done += BatchSize)
        {
            RequestText text = new(_requests);
            for (int i = 0; i < BatchSize; i++)
            {
                batch[i] = keys.Next();
                text.Raw("*2\r\n$3\r\nGET\r\n"u8);
                text.Bulk("key:"u8, batch[i], KeyDigits);
            }

            connection.Send(_requests.AsSpan(0, text.Size));
            missing.Clear();
            foreach (int key in batch)
            {
                long nulls = connection.NullReplies;
                connection.ReadReplies(1);
                if (connection.NullReplies > nulls)
                {
                    missing.Add(key);
                }
            }

            hits += BatchSize - missing.Count;
            Set(missing);
        }

        return hits;
    }

    private void Set(List<int> keys)
    {
        RequestText text = new(_requests);
        foreach (int key in keys)
        {
            text.Raw(hasDeadline ? "*5\r\n$3\r\nSET\r\n"u8 : "*3\r\n$3\r\nSET\r\n"u8);
            text.Bulk("key:"u8, key, KeyDigits);
            text.Bulk(_value);
            if (!hasDeadline)
            {
                continue;
            }
            text.Bulk("EX"u8);
            text.Bulk(""u8, _random.Next(20_000, 90_000), 5);
        }

        connection.Send(_requests.AsSpan(0, text.Size));
        connection.ReadReplies(keys.Count);
    }
}
