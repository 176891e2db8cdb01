namespace Bixbite.Wire.AccessControl;

/// <summary>Ways around a password or a rule, by where they begin; none leads anywhere.</summary>
internal static class BypassScenes
{
    /// <summary>Before a password was given.</summary>
    public static IReadOnlyList<BypassScene> OfStrangers { get; } =
    [
        new(
            "nothing runs before a password",
            """
            user: PING => NOAUTH
            user: GET k => NOAUTH
            user: MULTI => NOAUTH
            user: EXEC => -EXECABORT..
            user: SUBSCRIBE c => NOAUTH
            user: MONITOR => NOAUTH
            user: SHUTDOWN NOSAVE => NOAUTH
            user: CONFIG SET requirepass "" => NOAUTH
            user: ACL WHOAMI => NOAUTH
            user: ACL SETUSER default nopass => NOAUTH
            user: ACL LOAD => NOAUTH
            user: CLIENT KILL ID 1 => NOAUTH
            user: CLIENT REPLY OFF => NOAUTH
            user: CLIENT NO-EVICT on => NOAUTH
            user: CLIENT SETNAME x => NOAUTH
            user: EVAL "return 1" 0 => NOAUTH
            user: FCALL f 0 => NOAUTH
            user: SELECT 1 => NOAUTH
            user: COMMAND => NOAUTH
            user: ECHO x => NOAUTH
            user: WAIT 0 0 => NOAUTH
            user: DEBUG SLEEP 0 => -..
            user: NOSUCH => -ERR unknown command..
            user: GET => -ERR wrong number of arguments..
            user: AUTH secret
            user: DBSIZE => :0
            """,
            "--requirepass", "secret"),
        new(
            "several at once, in one packet",
            """
            user<< "PING\r\nSET k v\r\nGET k\r\n"
            user< NOAUTH
            user< NOAUTH
            user< NOAUTH
            user<< "*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n"
            user< NOAUTH
            user< NOAUTH
            user<< "AUTH secret\r\nSET k v\r\nGET k\r\n"
            user< +OK
            user< +OK
            user< "v"
            """,
            "--requirepass", "secret"),
        new(
            "behind a password that is wrong",
            """
            user<< "AUTH wrong\r\nSET k v\r\nAUTH default wrong\r\nMULTI\r\nSET k v\r\nEXEC\r\nAUTH secret\r\nGET k\r\n"
            user< WRONGPASS
            user< NOAUTH
            user< WRONGPASS
            user< NOAUTH
            user< NOAUTH
            user< -EXECABORT Transaction discarded because of: NOAUTH Authentication required.
            user< +OK
            user< (nil)
            """,
            "--requirepass", "secret"),
        new(
            "long requests and many arguments",
            """
            other<< "*11\r\n"
            other< -ERR Protocol error: unauthenticated multibulk length
            other closed
            third<< "*2\r\n$16385\r\n"
            third< -ERR Protocol error: unauthenticated bulk length
            third closed
            """,
            "--requirepass", "secret"),
        new(
            "RESET and HELLO give nothing",
            """
            user: RESET => +RESET
            user: GET k => NOAUTH
            user: HELLO 3 => -NOAUTH HELLO must be..
            user: HELLO 3 SETNAME x => -NOAUTH HELLO must be..
            user: HELLO 3 AUTH default wrong => WRONGPASS
            user: HELLO 3 AUTH default wrong SETNAME x => WRONGPASS
            user: HELLO 3 AUTH default secret AUTH default wrong => WRONGPASS
            user: GET k => NOAUTH
            user: HELLO 9 AUTH default secret => -NOPROTO..
            user: HELLO x AUTH default secret => -ERR Protocol version is not an integer..
            user: HELLO 3 AUTH default => -ERR Syntax error in HELLO option 'AUTH'..
            user: GET k => NOAUTH
            user: HELLO 3 AUTH default wrong AUTH default secret
            user: GET k => (nil)
            user: RESET => +RESET
            user: GET k => NOAUTH
            """,
            "--requirepass", "secret"),
        new(
            "a failed login leaves who one was",
            """
            admin: ACL SETUSER off >p +@all ~*
            rights ~k +get +acl|whoami
            user: AUTH off p => WRONGPASS
            user: AUTH u wrong => WRONGPASS
            user: AUTH nobody p => WRONGPASS
            user: AUTH "" "" => WRONGPASS
            user: AUTH "u\x00" p => WRONGPASS
            user: AUTH u "p\x00" => WRONGPASS
            user: AUTH U p => WRONGPASS
            user: HELLO 3 AUTH off p => WRONGPASS
            user: ACL WHOAMI => "u"
            user: GET other => NOKEY
            """),
        new(
            "a hash is no password",
            """
            rights +get ~k
            user: AUTH u 148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940 => WRONGPASS
            user: AUTH u #148de9c5a7a44d19e56cd9ae1a554bf67847afb0c58f6e12fa29ac7ddfca9940 => WRONGPASS
            """),
        new(
            "who is logged in stays when the default user needs a password",
            """
            admin: ACL SETUSER boss on >p +@all ~* &*
            admin: AUTH boss p
            admin: ACL SETUSER default >q -@all +acl|whoami
            user: ACL WHOAMI => NOAUTH
            user: HELLO 3 AUTH boss p
            user: ACL WHOAMI => "boss"
            user: RESET
            user: ACL WHOAMI => NOAUTH
            user: AUTH q
            user: ACL WHOAMI => "default"
            user: GET k => -NOPERM User default has no permissions to run the 'get' command
            """),
    ];

