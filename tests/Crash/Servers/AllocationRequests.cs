namespace Bixbite.Crash.Servers;

/// <summary>What <see cref="AllocationTests"/> runs: requests parted by semicolons that leave the data as it was, or nearly so.</summary>
internal static class AllocationRequests
{
    public const string Data = """
        SET s 10
        SET t ohmytext
        SET f 1.5
        SET u mynewtext
        SETBIT bits 7 1
        HSET h a 1 b 2 c 3
        RPUSH l a b c d
        RPUSH l2 a
        SADD m a b c
        SADD n b c d
        SADD o a
        ZADD z 1 a 2 b 3 c
        ZADD y 2 b 3 c 4 d
        XADD x 1-1 f v
        XADD x 1-2 f v
        XGROUP CREATE x g 0
        XGROUP CREATECONSUMER x g c
        GEOADD geo 13.361389 38.115556 p 15.087269 37.502669 q
        PFADD hll a b c
        PFADD hlm c d
        """;

    public const string Strings = """
        BITCOUNT bits
        BITFIELD bits GET u8 0
        BITFIELD bits SET u8 0 9 INCRBY u8 8 1
        BITFIELD_RO bits GET u8 0
        BITOP AND bits2 bits bits
        BITOP NOT bits2 s
        BITPOS bits 1
        GETBIT bits 7
        SETBIT bits 9 1
        SET d a; APPEND d b
        DECR s
        DECRBY s 2
        DIGEST s
        GET s
        SET d 1; DELEX d IFEQ 1
        SET d 1; DELIFEQ d 1
        SET d 1; GETDEL d
        GETEX s EX 100
        GETRANGE t 0 3
        GETSET s 10
        INCR s
        INCRBY s 3
        INCRBYFLOAT f 0.5
        INCREX s BYINT 1 EX 1000
        LCS t u
        LCS t u IDX WITHMATCHLEN
        LCS t u LEN
        MGET s t nosuch
        MSET d 1 e 2
        MSETEX 2 d 1 e 2 EX 100
        MSETNX d 1 e 2
        PSETEX d 100000 1
        SET s 10
        SET s 10 XX GET EX 1000
        SETEX d 100 1
        SETNX d 1
        SETRANGE t 0 oh
        STRLEN t
        SUBSTR t 0 3
        PFADD hll a
        PFCOUNT hll
        PFCOUNT hll hlm
        PFMERGE hln hll hlm
        """;

    public const string Keys = """
        COPY s s2 REPLACE
        SET d 1; DEL d
        DUMP h
        EXISTS s
        EXPIRE s 1000
        EXPIRE s 1000 GT
        EXPIREAT s 9999999999
        EXPIRETIME s
        SET d 1; MOVE d 1; SELECT 1; DEL d; SELECT 0
        KEYS *
        OBJECT ENCODING s
        OBJECT IDLETIME s
        OBJECT REFCOUNT s
        PERSIST s
        PEXPIRE s 1000000
        PEXPIREAT s 9999999999999
        PEXPIRETIME s
        PTTL s
        RANDOMKEY
        SET d 1; RENAME d e
        SET d 1; DEL e; RENAMENX d e
        SCAN 0 COUNT 100
        SCAN 0 MATCH s* TYPE string
        SORT l ALPHA DESC LIMIT 0 2
        SORT m BY w_* GET # ALPHA STORE sorted
        SORT_RO l ALPHA
        TOUCH s
        TTL s
        TYPE s
        SET d 1; UNLINK d
        WAIT 0 0
        WAITAOF 0 0 0
        DBSIZE
        MEMORY USAGE h
        SWAPDB 0 1; SWAPDB 0 1
        """;

