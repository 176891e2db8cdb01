using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>What everybody needs who writes files.</summary>
public sealed record SavingTools(IDisk Disk, IClock Clock, ServerLog Log, IMemoryGauge Memory);
