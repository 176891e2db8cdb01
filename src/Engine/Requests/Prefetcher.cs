using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Protocol;
using Bixbite.Structures.Hashing;

namespace Bixbite.Engine.Requests;

/// <summary>
/// Asks the processor for the memory that a group of requests will need: first the index buckets of all first keys, then the records; and
/// where the requests are about one large collection, the same for its members. When the commands run, their data is there or on its way;
/// with tens of millions of keys this is most of the time of a GET. What it has found of a request, its command and the hash of its key, is
/// kept until the request runs, so that neither is computed twice.
/// </summary>
public sealed class Prefetcher(CommandTable table)
{
    private const int GroupCountMax = 64;

    /// <summary>Small databases fit the caches; prefetching them would only cost.</summary>
    private const long KeyCountMin = 20_000;

    private readonly Lookup[] _lookups = new Lookup[GroupCountMax];
    private readonly ulong[] _hashes = new ulong[GroupCountMax];
    private RequestBatch? _batch;
    private int _first;
    private int _count;

    /// <summary>Looks at a group of requests that are about to run in this database; what was found of others is forgotten.</summary>
    public void Prefetch(Database database, RequestBatch batch, int first, int end)
    {
        Forget();
        end = Math.Min(end, first + GroupCountMax);
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

    /// <summary>The requests that were looked at have run, or never will.</summary>
    public void Forget() => _count = 0;

    /// <summary>The lookup of a request; empty if its group was not prefetched.</summary>
    internal Lookup Of(RequestBatch batch, int request)
    {
        uint place = (uint)(request - _first);
        return place < (uint)_count && ReferenceEquals(batch, _batch) ? _lookups[place] : default;
    }

    private void PrefetchKeys(Database database, RequestBatch batch, int first, int end)
    {
        Remember(batch, first, end);
        int count = 0;
        for (int i = first; i < end; i++)
        {
            Lookup lookup = Find(database, batch, i);
            _lookups[i - first] = lookup;
            if (lookup.Key.Position > 0)
            {
                database.PrefetchBucket(lookup.Key.Hash);
                _hashes[count++] = lookup.Key.Hash;
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
        Command? command = table.Find(name);
        int member = command?.FirstMember ?? 0;
        if (member == 0)
        {
            return;
        }
        ulong keyHash = database.HashOf(key);
        if (!database.TryPrefetchMembers(keyHash, key, out IndexPrefetch members))
        {
            return;
        }
        Remember(batch, first, end);
        int count = 0;
        for (int i = first; i < end; i++)
        {
            ref readonly Request request = ref batch[i];
            bool isSame = request.ArgumentCount > member
                && KeyOf(batch, i).SequenceEqual(key)
                && batch.ArgumentAt(request.FirstArgument).Bytes.SequenceEqual(name);
            _lookups[i - first] = isSame ? new Lookup(command, new HashedKey(1, keyHash)) : default;
            if (isSame)
            {
                ulong hash = database.MemberHashOf(batch.ArgumentAt(request.FirstArgument + member).Bytes);
                members.Bucket(hash);
                _hashes[count++] = hash;
            }
        }
        for (int i = 0; i < count; i++)
        {
            members.Entry(_hashes[i]);
        }
    }

    private void Remember(RequestBatch batch, int first, int end)
    {
        _batch = batch;
        _first = first;
        _count = end - first;
    }

    private Lookup Find(Database database, RequestBatch batch, int index)
    {
        ref readonly Request request = ref batch[index];
        Command? command = table.Find(batch.ArgumentAt(request.FirstArgument).Bytes);
        if (command is { IsContainer: true } && request.ArgumentCount > 1)
        {
            command = command.FindSubcommand(batch.ArgumentAt(request.FirstArgument + 1).Bytes);
        }
        int key = command?.FirstKey(request.ArgumentCount) ?? 0;
        ulong hash = key > 0 ? database.HashOf(batch.ArgumentAt(request.FirstArgument + key).Bytes) : 0;
        return new Lookup(command, new HashedKey(key, hash));
    }

    /// <summary>The key of a command on one key; empty where there is no argument.</summary>
    private static ReadOnlySpan<byte> KeyOf(RequestBatch batch, int index)
    {
        ref readonly Request request = ref batch[index];
        return request.ArgumentCount > 1 ? batch.ArgumentAt(request.FirstArgument + 1).Bytes : default;
    }
}