    /// <summary>With rules, which others change meanwhile.</summary>
    public static IReadOnlyList<BypassScene> OfUsers { get; } =
    [
        new(
            "a transaction before and after a right is withdrawn",
            """
            rights +@all -@admin ~k*
            user: MULTI
            user: SET k1 v => +QUEUED
            user: SET k2 v => +QUEUED
            user: GET k1 => +QUEUED
            user: PING => +QUEUED
            admin: ACL SETUSER u -set
            user: EXEC => *[-NOPERM ACLs rules changed between..
            admin: EXISTS k1 k2 => :0
            user: MULTI
            user: SET k1 v => NOCOMMAND set
            user: EXEC => -EXECABORT..
            user: MULTI
            user: GET other => NOKEY
            user: GET k1 => +QUEUED
            user: EXEC => -EXECABORT..
            admin: ACL SETUSER u +set
            user: MULTI
            user: SET k1 v => +QUEUED
            admin: ACL SETUSER u resetkeys
            user: EXEC => *[-NOPERM ACLs rules changed between..
            admin: EXISTS k1 => :0
            """),
        new(
            "a transaction whose user is removed",
            """
            rights +@all ~k*
            user: MULTI
            user: SET k1 v => +QUEUED
            admin: ACL DELUSER u => :1
            user closed
            admin: EXISTS k1 => :0
            """),
        new(
            "a transaction that becomes somebody else",
            """
            admin: ACL SETUSER small on >q +get ~k1
            admin: SET other secret
            rights +@all -@admin ~k*
            user: MULTI
            user: AUTH small q => +QUEUED
            user: GET k1 => +QUEUED
            user: GET k2 => +QUEUED
            user: EXEC => *[+OK, (nil), -NOPERM..
            user: MULTI => -NOPERM User small has no permissions to run the 'multi' command
            """),
        new(
            "a wait whose key is withdrawn",
            """
            rights +@all ~k*
            user> BLPOP k1 0
            blocked 1
            admin: ACL SETUSER u resetkeys
            admin: RPUSH k1 v => :1
            user< NOKEY
            admin: LLEN k1 => :1
            """),
        new(
            "a wait whose command, target or group is withdrawn",
            """
            rights +@all ~k*
            admin: XGROUP CREATE k3 g $ MKSTREAM
            user> BLMOVE k1 k2 LEFT LEFT 0
            blocked 1
            admin: ACL SETUSER u resetkeys ~k1
            admin: RPUSH k1 v => :1
            user< NOKEY
            admin: EXISTS k2 => :0
            admin: ACL SETUSER u ~k*
            user> XREADGROUP GROUP g c BLOCK 0 STREAMS k3 >
            blocked 1
            admin: ACL SETUSER u -xreadgroup
            admin: XADD k3 1-1 f v
            user< NOCOMMAND xreadgroup
            admin: XPENDING k3 g => *[:0, (nil), (nil), (nil)]
            """),
        new(
            "a wait whose user is removed",
            """
            rights +@all ~k*
            user> BLPOP k1 0
            blocked 1
            admin: ACL DELUSER u => :1
            user closed
            admin: RPUSH k1 v => :1
            admin: LLEN k1 => :1
            """),
        new(
            "a subscription before its channel is withdrawn",
            """
            rights +@all &news &ne*
            user: SUBSCRIBE news
            admin: ACL SETUSER u resetchannels &ne*
            admin: PUBLISH news x => :1
            user< *["message", "news", "x"]
            admin: ACL SETUSER u resetchannels &other
            admin: PUBLISH news y
            user closed
            """),
        new(
            "a pattern and a sharded channel before they are withdrawn",
            """
            rights +@all &ne* &s
            user: PSUBSCRIBE ne*
            user: SSUBSCRIBE s
            admin: ACL SETUSER u &other
            admin: SPUBLISH s x => :1
            user< *["smessage", "s", "x"]
            admin: ACL SETUSER u resetchannels &news &s
            admin: PUBLISH news x
            user closed
            """),
        new(
            "channels that are not one's own",
            """
            rights +@all &c &p*
            user: SUBSCRIBE d => NOCHANNEL
            user: SUBSCRIBE c d => NOCHANNEL
            user: SSUBSCRIBE d => NOCHANNEL
            user: PSUBSCRIBE * => NOCHANNEL
            user: PSUBSCRIBE p1* => NOCHANNEL
            user: PSUBSCRIBE p? => NOCHANNEL
            user: PUBLISH d x => NOCHANNEL
            user: SPUBLISH d x => NOCHANNEL
            user: PUBLISH "c\x00d" x => NOCHANNEL
            user: PUBLISH "" x => NOCHANNEL
            user: PUBLISH p1 x => :0
            user: PSUBSCRIBE p*
            """),
        new(
            "who changes itself is answered first",
            """
            rights +@all &news
            user: HELLO 3
            user: SUBSCRIBE news
            user<< "ACL SETUSER u resetchannels\r\nPING\r\n"
            user< +OK
            user closed
            """),
        new(
            "who removes itself is answered first",
            """
            rights +@all
            user<< "ACL DELUSER u\r\nPING\r\n"
            user< :1
            user closed
            """),
        new(
            "who withdraws its own rights in a transaction",
            """
            rights +@all ~*
            user: MULTI
            user: ACL SETUSER u -set => +QUEUED
            user: SET k v => +QUEUED
            user: EXEC => *[+OK, -NOPERM..
            admin: EXISTS k => :0
            """),
        new(
            "CLIENT",
            """
            rights +@all -client|kill -client|pause ~*
            user: CLIENT KILL ID 1 => NOCOMMAND client|kill
            user: cLiEnT kIlL ID 1 => NOCOMMAND client|kill
            user<< "client kill id 1\r\n"
            user< NOCOMMAND client|kill
            user: CLIENT PAUSE 100000 => NOCOMMAND client|pause
            user: CLIENT NOSUCH => -ERR unknown subcommand..
            user> CLIENT REPLY OFF
            user> CLIENT KILL ID 1
            user> CLIENT REPLY ON
            user< +OK
            admin: PING
            admin: CLIENT KILL USER u => :1
            user closed
            admin: CLIENT KILL USER u => :0
            """),
        new(
            "names in other letters, inline, and renamed",
            """
            rights +@all -config -flushall ~*
            user: fLuShAlL => NOCOMMAND flushall
            user<< "FLUSHALL\r\n"
            user< NOCOMMAND flushall
            user<< "\"FLUSHALL\"\r\n"
            user< NOCOMMAND flushall
            user<< "  flushall   async  \r\n"
            user< NOCOMMAND flushall
            user: "FLUSHALL\x00" => -ERR unknown command..
            user: SETTINGS GET port => NOCOMMAND config|get
            user: CONFIG GET port => -ERR unknown command..
            """,
            "--rename-command", "config", "settings"),
        new(
            "first arguments and subcommands",
            """
            rights -@all +select|0 +config|get +acl|whoami ~*
            user: SELECT 0
            user: SELECT 1 => NOCOMMAND select
            user: SELECT 00 => NOCOMMAND select
            user: SELECT "0\x00" => NOCOMMAND select
            user: CONFIG GET port
            user: CONFIG SET port 1 => NOCOMMAND config|set
            user: ACL SETUSER u +@all => NOCOMMAND acl|setuser
            user: ACL DRYRUN u GET k => NOCOMMAND acl|dryrun
            """),
        new(
            "databases",
            """
            rights +@all db=0,2 ~*
            admin: SELECT 1
            admin: SET k secret
            user: SELECT 1 => -NOPERM..
            user: SELECT 2
            user: MOVE k 1 => -NOPERM..
            user: COPY k2 k3 DB 1 => -NOPERM..
            user: SWAPDB 1 2 => -NOPERM..
            user: FLUSHALL => -NOPERM..
            user: MULTI
            user: SELECT 1 => -NOPERM..
            user: EXEC => -EXECABORT..
            user: EVAL "redis.call('select', 1) return redis.call('get', 'k')" 0 => -ERR ACL failure in script..
            admin: GET k => "secret"
            """),
    ];

