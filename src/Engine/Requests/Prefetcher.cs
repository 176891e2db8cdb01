using Bixbite.Engine.Commands;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Hashing;

namespace Bixbite.Engine.Requests;

/// <summary>
/// Asks the processor for the memory that a group of requests will need: first the index buckets of all first keys, then the records; and
/// where the requests are about one large collection, the same for its members. When the commands run, their data is there or on its way;
/// with tens of millions of keys this is most of the time of a GET.
/// </summary>
public sealed class Prefetcher(CommandTable table)
{
    private readonly ulong[] _hashes = new ulong[64];

    /// <summary>Small databases fit the caches; prefetching them would only cost.</summary>
    private const long KeyCountMin = 20_000;

    public void Prefetch(Database database, RequestBatch batch, int first, int end)
    {
        end = Math.Min(end, first + _hashes.Length);
        if (end - first < 2)
        {
            return;
        }
        if (KeyOf(batch, first).SequenceEqual(KeyOf(batch, first + 1)))
        {
            PrefetchMembers(database, batch, first, end);
        }
        else if (database.Count >= KeyCountMin)
        {
            PrefetchKeys(database, batch, first, end);
        }
    }

    private void PrefetchKeys(Database database, RequestBatch batch, int first, int end)
    {
        int count = 0;
        for (int i = first; i < end; i++)
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

    /// <summary>For requests that are the first one's command on the first one's key.</summary>
    private void PrefetchMembers(Database database, RequestBatch batch, int first, int end)
    {
        ReadOnlySpan<byte> name = batch.ArgumentAt(batch[first].FirstArgument).Bytes;
        ReadOnlySpan<byte> key = KeyOf(batch, first);
        int member = table.Find(name)?.FirstMember ?? 0;
        if (member == 0 || !database.TryPrefetchMembers(key, out IndexPrefetch members))
        {
            return;
        }
        int count = 0;
        for (int i = first; i < end; i++)
        {
            ref readonly Request request = ref batch[i];
            if (request.ArgumentCount > member
                && KeyOf(batch, i).SequenceEqual(key)
                && batch.ArgumentAt(request.FirstArgument).Bytes.SequenceEqual(name))
            {
                ulong hash = database.HashOf(batch.ArgumentAt(request.FirstArgument + member).Bytes);
                members.Bucket(hash);
                _hashes[count++] = hash;
            }
        }
        for (int i = 0; i < count; i++)
        {
            members.Entry(_hashes[i]);
        }
    }

    /// <summary>What is the key of a command on one key; nothing where there is no argument.</summary>
    private static ReadOnlySpan<byte> KeyOf(RequestBatch batch, int index)
    {
        ref readonly Request request = ref batch[index];
        return request.ArgumentCount > 1 ? batch.ArgumentAt(request.FirstArgument + 1).Bytes : default;
    }
}
