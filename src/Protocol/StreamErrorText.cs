namespace Bixbite.Protocol;

/// <summary>The errors of the stream commands, as <see cref="ErrorText"/> has those of all others.</summary>
public static class StreamErrorText
{
    public static ReadOnlySpan<byte> InvalidId => "ERR Invalid stream ID specified as stream command argument"u8;
    public static ReadOnlySpan<byte> IntervalStart => "ERR invalid start ID for the interval"u8;
    public static ReadOnlySpan<byte> IntervalEnd => "ERR invalid end ID for the interval"u8;
    public static ReadOnlySpan<byte> TrimTwice => "ERR syntax error, MAXLEN and MINID options at the same time are not compatible"u8;
    public static ReadOnlySpan<byte> TrimMaxLen => "ERR The MAXLEN argument must be >= 0."u8;
    public static ReadOnlySpan<byte> TrimLimit => "ERR The LIMIT argument must be >= 0."u8;
    public static ReadOnlySpan<byte> LimitWithoutTrim =>
        "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy"u8;

    public static ReadOnlySpan<byte> LimitOfExactTrim => "ERR syntax error, LIMIT cannot be used without the special ~ option"u8;
    public static ReadOnlySpan<byte> TrimMissing => "ERR syntax error, XTRIM must be called with a trimming strategy"u8;
    public static ReadOnlySpan<byte> XAddZero => "ERR The ID specified in XADD must be greater than 0-0"u8;
    public static ReadOnlySpan<byte> XAddBackwards =>
        "ERR The ID specified in XADD is equal or smaller than the target stream top item"u8;

    public static ReadOnlySpan<byte> XAddExhausted =>
        "ERR The stream has exhausted the last possible ID, unable to add more items"u8;

    public static ReadOnlySpan<byte> XAddTooLarge => "ERR Elements are too large to be stored"u8;
    public static ReadOnlySpan<byte> LastIdZero => "ERR the stream last element ID is 0-0"u8;
    public static ReadOnlySpan<byte> GroupMissing => "ERR Missing GROUP option for XREADGROUP"u8;
    public static ReadOnlySpan<byte> NewIdWithoutGroup =>
        "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option."u8;

    public static ReadOnlySpan<byte> MinIdleNotAnInteger => "ERR min-idle-time is not an integer"u8;
    public static ReadOnlySpan<byte> MinIdleNegative => "ERR min-idle-time must be a positive integer"u8;
    public static ReadOnlySpan<byte> IdCountTooSmall => "ERR Number of IDs must be a positive integer"u8;
    public static ReadOnlySpan<byte> IdCountMismatch => "ERR The `numids` parameter must match the number of arguments"u8;
    public static ReadOnlySpan<byte> XClaimIdle => "ERR Invalid IDLE option argument for XCLAIM"u8;
    public static ReadOnlySpan<byte> XClaimTime => "ERR Invalid TIME option argument for XCLAIM"u8;
    public static ReadOnlySpan<byte> XClaimRetryCount => "ERR Invalid RETRYCOUNT option argument for XCLAIM"u8;
    public static ReadOnlySpan<byte> XAutoClaimCount => "ERR COUNT must be > 0"u8;
    public static ReadOnlySpan<byte> GroupExists => "BUSYGROUP Consumer Group name already exists"u8;
    public static ReadOnlySpan<byte> EntriesReadNegative => "ERR value for ENTRIESREAD must be positive or -1"u8;
    public static ReadOnlySpan<byte> XGroupKeyMissing =>
        "ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to "u8 +
        "create an empty stream automatically."u8;

    public static ReadOnlySpan<byte> EntriesAddedNegative => "ERR entries_added must be positive"u8;
    public static ReadOnlySpan<byte> XSetIdBelowGiven =>
        "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id"u8;

    public static ReadOnlySpan<byte> XSetIdBelowDeleted =>
        "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id"u8;

    public static ReadOnlySpan<byte> XSetIdBelowTop => "ERR The ID specified in XSETID is smaller than the target stream top item"u8;
    public static ReadOnlySpan<byte> XSetIdTooFewAdded =>
        "ERR The entries_added specified in XSETID is smaller than the target stream length"u8;

    /// <param name="reply">Where to.</param>
    /// <param name="command">XREAD or XREADGROUP, in small letters.</param>
    /// <param name="kinds">What may stand where an ID is missing.</param>
    public static void UnbalancedStreams(ReplyWriter reply, ReadOnlySpan<byte> command, ReadOnlySpan<byte> kinds) =>
        new ErrorLine(reply).Text("ERR Unbalanced '"u8).Argument(command).Text("' list of streams: for each stream key an "u8)
            .Argument(kinds).Text(" must be specified."u8).End();

    /// <param name="reply">Where to.</param>
    /// <param name="option">GROUP, NOACK or CLAIM.</param>
    public static void OnlyForGroups(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR The "u8).Argument(option)
            .Text(" option is only supported by XREADGROUP. You called XREAD instead."u8).End();

    /// <param name="reply">Where to.</param>
    /// <param name="id">$ or +.</param>
    public static void MeaninglessId(ReplyWriter reply, ReadOnlySpan<byte> id) =>
        new ErrorLine(reply).Text("ERR The "u8).Argument(id)
            .Text(" ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by "u8)
            .Text("specifying a proper ID, or use the > ID to get new messages. The "u8).Argument(id)
            .Text(" ID would just return an empty result set."u8).End();

    public static void NoKeyOrGroup(ReplyWriter reply, ReadOnlySpan<byte> key, ReadOnlySpan<byte> group) =>
        new ErrorLine(reply).Text("NOGROUP No such key '"u8).Argument(key).Text("' or consumer group '"u8).Argument(group).Text("'"u8)
            .End();

    public static void NoKeyOrGroupToRead(ReplyWriter reply, ReadOnlySpan<byte> key, ReadOnlySpan<byte> group) =>
        new ErrorLine(reply).Text("NOGROUP No such key '"u8).Argument(key).Text("' or consumer group '"u8).Argument(group)
            .Text("' in XREADGROUP with GROUP option"u8).End();

    public static void NoGroup(ReplyWriter reply, ReadOnlySpan<byte> key, ReadOnlySpan<byte> group) =>
        new ErrorLine(reply).Text("NOGROUP No such consumer group '"u8).Argument(group).Text("' for key name '"u8).Argument(key)
            .Text("'"u8).End();

    public static void XClaimOption(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR Unrecognized XCLAIM option '"u8).Argument(option).Text("'"u8).End();

    public static void NoBlockInScript(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR "u8).Argument(command).Text(" command is not allowed with BLOCK option from scripts"u8).End();

    /// <param name="reply">Where to.</param>
    /// <param name="command">XCLAIM or XAUTOCLAIM.</param>
    public static void InvalidMinIdle(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR Invalid min-idle-time argument for "u8).Argument(command).End();
}
