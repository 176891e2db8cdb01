using Bixbite.Keyspace;
using Bixbite.Memory;

namespace Bixbite.Hosting;

/// <summary>The parts of the keyspace that work in slices.</summary>
internal sealed record CronKeyspace(
    Databases Databases, ActiveExpiry Expiry, Eviction Eviction, LazyFree LazyFree, Defragmentation Defragmentation, FreedPages FreedPages);
