using Bixbite.Keyspace;

namespace Bixbite.Server;

/// <summary>The parts of the keyspace that work in slices.</summary>
internal sealed record CronKeyspace(
    Databases Databases, ActiveExpiry Expiry, Eviction Eviction, LazyFree LazyFree, Defragmentation Defragmentation)
{
    public bool HasWakefulKeys
    {
        get
        {
            foreach (Database database in Databases.All)
            {
                if (database.WakefulCount > 0)
                {
                    return true;
                }
            }
            return false;
        }
    }
}