    /// <summary>By scripts and by functions.</summary>
    public static IReadOnlyList<BypassScene> OfScripts { get; } =
    [
        new(
            "scripts have the rights of their client",
            """
            rights +eval +evalsha +get +@pubsub ~k* &c
            admin: MSET k1 v other secret
            user: EVAL "return redis.call('get', KEYS[1])" 1 k1 => "v"
            user: EVAL "return redis.call('get', KEYS[1])" 1 other => NOKEY
            user: EVAL "return redis.call('get', 'other')" 0 => -ERR ACL failure in script: No permissions to access a key..
            user: EVAL "return redis.call('set', 'k1', 'x')" 0 => -ERR ACL failure in script: User u has no permissions..
            user: EVAL "return redis.pcall('publish', 'd', 'x')" 0 => -ERR ACL failure in script: No permissions to access a channel..
            user: EVAL "return {redis.acl_check_cmd('get', 'k1'), redis.acl_check_cmd('get', 'other')}" 0 => *[:1, (nil)]
            user: EVAL "return {redis.acl_check_cmd('set', 'k1', 'v'), redis.acl_check_cmd('publish', 'd', 'x')}" 0 => *[(nil), (nil)]
            user: EVAL "local r = {} for i = 1, 3 do r[i] = redis.pcall('get', 'other').err ~= nil end return #r" 0 => :3
            user: EVAL "return redis.call('auth', 'default', 'x')" 0 => -ERR This Redis command is not allowed from script..
            admin: GET k1 => "v"
            """),
        new(
            "a script that another has loaded",
            """
            rights +evalsha +fcall ~k*
            admin: SET other secret
            admin: EVAL "return redis.call('get', ARGV[1])" 0 other => "secret"
            user: EVALSHA 9769d4f2aac8a14015734fe7006aaf1532343e9c 0 other => -ERR ACL failure in script..
            admin: FUNCTION LOAD "#!lua name=l\nredis.register_function('f', function(k, a) return redis.call('get', a[1]) end)" => "l"
            user: FCALL f 0 other => -ERR ACL failure in script..
            user: FCALL f 1 other k1 => NOKEY
            user: FUNCTION LOAD "#!lua name=m\n" => NOCOMMAND function|load
            user: SCRIPT FLUSH => NOCOMMAND script|flush
            """),
        new(
            "a script whose user is changed while it waits to run",
            """
            rights +@all -@admin ~k*
            user: MULTI
            user: EVAL "return redis.call('set', 'k1', 'v')" 0 => +QUEUED
            admin: ACL SETUSER u -set
            user: EXEC => *[-ERR ACL failure in script..
            admin: EXISTS k1 => :0
            """),
    ];

