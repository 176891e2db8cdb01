using Bixbite.Structures.Text;

namespace Bixbite.Protocol;

/// <summary>
/// Every error a client can be answered, once, equal to Redis 7.2 to the byte. A constant text is a property, written by
/// <see cref="ReplyWriter.Error"/>; a text with arguments is a method that writes the whole reply. Texts carry their code ("ERR ...") and
/// no leading '-'. Grouped by theme: keep a new text with its kin.
/// </summary>
public static class ErrorText
{
    // Any command.

    public static ReadOnlySpan<byte> WrongType => "WRONGTYPE Operation against a key holding the wrong kind of value"u8;
    public static ReadOnlySpan<byte> Syntax => "ERR syntax error"u8;
    public static ReadOnlySpan<byte> NoSuchKey => "ERR no such key"u8;
    public static ReadOnlySpan<byte> SameObject => "ERR source and destination objects are the same"u8;
    public static ReadOnlySpan<byte> IndexOutOfRange => "ERR index out of range"u8;
    public static ReadOnlySpan<byte> NotAnInteger => "ERR value is not an integer or out of range"u8;
    public static ReadOnlySpan<byte> NotAFloat => "ERR value is not a valid float"u8;
    public static ReadOnlySpan<byte> OutOfRange => "ERR value is out of range"u8;
    public static ReadOnlySpan<byte> MustBePositive => "ERR value is out of range, must be positive"u8;

    /// <summary>The code alone.</summary>
    public static ReadOnlySpan<byte> Unspecified => "ERR"u8;

    public static void UnknownCommand(ReplyWriter reply, ReadOnlySpan<Argument> request)
    {
        const int ShownMax = 128;
        ErrorLine line = new ErrorLine(reply).Text("ERR unknown command '"u8).Argument(request[0].Bytes, ShownMax)
            .Text("', with args beginning with: "u8);
        int shown = 0;
        for (int index = 1; index < request.Length && shown < ShownMax; index++)
        {
            ReadOnlySpan<byte> argument = ErrorLine.Printed(request[index].Bytes, ShownMax - shown);
            line = line.Text("'"u8).Text(argument).Text("' "u8);
            shown += argument.Length + 3;
        }

        line.End();
    }

    /// <param name="reply">Where to.</param>
    /// <param name="container">The command's name in capitals.</param>
    /// <param name="subcommand">What the client sent after it.</param>
    public static void UnknownSubcommand(ReplyWriter reply, ReadOnlySpan<byte> container, ReadOnlySpan<byte> subcommand) =>
        new ErrorLine(reply).Text("ERR unknown subcommand '"u8).Argument(subcommand, 128).Text("'. Try "u8)
            .Argument(container).Text(" HELP."u8).End();

    /// <summary>For containers that look at their arguments themselves (DEBUG); the container in capitals.</summary>
    public static void SubcommandSyntax(ReplyWriter reply, ReadOnlySpan<byte> container, ReadOnlySpan<byte> subcommand) =>
        new ErrorLine(reply).Text("ERR unknown subcommand or wrong number of arguments for '"u8).Argument(subcommand, 128)
            .Text("'. Try "u8).Argument(container).Text(" HELP."u8).End();