    public const string HashesAndLists = """
        HSET h d 1; HDEL h d
        HEXISTS h a
        HEXPIRE h 1000 FIELDS 1 c
        HEXPIREAT h 9999999999 FIELDS 1 c
        HEXPIRETIME h FIELDS 1 c
        HGET h a
        HGETALL h
        HSET h d 1; HGETDEL h FIELDS 1 d
        HGETEX h FIELDS 1 a
        HGETEX h EX 100 FIELDS 1 c
        HINCRBY h a 1
        HINCRBYFLOAT h b 1.5
        HKEYS h
        HLEN h
        HMGET h a b
        HMSET h a 1 b 2
        HPERSIST h FIELDS 1 c
        HPEXPIRE h 1000000 FIELDS 1 c
        HPEXPIREAT h 9999999999999 FIELDS 1 c
        HPEXPIRETIME h FIELDS 1 c
        HPTTL h FIELDS 1 c
        HRANDFIELD h 2
        HSCAN h 0
        HSET h a 1
        HSETEX h FIELDS 1 a 1
        HSETNX h a 1
        HSTRLEN h a
        HTTL h FIELDS 1 c
        HVALS h
        RPUSH l z; BLMOVE l l2 RIGHT LEFT 0; LPOP l2
        RPUSH l z; BLMOVEM l l2 RIGHT LEFT 0 COUNT 1 OBO; LPOP l2
        RPUSH l z; BLMPOP 0 1 l RIGHT
        RPUSH l z; BLPOP l 0; RPUSH l a
        RPUSH l z; BRPOP l 0
        RPUSH l z; BRPOPLPUSH l l2 0; LPOP l2
        LINDEX l 0
        RPUSH l3 a; LINSERT l3 BEFORE a b; DEL l3
        LLEN l
        RPUSH l z; LMOVE l l2 RIGHT LEFT; LPOP l2
        RPUSH l z; LMOVEM l l2 RIGHT LEFT COUNT 1 OBO; LPOP l2
        RPUSH l z; LMPOP 1 l RIGHT
        LPUSH l z; LPOP l
        LPOS l c
        RPUSH l3 a; LPUSH l3 b; LPUSHX l3 b; DEL l3
        LRANGE l 0 -1
        RPUSH l z; LREM l 0 z
        LSET l2 0 a
        LTRIM l2 0 10
        RPUSH l z; RPOP l
        RPUSH l z; RPOPLPUSH l l2; LPOP l2
        RPUSHX l4 a
        """;

    public const string SetsAndGeo = """
        SADD m a
        SCARD m
        SDIFF m n
        SDIFFCARD 2 m n
        SDIFFSTORE o m n
        SINTER m n
        SINTERCARD 2 m n
        SINTERSTORE o m n
        SISMEMBER m a
        SMEMBERS m
        SMISMEMBER m a b
        SADD m q; SMOVE m o q
        SADD o q; SPOP o
        SADD p q r; SPOP p 2
        SRANDMEMBER m
        SRANDMEMBER m 2
        SADD m q; SREM m q
        SSCAN m 0
        SUNION m n
        SUNIONCARD 2 m n
        SUNIONSTORE o m n
        GEOADD geo 13.361389 38.115556 p
        GEODIST geo p q
        GEOHASH geo p
        GEOPOS geo p
        GEOSEARCH geo FROMLONLAT 15 37 BYRADIUS 200 km ASC
        GEORADIUS geo 15 37 200 km WITHDIST WITHCOORD
        GEORADIUS_RO geo 15 37 200 km
        GEORADIUSBYMEMBER geo p 200 km
        GEORADIUSBYMEMBER_RO geo p 200 km
        GEOSEARCHSTORE geo2 geo FROMLONLAT 15 37 BYRADIUS 200 km
        """;