    /// <summary>By keys at places where nobody looks.</summary>
    public static IReadOnlyList<BypassScene> OfKeys { get; } =
    [
        new(
            "keys are found wherever they stand",
            """
            rights +@all -@admin ~k* %R~r*
            admin: SET other secret
            admin: RPUSH k1 1 2
            user: MSET k2 v other x => NOKEY
            user: MSETNX k2 v other x => NOKEY
            user: RENAME k1 other => NOKEY
            user: RENAME other k2 => NOKEY
            user: RENAMENX k1 other => NOKEY
            user: COPY k1 other => NOKEY
            user: COPY other k3 => NOKEY
            user: SORT k1 STORE other => NOKEY
            user: SORT k1 STORE k2 STORE other => NOKEY
            user: SORT k1 LIMIT 0 1 store other => NOKEY
            user: SINTERSTORE other k8 k9 => NOKEY
            user: SUNION k8 other => NOKEY
            user: ZUNIONSTORE k5 2 k8 other => NOKEY
            user: ZUNIONSTORE other 1 k8 => NOKEY
            user: ZRANGESTORE other k8 0 -1 => NOKEY
            user: ZDIFF 2 k8 other => NOKEY
            user: XREAD COUNT 1 STREAMS k7 other 0 0 => NOKEY
            user: XREADGROUP GROUP g c STREAMS k7 other > > => NOKEY
            user: BITOP AND other k8 => NOKEY
            user: BITOP NOT k8 other => NOKEY
            user: GEORADIUS k8 1 1 1 m STORE other => NOKEY
            user: GEORADIUS k8 1 1 1 m STORE k2 STOREDIST other => NOKEY
            user: GEOSEARCHSTORE other k8 FROMLONLAT 1 1 BYRADIUS 1 m => NOKEY
            user: LMPOP 2 k8 other LEFT => NOKEY
            user: BLMPOP 1 2 k8 other LEFT => NOKEY
            user: OBJECT ENCODING other => NOKEY
            user: EVAL "return 1" 1 other => NOKEY
            user: FCALL f 1 other => NOKEY
            user: MEMORY USAGE other => NOKEY
            user: SMOVE k8 other m => NOKEY
            user: LMOVE k1 other LEFT LEFT => NOKEY
            user: RPOPLPUSH k1 other => NOKEY
            user: BRPOPLPUSH k1 other 1 => NOKEY
            user: PFMERGE other k8 => NOKEY
            user: PFCOUNT k8 other => NOKEY
            user: WATCH other => NOKEY
            user: TOUCH k1 other => NOKEY
            user: UNLINK k1 other => NOKEY
            user: EXISTS other => NOKEY
            user: TYPE other => NOKEY
            user: DUMP other => NOKEY
            user: RESTORE other 0 x REPLACE => NOKEY
            user: GETEX other => NOKEY
            user: LCS k8 other => NOKEY
            user: MOVE other 1 => NOKEY
            admin: GET other => "secret"
            """),
        new(
            "keys that may be read alone",
            """
            rights +@all -@admin %R~r*
            admin: SET r1 v
            user: GET r1 => "v"
            user: SET r1 x => NOKEY
            user: SET r1 x GET => NOKEY
            user: GETDEL r1 => NOKEY
            user: GETEX r1 EX 10 => NOKEY
            user: GETSET r1 x => NOKEY
            user: INCR r1 => NOKEY
            user: EXPIRE r1 10 => NOKEY
            user: COPY r1 r2 => NOKEY
            user: BITFIELD r1 SET u8 0 1 => NOKEY
            user: BITFIELD r1 GET u8 0 INCRBY u8 0 1 => NOKEY
            user: BITFIELD r1 nonsense => NOKEY
            user: BITFIELD r1 GET u8 0 => *[:118]
            user: SORT r1 STORE r2 => NOKEY
            user: PFCOUNT r1 => -WRONGTYPE..
            """),
        new(
            "keys that may be written alone",
            """
            rights +@all -@admin %W~w*
            admin: SET w1 v
            user: GET w1 => NOKEY
            user: GETDEL w1 => NOKEY
            user: SET w1 x GET => NOKEY
            user: INCR w1 => NOKEY
            user: GETRANGE w1 0 -1 => NOKEY
            user: DUMP w1 => NOKEY
            user: COPY w1 w2 => NOKEY
            user: APPEND w1 x => :2
            user: SET w1 x => +OK
            """),
        new(
            "patterns of SORT",
            """
            rights +@all -@admin ~k*
            admin: RPUSH k1 1 2
            user: SORT k1 BY w_* => -ERR BY option of SORT denied..
            user: SORT k1 BY k_*->f => -ERR BY option of SORT denied..
            user: SORT k1 GET # => -ERR GET option of SORT denied..
            user: SORT k1 GET k_* => -ERR GET option of SORT denied..
            user: SORT_RO k1 GET other => -ERR GET option of SORT denied..
            user: SORT k1 BY nosort GET other => -ERR GET option of SORT denied..
            admin: ACL SETUSER u %R~*
            user: SORT k1 GET w_* => *[(nil), (nil)]
            """),
        new(
            "numbers of keys that lie",
            """
            rights +@all -@admin ~k*
            admin: ZADD other 1 a
            user: ZUNIONSTORE other 5 k8 => -..
            user: ZUNIONSTORE other 0 k8 => -..
            user: ZUNIONSTORE other -1 k8 => -..
            user: ZUNIONSTORE other x k8 => -..
            user: ZUNIONSTORE other 9223372036854775807 k8 => -..
            user: ZUNIONSTORE k1 4294967297 other => -..
            user: ZUNIONSTORE k1 18446744073709551617 other => -..
            user: ZINTERCARD 3 other => -..
            user: ZINTERCARD +1 other => -..
            user: SINTERCARD 2 other => -..
            user: LMPOP 5 other LEFT => -..
            user: ZMPOP 9 other MIN => -..
            user: EVAL "return redis.call('get', 'other')" 5 k1 => -..
            user: EVAL "return redis.call('get', 'other')" -1 k1 => -..
            user: EVAL "return KEYS[1]" 1x other => -..
            user: XREAD STREAMS other k8 0 => -..
            user: XREADGROUP GROUP g c STREAMS other => -..
            admin: ZCARD other => :1
            admin: EXISTS k1 => :0
            """),
        new(
            "names with NUL bytes, and none",
            """
            rights +@all -@admin ~k:*
            admin: SET other secret
            user: GET "other\x00k:1" => NOKEY
            user: GET "\x00k:1" => NOKEY
            user: GET "k:\x00other" => (nil)
            user: GET "K:1" => NOKEY
            user: GET "" => NOKEY
            user: MGET k:1 "" => NOKEY
            user: EVAL "return redis.call('get', 'k:1\\0' .. '')" 0 => (nil)
            """),
        new(
            "what COMMAND finds is no way in",
            """
            rights +@all -@admin ~k*
            admin: SET other secret
            user: COMMAND GETKEYS GET other => *["other"]
            user: COMMAND GETKEYS EVAL "return 1" 1 other => *["other"]
            user: COMMAND GETKEYSANDFLAGS SORT k1 STORE other
            user: GET other => NOKEY
            """),
        new(
            "two selectors do not help each other",
            """
            rights (+get ~a*) (+set ~b*)
            user: GET a1 => (nil)
            user: SET b1 v
            user: GET b1 => NOKEY
            user: SET a1 v => NOKEY
            user: MULTI => NOCOMMAND multi
            """),
    ];
}