    /// <param name="reply">Where to.</param>
    /// <param name="command">The full name in small letters: get, config|set.</param>
    public static void WrongArity(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR wrong number of arguments for '"u8).Argument(command).Text("' command"u8).End();

    public static void InvalidExpireTime(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR invalid expire time in '"u8).Argument(command).Text("' command"u8).End();

    /// <summary>"must between" is Redis' own spelling.</summary>
    public static void MustBeBetween(ReplyWriter reply, long min, long max) =>
        new ErrorLine(reply).Text("ERR value is out of range, value must between "u8).Integer(min).Text(" and "u8).Integer(max).End();

    // The state of the server or of the connection.

    public static ReadOnlySpan<byte> OutOfMemory => "OOM command not allowed when used memory > 'maxmemory'."u8;
    public static ReadOnlySpan<byte> Loading => "LOADING Redis is loading the dataset in memory"u8;
    public static ReadOnlySpan<byte> MasterDown =>
        "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'."u8;
    public static ReadOnlySpan<byte> ReadOnlyReplica => "READONLY You can't write against a read only replica."u8;
    public static ReadOnlySpan<byte> NoReplicas => "NOREPLICAS Not enough good replicas to write."u8;
    public static ReadOnlySpan<byte> SnapshotFailed =>
        "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may "u8 +
        "modify the data "u8 +
        "set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails "u8 +
        "(stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error."u8;

    public static ReadOnlySpan<byte> NotInTransaction => "ERR Command not allowed inside a transaction"u8;
    public static ReadOnlySpan<byte> ReplicaHasNoKeyspace => "ERR Replica can't interact with the keyspace"u8;
    public static ReadOnlySpan<byte> ClientCountMax => "ERR max number of clients reached"u8;
    public static ReadOnlySpan<byte> ProtectedMode =>
        "DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. "u8 +
        "In this mode connections are only accepted from the loopback interface. If you want to connect from external computers to "u8 +
        "Redis you may adopt one of the following solutions: 1) Just disable protected mode sending the command 'CONFIG SET "u8 +
        "protected-mode no' from the loopback interface by connecting to Redis from the same host the server is running, "u8 +
        "however MAKE "u8 +
        "SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change permanent. 2) "u8 +
        "Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the "u8 +
        "protected mode "u8 +
        "option to 'no', and then restarting the server. 3) If you started the server manually just for testing, restart it "u8 +
        "with the "u8 +
        "'--protected-mode no' option. 4) Set up an authentication password for the default user. NOTE: You only need to do "u8 +
        "one of the "u8 +
        "above things in order for the server to start accepting connections from the outside."u8;

    /// <param name="reply">Where to.</param>
    /// <param name="reason">The system's text for the failure.</param>
    public static void AppendOnlyFailed(ReplyWriter reply, ReadOnlySpan<byte> reason) =>
        new ErrorLine(reply).Text("MISCONF Errors writing to the AOF file: "u8).Argument(reason).End();

    public static void SubscribedContext(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR Can't execute '"u8).Argument(command)
            .Text("': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"u8).End();

    /// <param name="reply">Where to.</param>
    /// <param name="command">DEBUG or MODULE.</param>
    /// <param name="setting">enable-debug-command or enable-module-command.</param>
    public static void ProtectedCommand(ReplyWriter reply, ReadOnlySpan<byte> command, ReadOnlySpan<byte> setting) =>
        new ErrorLine(reply).Text("ERR "u8).Argument(command).Text(" command not allowed. If the "u8).Argument(setting)
            .Text(" option is set to \"local\", you can run it from a local connection, otherwise you need to set this option in the "u8)
            .Text("configuration file, and then restart the server."u8).End();

    // The wire.

    /// <summary>Answered once, then the connection is closed.</summary>
    public static void Protocol(ReplyWriter reply, in ParseResult result)
    {
        ErrorLine line = new ErrorLine(reply).Text("ERR Protocol error: "u8);
        line = result.Error switch
        {
            ProtocolError.TooBigInlineRequest => line.Text("too big inline request"u8),
            ProtocolError.UnbalancedQuotes => line.Text("unbalanced quotes in request"u8),
            ProtocolError.TooBigMultibulkCount => line.Text("too big mbulk count string"u8),
            ProtocolError.InvalidMultibulkLength => line.Text("invalid multibulk length"u8),
            ProtocolError.UnauthenticatedMultibulkLength => line.Text("unauthenticated multibulk length"u8),
            ProtocolError.ExpectedDollar => line.Text("expected '$', got '"u8).Text([result.Unexpected]).Text("'"u8),
            ProtocolError.TooBigBulkCount => line.Text("too big bulk count string"u8),
            ProtocolError.InvalidBulkLength => line.Text("invalid bulk length"u8),
            ProtocolError.UnauthenticatedBulkLength => line.Text("unauthenticated bulk length"u8),
            _ => line,
        };
        line.End();
    }

    // Access: AUTH, HELLO, ACL.

    public static ReadOnlySpan<byte> NoAuth => "NOAUTH Authentication required."u8;
    public static ReadOnlySpan<byte> NoAuthHello =>
        "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> "u8 +
        "option can be "u8 +
        "used to authenticate the client and select the RESP protocol version at the same time"u8;

    public static ReadOnlySpan<byte> WrongPassword => "WRONGPASS invalid username-password pair or user is disabled."u8;
    public static ReadOnlySpan<byte> NoPasswordSet =>
        "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is "u8 +
        "correct?"u8;

    public static ReadOnlySpan<byte> NoProto => "NOPROTO unsupported protocol version"u8;
    public static ReadOnlySpan<byte> ProtocolVersionNotAnInteger => "ERR Protocol version is not an integer or out of range"u8;
    public static void HelloSyntax(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR Syntax error in HELLO option '"u8).Argument(option).Text("'"u8).End();

    // CLIENT, MONITOR, RESET.

    public static ReadOnlySpan<byte> ClientName => "ERR Client names cannot contain spaces, newlines or special characters."u8;
    public static ReadOnlySpan<byte> NoSuchClient => "ERR No such client"u8;
    public static ReadOnlySpan<byte> InvalidClientId => "ERR Invalid client ID"u8;
    public static ReadOnlySpan<byte> ClientIdTooSmall => "ERR client-id should be greater than 0"u8;
    public static ReadOnlySpan<byte> MaxAgeNotAnInteger => "ERR maxage is not an integer or out of range"u8;
    public static ReadOnlySpan<byte> MaxAgeTooSmall => "ERR maxage should be greater than 0"u8;
    public static ReadOnlySpan<byte> UnblockReason => "ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR"u8;
    public static ReadOnlySpan<byte> Unblocked => "UNBLOCKED client unblocked via CLIENT UNBLOCK"u8;
    public static ReadOnlySpan<byte> UnblockedByRoleChange =>
        "UNBLOCKED force unblock from blocking operation, instance state changed (master -> replica?)"u8;

    public static ReadOnlySpan<byte> PauseMode => "ERR CLIENT PAUSE mode must be WRITE or ALL"u8;
    public static ReadOnlySpan<byte> ResetNormalOnly => "ERR can only reset normal client connections"u8;
    /// <summary>A log holds a request that changes nothing, and so was never written by a server.</summary>
    public static void NotRepeated(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR '"u8).Argument(command).Text("' is no change and is not repeated"u8).End();

    public static ReadOnlySpan<byte> MonitorDenied => "ERR MONITOR isn't allowed for DENY BLOCKING client"u8;

    public static void UnknownClientType(ReplyWriter reply, ReadOnlySpan<byte> type) =>
        new ErrorLine(reply).Text("ERR Unknown client type '"u8).Argument(type).Text("'"u8).End();

    public static void NoSuchUser(ReplyWriter reply, ReadOnlySpan<byte> user) =>
        new ErrorLine(reply).Text("ERR No such user '"u8).Argument(user).Text("'"u8).End();

    /// <summary>CLIENT SETINFO with an attribute it does not know.</summary>
    public static void UnrecognizedOption(ReplyWriter reply, ReadOnlySpan<byte> attribute) =>
        new ErrorLine(reply).Text("ERR Unrecognized option '"u8).Argument(attribute).Text("'"u8).End();

    public static void AttributeCharacters(ReplyWriter reply, ReadOnlySpan<byte> attribute) =>
        new ErrorLine(reply).Text("ERR "u8).Argument(attribute).Text(" cannot contain spaces, newlines or special characters."u8).End();

    // Timeouts of blocking commands, WAIT, PAUSE.

    public static ReadOnlySpan<byte> TimeoutNotAFloat => "ERR timeout is not a float or out of range"u8;
    public static ReadOnlySpan<byte> TimeoutNotAnInteger => "ERR timeout is not an integer or out of range"u8;
    public static ReadOnlySpan<byte> TimeoutOutOfRange => "ERR timeout is out of range"u8;
    public static ReadOnlySpan<byte> TimeoutNegative => "ERR timeout is negative"u8;
    public static ReadOnlySpan<byte> WaitOnReplica =>
        "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if a replica is configured to "u8 +
        "be writable "u8 +
        "(which is not the default) writes to replicas are just local and are not propagated."u8;

    public static ReadOnlySpan<byte> WaitAofOnReplica =>
        "ERR WAITAOF cannot be used with replica instances. Please also note that writes to replicas are just local and are "u8 +
        "not propagated."u8;

    public static ReadOnlySpan<byte> WaitAofDisabled => "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."u8;

    // Keys and databases.

    public static ReadOnlySpan<byte> DatabaseOutOfRange => "ERR DB index is out of range"u8;
    public static ReadOnlySpan<byte> FirstDatabaseInvalid => "ERR invalid first DB index"u8;
    public static ReadOnlySpan<byte> SecondDatabaseInvalid => "ERR invalid second DB index"u8;
    public static ReadOnlySpan<byte> InvalidCursor => "ERR invalid cursor"u8;
    public static ReadOnlySpan<byte> NoValuesOnlyHScan => "ERR NOVALUES option can only be used in HSCAN"u8;
    public static ReadOnlySpan<byte> NoScoresOnlyZScan => "ERR NOSCORES option can only be used in ZSCAN"u8;
    public static ReadOnlySpan<byte> UnknownTypeObject => "ERR unknown type object"u8;
    public static ReadOnlySpan<byte> ExpireNxConflict => "ERR NX and XX, GT or LT options at the same time are not compatible"u8;
    public static ReadOnlySpan<byte> ExpireGtLtConflict => "ERR GT and LT options at the same time are not compatible"u8;
    public static ReadOnlySpan<byte> IdleTimeNotTracked =>
        "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at "u8 +
        "runtime LRU and "u8 +
        "LFU data will take some time to adjust."u8;

    public static ReadOnlySpan<byte> FrequencyNotTracked =>
        "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between "u8 +
        "policies at "u8 +
        "runtime LRU and LFU data will take some time to adjust."u8;

    /// <summary>SCAN with TYPE, from 8.0 on; older ones answer an empty page.</summary>
    public static void UnknownTypeName(ReplyWriter reply, ReadOnlySpan<byte> type) =>
        new ErrorLine(reply).Text("ERR unknown type name '"u8).Argument(type).Text("'"u8).End();

    public static void UnsupportedOption(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR Unsupported option "u8).Argument(option).End();

    public static ReadOnlySpan<byte> SortNotANumber => "ERR One or more scores can't be converted into double"u8;

    // DUMP and RESTORE.

    public static ReadOnlySpan<byte> BusyKey => "BUSYKEY Target key name already exists."u8;
    public static ReadOnlySpan<byte> InvalidTtl => "ERR Invalid TTL value, must be >= 0"u8;
    public static ReadOnlySpan<byte> InvalidIdleTime => "ERR Invalid IDLETIME value, must be >= 0"u8;
    public static ReadOnlySpan<byte> InvalidFrequency => "ERR Invalid FREQ value, must be >= 0 and <= 255"u8;
    public static ReadOnlySpan<byte> DumpTooLarge => "ERR the value takes more than 2 GiB when it is dumped"u8;
    public static ReadOnlySpan<byte> DumpChecksum => "ERR DUMP payload version or checksum are wrong"u8;
    public static ReadOnlySpan<byte> BadDataFormat => "ERR Bad data format"u8;

    // Strings.

    public static ReadOnlySpan<byte> StringTooLong => "ERR string exceeds maximum allowed size (proto-max-bulk-len)"u8;
    public static ReadOnlySpan<byte> OffsetOutOfRange => "ERR offset is out of range"u8;
    public static ReadOnlySpan<byte> IncrementOverflow => "ERR increment or decrement would overflow"u8;
    public static ReadOnlySpan<byte> DecrementOverflow => "ERR decrement would overflow"u8;
    public static ReadOnlySpan<byte> IncrementNaN => "ERR increment would produce NaN or Infinity"u8;
    public static ReadOnlySpan<byte> BadDigest => "ERR The digest must be exactly 16 hexadecimal characters"u8;
    public static ReadOnlySpan<byte> NumKeysTooSmall => "ERR numkeys should be greater than 0"u8;
    public static ReadOnlySpan<byte> CountTooSmall => "ERR count should be greater than 0"u8;
    public static ReadOnlySpan<byte> CountNegative => "ERR COUNT can't be negative"u8;
    public static ReadOnlySpan<byte> MaxLenNegative => "ERR MAXLEN can't be negative"u8;
    public static ReadOnlySpan<byte> RankZero =>
        "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... "u8
        + "or use negative to start from the end of the list"u8;
    public static ReadOnlySpan<byte> InvalidNumKeys => "ERR invalid numkeys value"u8;
    public static ReadOnlySpan<byte> WrongNumberOfKeyValuePairs => "ERR wrong number of key-value pairs"u8;
    public static ReadOnlySpan<byte> EnxWithoutExpiration => "ERR ENX flag requires an expiration"u8;
    public static ReadOnlySpan<byte> BoundsCrossed => "ERR LBOUND can't be greater than UBOUND"u8;
    public static ReadOnlySpan<byte> AppliedOverflow => "ERR applied increment would overflow"u8;
    public static ReadOnlySpan<byte> AppliedInfinity => "ERR applied increment would be Infinity"u8;
    public static ReadOnlySpan<byte> ConditionNeedsString => "ERR Key should be of string type if conditions are specified"u8;
    public static ReadOnlySpan<byte> InvalidCondition => "ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE"u8;
    public static ReadOnlySpan<byte> LcsNotStrings => "ERR The specified keys must contain string values"u8;
    public static ReadOnlySpan<byte> LcsLengthAndIndexes => "ERR If you want both the length and indexes, please just use IDX."u8;
    public static ReadOnlySpan<byte> LcsTooLong => "ERR String too long for LCS"u8;
    public static ReadOnlySpan<byte> LcsMemoryLimit => "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len"u8;
    public static ReadOnlySpan<byte> LcsMemoryFailed => "ERR Insufficient memory, failed allocating transient memory for LCS"u8;

    /// <summary>INCREX names the option whose value is wrong.</summary>
    public static void NamedNotAnInteger(ReplyWriter reply, ReadOnlySpan<byte> name) =>
        new ErrorLine(reply).Text("ERR "u8).Text(name).Text(" is not an integer or out of range"u8).End();

    public static void NamedNotAFloat(ReplyWriter reply, ReadOnlySpan<byte> name) =>
        new ErrorLine(reply).Text("ERR "u8).Text(name).Text(" is not a valid float"u8).End();

    // Hashes.

    public static ReadOnlySpan<byte> HashValueNotAnInteger => "ERR hash value is not an integer"u8;
    public static ReadOnlySpan<byte> HashValueNotAFloat => "ERR hash value is not a float"u8;
    public static ReadOnlySpan<byte> NaNOrInfinity => "ERR value is NaN or Infinity"u8;
    public static ReadOnlySpan<byte> FieldsMissing => "ERR Mandatory argument FIELDS is missing or not at the right position"u8;
    public static ReadOnlySpan<byte> FieldCountNotPositive => "ERR Number of fields must be a positive integer"u8;
    public static ReadOnlySpan<byte> FieldCountTooSmall => "ERR Parameter `numFields` should be greater than 0"u8;
    public static ReadOnlySpan<byte> FieldCountInvalid => "ERR invalid number of fields"u8;
    public static ReadOnlySpan<byte> FieldCountMismatch => "ERR The `numfields` parameter must match the number of arguments"u8;
    public static ReadOnlySpan<byte> NegativeExpireTime => "ERR invalid expire time, must be >= 0"u8;
    public static ReadOnlySpan<byte> MissingExpireTime => "ERR missing expire time"u8;
    public static ReadOnlySpan<byte> FieldConditionTwice => "ERR Only one of FXX or FNX arguments can be specified"u8;
    public static ReadOnlySpan<byte> FieldExpirationTwice =>
        "ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified"u8;

    public static ReadOnlySpan<byte> NoSuchFieldset => "ERR no such fieldset"u8;
    public static ReadOnlySpan<byte> DuplicateFieldName => "ERR duplicate field name in fieldset"u8;
    public static ReadOnlySpan<byte> FieldsetValueCount => "ERR value count does not match fieldset field count"u8;

    public static void UnknownArgument(ReplyWriter reply, ReadOnlySpan<byte> argument) =>
        new ErrorLine(reply).Text("ERR unknown argument: "u8).Argument(argument).End();

    // Sets.

    public static ReadOnlySpan<byte> LimitNegative => "ERR LIMIT can't be negative"u8;
    public static ReadOnlySpan<byte> TooFewKeys => "ERR Number of keys can't be greater than number of args"u8;

    // Sorted sets.

    public static ReadOnlySpan<byte> ScoreRange => "ERR min or max is not a float"u8;
    public static ReadOnlySpan<byte> LexRange => "ERR min or max not valid string range item"u8;
    public static ReadOnlySpan<byte> ScoreNaN => "ERR resulting score is not a number (NaN)"u8;
    public static ReadOnlySpan<byte> ZAddNxXx => "ERR XX and NX options at the same time are not compatible"u8;
    public static ReadOnlySpan<byte> ZAddGtLtNx => "ERR GT, LT, and/or NX options at the same time are not compatible"u8;
    public static ReadOnlySpan<byte> ZAddIncrement => "ERR INCR option supports a single increment-element pair"u8;
    public static ReadOnlySpan<byte> LimitOfRanks =>
        "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"u8;

    public static ReadOnlySpan<byte> WithScoresOfLex => "ERR syntax error, WITHSCORES not supported in combination with BYLEX"u8;
    public static ReadOnlySpan<byte> WeightNotAFloat => "ERR weight value is not a float"u8;

    /// <summary>ZUNION and its kin.</summary>
    public static void NoInputKeys(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR at least 1 input key is needed for '"u8).Argument(command).Text("' command"u8).End();

    // Bitmaps.

    public static ReadOnlySpan<byte> BitOffset => "ERR bit offset is not an integer or out of range"u8;
    public static ReadOnlySpan<byte> BitValue => "ERR bit is not an integer or out of range"u8;
    public static ReadOnlySpan<byte> BitArgument => "ERR The bit argument must be 1 or 0."u8;
    public static ReadOnlySpan<byte> BitOpNot => "ERR BITOP NOT must be called with a single source key."u8;
    public static ReadOnlySpan<byte> BitfieldType =>
        "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."u8;

    public static ReadOnlySpan<byte> BitfieldOverflow => "ERR Invalid OVERFLOW type specified"u8;
    public static ReadOnlySpan<byte> BitfieldReadOnly => "ERR BITFIELD_RO only supports the GET subcommand"u8;

    /// <param name="reply">Where to.</param>
    /// <param name="operation">The operation in capitals that takes more than one source key: DIFF, DIFF1, ANDOR.</param>
    public static void BitOpTooFewKeys(ReplyWriter reply, ReadOnlySpan<byte> operation) =>
        new ErrorLine(reply).Text("ERR BITOP "u8).Argument(operation).Text(" must be called with at least two source keys."u8).End();

    // HyperLogLog.

    public static ReadOnlySpan<byte> NotAHyperLogLog => "WRONGTYPE Key is not a valid HyperLogLog string value."u8;
    public static ReadOnlySpan<byte> CorruptedHyperLogLog => "INVALIDOBJ Corrupted HLL object detected"u8;
    public static ReadOnlySpan<byte> HyperLogLogMissing => "ERR The specified key does not exist"u8;
    public static ReadOnlySpan<byte> HyperLogLogNotSparse => "ERR HLL encoding is not sparse"u8;
    public static ReadOnlySpan<byte> SelfTestNotSparse => "ERR TESTFAILED sparse encoding not used"u8;
    public static ReadOnlySpan<byte> SelfTestDisagree => "ERR TESTFAILED dense/sparse disagree"u8;

    public static void UnknownPfDebug(ReplyWriter reply, ReadOnlySpan<byte> subcommand) =>
        new ErrorLine(reply).Text("ERR Unknown PFDEBUG subcommand '"u8).Argument(subcommand).Text("'"u8).End();

    public static void PfDebugArity(ReplyWriter reply, ReadOnlySpan<byte> subcommand) =>
        new ErrorLine(reply).Text("ERR Wrong number of arguments for the '"u8).Argument(subcommand).Text("' subcommand"u8).End();

    public static void SelfTestRegister(ReplyWriter reply, int index, int expected, int actual) =>
        new ErrorLine(reply).Text("ERR TESTFAILED Register "u8).Integer(index).Text(" should be "u8).Integer(expected)
            .Text(" but is "u8).Integer(actual).End();

    public static void SelfTestEstimate(ReplyWriter reply, long cardinality, long deviation) =>
        new ErrorLine(reply).Text("ERR TESTFAILED Too big error. card:"u8).Integer(cardinality).Text(" abserr:"u8)
            .Integer(deviation).End();

    // Geo.

    public static ReadOnlySpan<byte> UnsupportedUnit => "ERR unsupported unit provided. please use M, KM, FT, MI"u8;
    public static ReadOnlySpan<byte> RadiusNotANumber => "ERR need numeric radius"u8;
    public static ReadOnlySpan<byte> RadiusNegative => "ERR radius cannot be negative"u8;
    public static ReadOnlySpan<byte> WidthNotANumber => "ERR need numeric width"u8;
    public static ReadOnlySpan<byte> HeightNotANumber => "ERR need numeric height"u8;
    public static ReadOnlySpan<byte> BoxNegative => "ERR height or width cannot be negative"u8;
    public static ReadOnlySpan<byte> VertexCount => "ERR invalid number of vertices"u8;
    public static ReadOnlySpan<byte> TooFewVertices => "ERR GEOSEARCH BYPOLYGON must have at least 3 vertices"u8;
    public static ReadOnlySpan<byte> NoSuchGeoMember => "ERR could not decode requested zset member"u8;
    public static ReadOnlySpan<byte> GeoCount => "ERR COUNT must be > 0"u8;
    public static ReadOnlySpan<byte> AnyWithoutCount => "ERR the ANY argument requires COUNT argument"u8;
    public static ReadOnlySpan<byte> GeoSearchStoreDetails =>
        "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options"u8;

    public static ReadOnlySpan<byte> GeoRadiusStoreDetails =>
        "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"u8;

    /// <summary>The text itself, for it is found while arguments are read.</summary>
    public static ReadOnlySpan<byte> InvalidPosition(double longitude, double latitude)
    {
        const int places = 6;
        ReadOnlySpan<byte> start = "ERR invalid longitude,latitude pair "u8;
        byte[] text = new byte[start.Length + FixedPoint.SizeMax + 1 + FixedPoint.SizeMax];
        start.CopyTo(text);
        int size = start.Length;
        size += FixedPoint.Format(longitude, places, text.AsSpan(size));
        text[size++] = (byte)',';
        size += FixedPoint.Format(latitude, places, text.AsSpan(size));
        return text.AsSpan(0, size);
    }

    public static void GeoOrigin(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for "u8).Argument(command).End();

    public static void GeoOutline(ReplyWriter reply, ReadOnlySpan<byte> command) =>
        new ErrorLine(reply).Text("ERR exactly one of BYRADIUS and BYBOX can be specified for "u8).Argument(command).End();

    // CONFIG. The reasons of a refused value come from the settings' own checks.

    public static ReadOnlySpan<byte> NoConfigFile => "ERR The server is running without a config file"u8;

    public static void ConfigUnknown(ReplyWriter reply, ReadOnlySpan<byte> name) =>
        new ErrorLine(reply).Text("ERR Unknown option or number of arguments for CONFIG SET - '"u8).Argument(name).Text("'"u8).End();

    /// <param name="reply">Where to.</param>
    /// <param name="name">The setting as the client wrote it.</param>
    /// <param name="reason">Why its value was refused; may be empty.</param>
    public static void ConfigFailed(ReplyWriter reply, ReadOnlySpan<byte> name, ReadOnlySpan<byte> reason)
    {
        ErrorLine line = new ErrorLine(reply).Text("ERR CONFIG SET failed (possibly related to argument '"u8).Argument(name).Text("')"u8);
        if (reason.Length != 0)
        {
            line = line.Text(" - "u8).Argument(reason);
        }
        line.End();
    }

    public static void ConfigRewriteFailed(ReplyWriter reply, ReadOnlySpan<byte> reason) =>
        new ErrorLine(reply).Text("ERR Rewriting config file: "u8).Argument(reason).End();

    // COMMAND GETKEYS.

    public static ReadOnlySpan<byte> InvalidCommand => "ERR Invalid command specified"u8;
    public static ReadOnlySpan<byte> NoKeyArguments => "ERR The command has no key arguments"u8;
    public static ReadOnlySpan<byte> InvalidArgumentCount => "ERR Invalid number of arguments specified for command"u8;
    public static ReadOnlySpan<byte> InvalidArguments => "ERR Invalid arguments specified for command"u8;

    // SHUTDOWN, SLOWLOG, LATENCY, MEMORY, DEBUG.

    public static ReadOnlySpan<byte> NoShutdown => "ERR No shutdown in progress."u8;
    public static ReadOnlySpan<byte> ShutdownFailed => "ERR Errors trying to SHUTDOWN. Check logs."u8;
    public static ReadOnlySpan<byte> ShutdownDenied => "ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client"u8;
    public static ReadOnlySpan<byte> SlowLogCount => "ERR count should be greater than or equal to -1"u8;
    public static ReadOnlySpan<byte> PurgeFailed => "ERR Error purging dirty pages"u8;
    public static ReadOnlySpan<byte> NotAListpack => "ERR Not a listpack encoded object."u8;
    public static ReadOnlySpan<byte> NotAQuicklist => "ERR Not a quicklist encoded object."u8;
    public static ReadOnlySpan<byte> PackedThreshold => "ERR argument must be a memory value bigger than 1 and smaller than 4gb"u8;
    public static ReadOnlySpan<byte> NotAString => "ERR Not an sds encoded string."u8;
    public static ReadOnlySpan<byte> NotAHashTable =>
        "ERR The value stored at the specified key is not represented using an hash table"u8;
    public static ReadOnlySpan<byte> DatabaseNumber => "ERR Out of range database"u8;
    public static ReadOnlySpan<byte> ReloadOptions => "ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options."u8;
    public static ReadOnlySpan<byte> ReloadFailed => "ERR Error trying to load the RDB dump"u8;
    public static ReadOnlySpan<byte> Resp2NotSupported => "ERR RESP2 is not supported by this command"u8;
    public static ReadOnlySpan<byte> ProtocolTypeName =>
        "ERR Wrong protocol type name. Please use one of the following: "u8 +
        "string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false"u8;

    public static void NoSamples(ReplyWriter reply, ReadOnlySpan<byte> latencyEvent) =>
        new ErrorLine(reply).Text("ERR No samples available for event '"u8).Argument(latencyEvent).Text("'"u8).End();

    // CLIENT TRACKING and CACHING.

    public static ReadOnlySpan<byte> RedirectOnce => "ERR A client can only redirect to a single other client"u8;
    public static ReadOnlySpan<byte> RedirectMissing => "ERR The client ID you want redirect to does not exist"u8;
    public static ReadOnlySpan<byte> PrefixNeedsBroadcast => "ERR PREFIX option requires BCAST mode to be enabled"u8;
    public static ReadOnlySpan<byte> BroadcastSwitch =>
        "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a "u8 +
        "different mode."u8;

    public static ReadOnlySpan<byte> OptWithBroadcast => "ERR OPTIN and OPTOUT are not compatible with BCAST"u8;
    public static ReadOnlySpan<byte> OptInAndOut => "ERR You can't specify both OPTIN mode and OPTOUT mode"u8;
    public static ReadOnlySpan<byte> OptSwitch =>
        "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a "u8 +
        "different mode."u8;

    public static ReadOnlySpan<byte> CachingNotTracking =>
        "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"u8;

    public static ReadOnlySpan<byte> CachingYesOptIn => "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode."u8;
    public static ReadOnlySpan<byte> CachingNoOptOut => "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode."u8;

    /// <summary>The prefixes of a client's BCAST mode may not begin with each other.</summary>
    public static void PrefixOverlapsExisting(ReplyWriter reply, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> other) =>
        new ErrorLine(reply).Text("ERR Prefix '"u8).Argument(prefix).Text("' overlaps with an existing prefix '"u8).Argument(other)
            .Text(PrefixesOverlap).End();

    public static void PrefixOverlapsProvided(ReplyWriter reply, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> other) =>
        new ErrorLine(reply).Text("ERR Prefix '"u8).Argument(prefix).Text("' overlaps with another provided prefix '"u8).Argument(other)
            .Text(PrefixesOverlap).End();

    private static ReadOnlySpan<byte> PrefixesOverlap => "'. Prefixes for a single client must not overlap."u8;

    // Transactions, persistence, scripts: the codes other commands meet.

    public static ReadOnlySpan<byte> ExecAbort => "EXECABORT Transaction discarded because of previous errors."u8;
    public static ReadOnlySpan<byte> NestedMulti => "ERR MULTI calls can not be nested"u8;
    public static ReadOnlySpan<byte> ExecWithoutMulti => "ERR EXEC without MULTI"u8;
    public static ReadOnlySpan<byte> DiscardWithoutMulti => "ERR DISCARD without MULTI"u8;
    public static ReadOnlySpan<byte> WatchInMulti => "ERR WATCH inside MULTI is not allowed"u8;
    public static ReadOnlySpan<byte> RewriteInProgress => "ERR Background append only file rewriting already in progress"u8;

    public static ReadOnlySpan<byte> RewriteFailed =>
        "ERR Can't execute an AOF background rewriting. Please check the server logs for more information."u8;

    public static ReadOnlySpan<byte> WaitWithoutLog =>
        "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled."u8;

    public static ReadOnlySpan<byte> DurabilityWithoutLog => "ERR CLIENT DURABILITY LOCAL cannot be used when appendonly is disabled."u8;
    public static ReadOnlySpan<byte> DurabilityReplicas => "ERR the number of replicas must be between 1 and 8"u8;

    public static ReadOnlySpan<byte> LoadLogFailed => "ERR Error trying to load the AOF files, check server logs."u8;

    public static ReadOnlySpan<byte> SaveInProgress => "ERR Background save already in progress"u8;
    public static ReadOnlySpan<byte> SnapshotInProgress =>
        "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE "u8 +
        "whenever possible."u8;

    public static ReadOnlySpan<byte> NoSaveToCancel => "ERR Background saving is currently not in progress or scheduled"u8;

    /// <summary>SAVE's answer where the file could not be written; the log says why.</summary>
    public static ReadOnlySpan<byte> SaveFailed => "ERR"u8;
    public static ReadOnlySpan<byte> NoScript => "NOSCRIPT No matching script. Please use EVAL."u8;
    public static ReadOnlySpan<byte> ScriptUnknownCommand => "ERR Unknown Redis command called from script"u8;
    public static ReadOnlySpan<byte> ScriptWrongArity => "ERR Wrong number of args calling Redis command from script"u8;
    public static ReadOnlySpan<byte> ScriptForbiddenCommand => "ERR This Redis command is not allowed from script"u8;
    public static ReadOnlySpan<byte> ScriptIsReadOnly => "ERR Write commands are not allowed from read-only scripts."u8;
    public static ReadOnlySpan<byte> ScriptIsWriting => "ERR Can not execute a script with write flag using *_ro command."u8;
    public static ReadOnlySpan<byte> ScriptOnStaleReplica => "ERR Can not execute the command on a stale replica"u8;
    public static ReadOnlySpan<byte> ScriptCallEmpty => "ERR Please specify at least one argument for this redis lib call"u8;
    public static ReadOnlySpan<byte> ScriptCallArgument => "ERR Lua redis lib command arguments must be strings or integers"u8;
    public static ReadOnlySpan<byte> ScriptAccessCommand => "ERR Invalid command passed to redis.acl_check_cmd()"u8;
    public static ReadOnlySpan<byte> ScriptCallReplyTooLarge => "ERR The reply is too large for a script"u8;
    public static ReadOnlySpan<byte> ScriptResultTooDeep => "ERR reached lua stack limit"u8;
    public static ReadOnlySpan<byte> ScriptErrorUnknown => "ERR unknown error"u8;
    public static ReadOnlySpan<byte> DebugMode => "ERR Use SCRIPT DEBUG YES/SYNC/NO"u8;
    public static ReadOnlySpan<byte> DebugInPipeline => "ERR SCRIPT DEBUG must be called outside a pipeline"u8;
    public static ReadOnlySpan<byte> DebugNeedsSource => "ERR Please use EVAL instead of EVALSHA for debugging"u8;
    public static ReadOnlySpan<byte> DebugInTransaction => "ERR Scripts are not debugged within a transaction"u8;
    public static ReadOnlySpan<byte> DebugTooMany => "ERR Too many scripts are being debugged"u8;
    public static ReadOnlySpan<byte> RehearsalCommand => "ERR This command is only called while debugging with SCRIPT DEBUG SYNC"u8;
    public static ReadOnlySpan<byte> RehearsalSize =>
        "ERR What this command looks at is too much to be copied: debug with SCRIPT DEBUG SYNC"u8;

    public static ReadOnlySpan<byte> ScriptFlushMode => "ERR SCRIPT FLUSH only support SYNC|ASYNC option"u8;
    public static ReadOnlySpan<byte> NegativeKeyCount => "ERR Number of keys can't be negative"u8;
    public static ReadOnlySpan<byte> FunctionNotFound => "ERR Function not found"u8;
    public static ReadOnlySpan<byte> FunctionKeyCount => "ERR Bad number of keys provided"u8;
    public static ReadOnlySpan<byte> LibraryNotFound => "ERR Library not found"u8;
    public static ReadOnlySpan<byte> LibraryNameMissing => "ERR library name argument was not given"u8;
    public static ReadOnlySpan<byte> FunctionFlushMode => "ERR FUNCTION FLUSH only supports SYNC|ASYNC option"u8;
    public static ReadOnlySpan<byte> RestorePolicyUnknown =>
        "ERR Wrong restore policy given, value should be either FLUSH, APPEND or REPLACE."u8;

    public static ReadOnlySpan<byte> LibraryDamaged => "ERR Failed loading library payload"u8;
    public static ReadOnlySpan<byte> LibraryOfCandidate => "ERR Pre-GA function format not supported"u8;
    public static ReadOnlySpan<byte> NoLibrary => "ERR given type is not a function"u8;

    public static void FunctionListArgument(ReplyWriter reply, ReadOnlySpan<byte> argument) =>
        new ErrorLine(reply).Text("ERR Unknown argument "u8).Argument(argument).End();

    /// <summary>An error in the words of whoever has read what a client has sent: a script, a library, a rule.</summary>
    /// <param name="reply">The client's.</param>
    /// <param name="problem">Each character is a byte.</param>
    public static void Problem(ReplyWriter reply, string problem) => Problem(reply, System.Text.Encoding.Latin1.GetBytes(problem));

    public static void Problem(ReplyWriter reply, ReadOnlySpan<byte> problem) =>
        new ErrorLine(reply).Text("ERR "u8).Argument(problem).End();

    public static void FunctionLoadOption(ReplyWriter reply, ReadOnlySpan<byte> option) =>
        new ErrorLine(reply).Text("ERR Unknown option given: "u8).Argument(option).End();

    public static ReadOnlySpan<byte> NotBusy => "NOTBUSY No scripts in execution right now."u8;

    public static ReadOnlySpan<byte> Unkillable =>
        "UNKILLABLE Sorry the script already executed write commands against the dataset. You can either wait the script termination or "u8
        + "kill the server in a hard way using the SHUTDOWN NOSAVE command."u8;

    public static ReadOnlySpan<byte> BusyScript =>
        "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE."u8;

    public static ReadOnlySpan<byte> BusyFunction =>
        "BUSY Redis is busy running a script. You can only call FUNCTION KILL or SHUTDOWN NOSAVE."u8;

    public static ReadOnlySpan<byte> BusyModule => "BUSY Redis is busy running a module command."u8;

    public static void ExecAbortBecause(ReplyWriter reply, ReadOnlySpan<byte> error) =>
        new ErrorLine(reply).Text("EXECABORT Transaction discarded because of: "u8).Argument(error).End();
}