    public const string SortedSets = """
        ZADD y2 1 a; BZMPOP 0 1 y2 MIN
        ZADD y2 1 a; BZPOPMAX y2 0
        ZADD y2 1 a; BZPOPMIN y2 0
        ZADD z 1 a
        ZADD z 1.2345678901234567 a; ZADD z GT CH 1 a
        ZCARD z
        ZCOUNT z 0 10
        ZDIFF 2 z y
        ZDIFFSTORE o2 2 z y
        ZINCRBY z 1 c
        ZINTER 2 z y WITHSCORES
        ZINTERCARD 2 z y
        ZINTERSTORE o2 2 z y
        ZLEXCOUNT z - +
        ZADD y2 1 a; ZMPOP 1 y2 MIN
        ZMSCORE z a b
        ZADD y2 1 a; ZPOPMAX y2
        ZADD y2 1 a; ZPOPMIN y2
        ZRANDMEMBER z 2
        ZRANGE z 0 -1 WITHSCORES
        ZRANGE z (1 +inf BYSCORE LIMIT 0 1
        ZRANGEBYLEX z - +
        ZRANGEBYSCORE z 0 10
        ZRANGESTORE o2 z 0 -1
        ZRANK z a
        ZADD z 9 q; ZREM z q
        ZREMRANGEBYLEX y2 - +
        ZREMRANGEBYRANK y2 0 -1
        ZREMRANGEBYSCORE y2 0 10
        ZREVRANGE z 0 -1
        ZREVRANGEBYLEX z + -
        ZREVRANGEBYSCORE z 10 0
        ZREVRANK z a
        ZSCAN z 0
        ZSCORE z a
        ZUNION 2 z y
        ZUNIONSTORE o2 2 z y WEIGHTS 2 3 AGGREGATE MAX
        """;

    public const string Streams = """
        XACK x g 1-1
        XACKDEL x g IDS 1 9-9
        XADD x2 MAXLEN 10 * f v
        XAUTOCLAIM x g c 0 0
        XCLAIM x g c 0 1-1
        XADD x2 MAXLEN 10 * f v; XDEL x2 1-1
        XDELEX x2 IDS 1 1-1
        XLEN x
        XPENDING x g
        XPENDING x g - + 10
        XRANGE x - +
        XREAD STREAMS x 0
        XREADGROUP GROUP g c STREAMS x 0
        XREADGROUP GROUP g c STREAMS x >
        XREVRANGE x + -
        XSETID x 1-2
        XTRIM x2 MAXLEN 1
        XINFO STREAM x
        XINFO GROUPS x
        XINFO CONSUMERS x g
        XGROUP CREATE x k 0; XGROUP SETID x k 0; XGROUP CREATECONSUMER x k d; XGROUP DELCONSUMER x k d; XGROUP DESTROY x k
        """;

    public const string Sessions = """
        CLIENT GETNAME
        CLIENT GETREDIR
        CLIENT ID
        CLIENT KILL ID 99999
        CLIENT NO-EVICT ON
        CLIENT NO-TOUCH OFF
        CLIENT REPLY ON
        CLIENT UNBLOCK 99999
        CLIENT UNPAUSE
        ECHO hello
        PING
        SELECT 0
        MULTI; DISCARD
        MULTI; INCR s; SET d 1; HGET h a; EXEC
        PUBLISH channel message
        SPUBLISH channel message
        PUBSUB CHANNELS
        PUBSUB NUMPAT
        PUBSUB NUMSUB channel
        PUBSUB SHARDCHANNELS
        PUBSUB SHARDNUMSUB channel
        COMMAND COUNT
        COMMANDLOG LEN slow
        COMMANDLOG RESET slow
        LASTSAVE
        LATENCY LATEST
        MODULE LIST
        ROLE
        SLOWLOG LEN
        SLOWLOG GET
        SLOWLOG RESET
        TIME
        """;

    /// <summary>The client's mistakes: each request is answered with an error.</summary>
    public const string Mistakes = """
        NOSUCH a b
        GET
        CLIENT NOSUCH
        HGET s a
        LPUSH s a
        ZADD s 1 a
        ZADD z x a
        SADD h a
        XADD s * f v
        XADD x 0-0 f v
        GET h
        INCR t
        INCRBYFLOAT t 1
        HINCRBY h a x
        SETRANGE s -1 x
        SETEX s 0 x
        EXPIRE s x
        LSET l 999 a
        SET s a NX XX
        ZRANGE z 0 x
        XREADGROUP GROUP nosuch c STREAMS x >
        RESTORE s 0 abc REPLACE
        OBJECT FREQ s
        CLIENT CACHING YES
        EXEC
        DISCARD
        SELECT 99
        AUTH x
        COPY s s
        MULTI; NOSUCH; EXEC
        """;

