namespace Bixbite.Protocol;

/// <summary>The errors of replication, and of MIGRATE.</summary>
public static class ReplicationErrorText
{
    public static ReadOnlySpan<byte> PendingOutput => "ERR SYNC and PSYNC are invalid with pending output"u8;
    public static ReadOnlySpan<byte> FilterWithoutMark => "ERR Filtered replica requires EOF capability"u8;
    public static ReadOnlySpan<byte> FailoverToPrimary => "ERR PSYNC FAILOVER can't be sent to a master."u8;
    public static ReadOnlySpan<byte> FailoverOfAnotherHistory => "ERR PSYNC FAILOVER replid must match my replid."u8;
    public static ReadOnlySpan<byte> SyncWhileFailingOver => "NOMASTERLINK Can't SYNC while failing over"u8;
    public static ReadOnlySpan<byte> NoPrimaryLink => "NOMASTERLINK Can't SYNC while not connected with my master"u8;
    public static ReadOnlySpan<byte> RoleChangeWhileFailingOver => "ERR REPLICAOF not allowed while failing over."u8;
    public static ReadOnlySpan<byte> FieldsExpire =>
        "NOMASTERLINK Can't SYNC a replica that does not know that fields of hashes expire: some do here"u8;
    public static ReadOnlySpan<byte> PrimaryPort => "ERR Invalid master port"u8;
    public static ReadOnlySpan<byte> RoleChangeByReplica => "ERR Command is not valid when client is a replica."u8;
    public static ReadOnlySpan<byte> WaitOnReplica =>
        "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to be "u8 +
        "writable (which is not the default) writes to replicas are just local and are not propagated."u8;
    public static ReadOnlySpan<byte> WaitAofOnReplica =>
        "ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and are not "u8 +
        "propagated."u8;
    public static ReadOnlySpan<byte> NoFailover => "ERR No failover in progress."u8;
    public static ReadOnlySpan<byte> FailoverTimeout => "ERR FAILOVER timeout must be greater than 0"u8;
    public static ReadOnlySpan<byte> FailoverUnderWay => "ERR FAILOVER already in progress."u8;
    public static ReadOnlySpan<byte> FailoverOfReplica => "ERR FAILOVER is not valid when server is a replica."u8;
    public static ReadOnlySpan<byte> FailoverWithoutReplicas => "ERR FAILOVER requires connected replicas."u8;
    public static ReadOnlySpan<byte> FailoverForced =>
        "ERR FAILOVER with force option requires both a timeout and target HOST and IP."u8;
    public static ReadOnlySpan<byte> FailoverToNobody => "ERR FAILOVER target HOST and PORT is not a replica."u8;
    public static ReadOnlySpan<byte> FailoverToOffline => "ERR FAILOVER target replica is not online."u8;
    public static ReadOnlySpan<byte> MissingFilter => "ERR Missing rdb-filter-only values"u8;

    public static ReadOnlySpan<byte> MigrateKeyGiven =>
        "ERR When using MIGRATE KEYS option, the key argument must be set to the empty string"u8;
    public static ReadOnlySpan<byte> MigrateNotConnected => "IOERR error or timeout connecting to the client"u8;
    public static ReadOnlySpan<byte> MigrateNotWritten => "IOERR error or timeout writing to target instance"u8;
    public static ReadOnlySpan<byte> MigrateNotRead => "IOERR error or timeout reading to target instance"u8;
    public static ReadOnlySpan<byte> MigrateMustWait => "ERR MIGRATE has to wait, and nothing waits here"u8;
    public static ReadOnlySpan<byte> BusyMigrating =>
        "BUSY A transaction waits until another server has keys of this one. You can only call SHUTDOWN NOSAVE."u8;
    public static ReadOnlySpan<byte> MigrateChanged => "ERR a key has changed while it was moved: it is at the target instance and here"u8;

    public static void AddressTooLong(ReplyWriter reply, int length) => new ErrorLine(reply)
        .Text("ERR REPLCONF ip-address provided by replica instance is too long: "u8).Integer(length).Text(" bytes"u8).End();

    public static void UnknownOption(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR Unrecognized REPLCONF option: "u8).Argument(option).End();

    public static void UnknownFilter(ReplyWriter reply, ReadOnlySpan<byte> filter) =>
        new ErrorLine(reply).Text("ERR Unsupported rdb-filter-only option: "u8).Argument(filter).End();

    public static void BadVersion(ReplyWriter reply, ReadOnlySpan<byte> version) =>
        new ErrorLine(reply).Text("ERR Unrecognized version format: "u8).Argument(version).End();

    /// <param name="reply">Where to.</param>
    /// <param name="error">The words of another server, without its sign.</param>
    public static void TargetRefused(ReplyWriter reply, ReadOnlySpan<byte> error) =>
        new ErrorLine(reply).Text("ERR Target instance replied with error: "u8).Argument(error).End();
}
