namespace Bixbite.Protocol;

/// <summary>The errors of replication.</summary>
public static class ReplicationErrorText
{
    public static ReadOnlySpan<byte> PendingOutput => "ERR SYNC and PSYNC are invalid with pending output"u8;
    public static ReadOnlySpan<byte> FilterWithoutMark => "ERR Filtered replica requires EOF capability"u8;
    public static ReadOnlySpan<byte> FailoverToPrimary => "ERR PSYNC FAILOVER can't be sent to a master."u8;
    public static ReadOnlySpan<byte> MissingFilter => "ERR Missing rdb-filter-only values"u8;

    public static void AddressTooLong(ReplyWriter reply, int length) => new ErrorLine(reply)
        .Text("ERR REPLCONF ip-address provided by replica instance is too long: "u8).Integer(length).Text(" bytes"u8).End();

    public static void UnknownOption(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR Unrecognized REPLCONF option: "u8).Argument(option).End();

    public static void UnknownFilter(ReplyWriter reply, ReadOnlySpan<byte> filter) =>
        new ErrorLine(reply).Text("ERR Unsupported rdb-filter-only option: "u8).Argument(filter).End();

    public static void BadVersion(ReplyWriter reply, ReadOnlySpan<byte> version) =>
        new ErrorLine(reply).Text("ERR Unrecognized version format: "u8).Argument(version).End();
}