    /// <summary>Commands that allocate and may, or cannot be run again and again; a container stands for its subcommands.</summary>
    public static readonly IReadOnlyDictionary<string, string> Exceptions = new Dictionary<string, string>
    {
        ["acl"] = "users and their rules are managed objects, and rarely changed or asked for",
        ["asking"] = "refused outside of clusters; a flag of the session within",
        ["auth"] = "hashes a password, once in a connection",
        ["bgrewriteaof"] = "starts work on files",
        ["bgsave"] = "starts work on files",
        ["client"] = "CLIENT LIST, INFO, SETNAME, TRACKING: texts for people, and what a session holds as long as it wishes",
        ["cluster"] = "lists of nodes and slots, and changes that are proposed",
        ["clusterscan"] = "there is none without a cluster; its cursors name a fingerprint and a slot",
        ["command"] = "DOCS, INFO, LIST, GETKEYS, HELP: texts about the table, for people and at a connection's start",
        ["commandlog"] = "GET with entries, HELP",
        ["config"] = "settings are managed objects, and rarely asked for",
        ["debug"] = "for tests",
        ["eval"] = "a script's values are managed objects",
        ["eval_ro"] = "a script's values are managed objects",
        ["evalsha"] = "a script's values are managed objects",
        ["evalsha_ro"] = "a script's values are managed objects",
        ["fcall"] = "a function's values are managed objects",
        ["fcall_ro"] = "a function's values are managed objects",
        ["flushall"] = "the old content is an object until it has been freed",
        ["failover"] = "gives the server's place to a replica",
        ["flushdb"] = "the old content is an object until it has been freed",
        ["function"] = "libraries are compiled, kept and listed",
        ["geoadd"] = "measured; only the error for a bad position is a text of its own",
        ["hello"] = "once in a connection; a name is held by the session",
        ["himport"] = "a fieldset is held by the session",
        ["hotkeys"] = "begins and ends a survey, and reports for people",
        ["hrandfield"] = "measured; a negative count allocates the state of a reply made in slices, also in ZRANDMEMBER",
        ["info"] = "gathers texts from all parts",
        ["latency"] = "histories and reports for people",
        ["lolwut"] = "draws",
        ["memory"] = "STATS, DOCTOR, MALLOC-STATS, BIGKEYS, PREFIXES: reports for people",
        ["migrate"] = "keys that travel are objects until they are there",
        ["module"] = "HELP",
        ["monitor"] = "what a session holds as long as it wishes",
        ["object"] = "HELP",
        ["pfdebug"] = "for tests",
        ["pfselftest"] = "for tests",
        ["psubscribe"] = "a subscription is an object as long as it lasts, counted in its session's sum",
        ["psync"] = "makes the connection that of a replica",
        ["pubsub"] = "HELP",
        ["punsubscribe"] = "ends a subscription",
        ["quit"] = "ends the connection",
        ["readonly"] = "refused outside of clusters; a flag of the session within",
        ["readwrite"] = "refused outside of clusters; a flag of the session within",
        ["replicaof"] = "makes the server a replica",
        ["replconf"] = "a replica's words about itself, at its connection's start",
        ["reset"] = "gives up what the session held",
        ["restore"] = "measured with a payload of its own",
        ["restore-asking"] = "as RESTORE",
        ["save"] = "work on files",
        ["script"] = "scripts are compiled and kept",
        ["shutdown"] = "ends the server",
        ["slowlog"] = "HELP",
        ["ssubscribe"] = "a subscription is an object as long as it lasts, counted in its session's sum",
        ["subscribe"] = "a subscription is an object as long as it lasts, counted in its session's sum",
        ["sunsubscribe"] = "ends a subscription",
        ["slaveof"] = "makes the server a replica",
        ["sync"] = "makes the connection that of a replica",
        ["unsubscribe"] = "ends a subscription",
        ["unwatch"] = "ends watches",
        ["watch"] = "a watch is an object as long as it lasts, counted in its session's sum",
        ["xgroup"] = "HELP",
        ["xinfo"] = "HELP",
    };

    public static IReadOnlyList<string> All { get; } =
        [.. ((string[])[Strings, Keys, HashesAndLists, SetsAndGeo, SortedSets, Streams, Sessions]).SelectMany(Lines)];

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
