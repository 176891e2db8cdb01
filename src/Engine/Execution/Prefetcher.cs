using Bixbite.Engine.Commands;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>
/// Asks the processor for the memory that a group of requests will need: first the index buckets of all first keys, then the records. When
/// the commands run, their data is there or on its way; with tens of millions of keys this is most of the time of a GET.
/// </summary>
public sealed class Prefetcher(CommandTable table)
{
    private readonly ulong[] _hashes = new ulong[64];

    /// <summary>Small databases fit the caches; prefetching them would only cost.</summary>
    private const long KeyCountMin = 20_000;

    public void Prefetch(Database database, RequestBatch batch, int first, int end)
    {
        if (database.Count < KeyCountMin || end - first < 2)
        {
            return;
        }
        int count = 0;
        for (int i = first; i < end && count < _hashes.Length; i++)
        {
            ref readonly Request request = ref batch[i];
            int key = table.Find(batch.ArgumentAt(request.FirstArgument).Bytes)?.FirstKey(request.ArgumentCount) ?? 0;
            if (key > 0)
            {
                ulong hash = database.HashOf(batch.ArgumentAt(request.FirstArgument + key).Bytes);
                database.PrefetchBucket(hash);
                _hashes[count++] = hash;
            }
        }
        for (int i = 0; i < count; i++)
        {
            database.PrefetchRecord(_hashes[i]);
        }
    }
}
