using Bixbite.Engine.Records;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Persistence.Values;
using Bixbite.Platform;

namespace Bixbite.Persistence.Saving;

/// <summary>Shared by all who write files.</summary>
public sealed record SavingTools(IDisk Disk, IClock Clock, ServerLog Log, IMemoryGauge Memory)
{
    /// <summary>Write and read the values.</summary>
    public ValueCodecs Codecs { get; init; } = ValueCodecs.BuiltIn;

    /// <summary>Data beside the keys.</summary>
    public RecordKinds Records { get; init; } = new();
}
