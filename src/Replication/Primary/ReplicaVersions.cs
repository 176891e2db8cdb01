using Bixbite.Logging;
using Bixbite.Persistence.Saving;

namespace Bixbite.Replication.Primary;

/// <summary>
/// Decides which replicas can be given the data as it is. All that is sent is of version 10 of the RDB format, and what Redis 7.0 knows,
/// but for hashes whose fields expire: these are of version 12. Under the execution lock.
/// </summary>
public sealed class ReplicaVersions(SnapshotTransfers transfers, FullSyncSettings settings, ServerLog log)
{
    /// <summary>Told by replicas that know that fields of hashes may expire; others pass over it.</summary>
    public static ReadOnlySpan<byte> FieldExpiryCapability => "field-expiry"u8;

    /// <summary>
    /// The replica knows everything that is in the data now. Redis does not say its version; who does, and not that it knows such fields,
    /// is Valkey, which does not.
    /// </summary>
    public bool Knows(ReplicaOptions options) => !options.Content.HasKeys || !transfers.HasFieldDeadlines || KnowsFieldExpiry(options);

    /// <summary>Tells the log of a replica that gets no snapshot.</summary>
    public void NoteRefusal(string replica, ReplicaOptions options) => log.Write(
        LogLevel.Warning,
        $"Full resync with replica {replica} refused: fields of hashes expire here, which {Describe(options)} does not know (it would not "
        + $"read an RDB file of version 12). {Advice(options)}");

    /// <summary>Tells the log, once, of a replica that gets a stream it does not know all of.</summary>
    public void NoteUnknown(Replica replica)
    {
        if (replica.IsWarnedOf || replica.State != ReplicaState.Online || Knows(replica.Options))
        {
            return;
        }
        replica.IsWarnedOf = true;
        log.Write(
            LogLevel.Warning,
            $"Replica {replica.Name} is told of fields of hashes that expire, which {Describe(replica.Options)} does not know: there they "
            + $"stay until they have expired here, and do not expire if it is promoted. {Advice(replica.Options)}");
    }

    private static string Describe(ReplicaOptions options) => options.HasVersion ? "Valkey" : "Redis before 7.4";

    private static string Advice(ReplicaOptions options) => options.HasVersion
        ? "Remove these fields or their deadlines (HPERSIST), or use a replica that knows them."
        : "If it is Redis 7.4 or later, set 'repl-assume-field-expiry yes'; else remove these fields or their deadlines (HPERSIST).";

    private bool KnowsFieldExpiry(ReplicaOptions options) =>
        options.KnowsFieldExpiry || (!options.HasVersion && settings.AssumesFieldExpiry.Value);
}
