using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>Connection and server commands beside Redis, byte for byte where the bytes do not depend on the process.</summary>
public sealed class ConnectionTests
{
    [Fact]
    public void Connection() => Compare.SameReplies(
        """
        PING
        PING hello
        PING a b
        ECHO hello
        ECHO
        SELECT 3
        SELECT 0
        AUTH secret
        AUTH default secret
        AUTH nobody secret
        AUTH a b c
        AUTH
        HELLO 4
        HELLO 1
        HELLO x
        HELLO 3 BOGUS
        HELLO 3 AUTH default
        HELLO 3 AUTH nobody nothing
        HELLO 3 SETNAME "a b"
        CLIENT GETNAME
        CLIENT SETNAME me
        CLIENT GETNAME
        CLIENT SETNAME "with space"
        CLIENT SETNAME ""
        CLIENT GETNAME
        CLIENT SETNAME
        ~CLIENT ID
        CLIENT ID x
        CLIENT REPLY ON
        CLIENT REPLY BOGUS
        CLIENT NO-EVICT on
        CLIENT NO-EVICT off
        CLIENT NO-EVICT maybe
        CLIENT GETREDIR
        CLIENT TRACKINGINFO
        CLIENT PAUSE x
        CLIENT PAUSE -1
        CLIENT PAUSE 1 BOGUS
        CLIENT PAUSE 0
        CLIENT UNPAUSE
        CLIENT UNBLOCK 999999
        CLIENT UNBLOCK x
        CLIENT UNBLOCK 1 BOGUS
        CLIENT KILL 1.2.3.4:5
        CLIENT KILL ID 999999
        CLIENT KILL ID x
        CLIENT KILL ID 0
        CLIENT KILL TYPE bogus
        CLIENT KILL ADDR 1.2.3.4:5
        CLIENT KILL LADDR 1.2.3.4:5
        CLIENT KILL USER nobody
        CLIENT KILL SKIPME maybe ID 1
        CLIENT KILL ID
        CLIENT KILL
        CLIENT LIST TYPE bogus
        CLIENT LIST TYPE replica
        CLIENT LIST TYPE pubsub
        CLIENT LIST ID x
        CLIENT LIST ID 999999
        CLIENT LIST BOGUS
        CLIENT NOSUCH
        CLIENT
        RESET
        PING
        """);

    [Fact]
    public void Server() => Compare.SameReplies(
        """
        DBSIZE
        DBSIZE x
        FLUSHDB
        FLUSHDB ASYNC
        FLUSHDB SYNC
        FLUSHDB BOGUS
        FLUSHALL ASYNC
        FLUSHALL BOGUS
        FLUSHALL SYNC ASYNC
        ~TIME
        TIME x
        CONFIG GET maxmemory-policy
        CONFIG GET nosuch
        CONFIG GET
        %CONFIG GET maxmemory*
        CONFIG SET nosuch 1
        CONFIG SET maxmemory x
        CONFIG SET maxmemory-policy bogus
        CONFIG SET maxmemory-samples
        CONFIG SET timeout 1000 timeout 1001
        CONFIG SET port x
        CONFIG SET databases 3
        CONFIG SET timeout 1000 hz 20
        CONFIG GET timeout
        CONFIG GET hz
        CONFIG SET timeout 0 hz 10
        CONFIG REWRITE
        CONFIG RESETSTAT
        CONFIG NOSUCH
        CONFIG
        ~SLOWLOG LEN
        CONFIG SET slowlog-log-slower-than -1
        SLOWLOG RESET
        SLOWLOG GET
        SLOWLOG GET x
        SLOWLOG GET -2
        SLOWLOG NOSUCH
        LATENCY RESET
        LATENCY LATEST
        LATENCY HISTORY command
        LATENCY NOSUCH
        MEMORY USAGE none
        ~MEMORY USAGE none SAMPLES 5
        MEMORY USAGE none SAMPLES -1
        MEMORY USAGE none BOGUS 1
        MEMORY PURGE
        MEMORY NOSUCH
        DEBUG SLEEP 0
        DEBUG SET-ACTIVE-EXPIRE 1
        DEBUG OBJECT none
        COMMAND COUNT x
        COMMAND INFO nosuch
        COMMAND GETKEYS SET k v
        COMMAND GETKEYS MSET a 1 b 2
        COMMAND GETKEYS NOSUCH a
        COMMAND GETKEYSANDFLAGS SET k v
        COMMAND GETKEYSANDFLAGS SET k v GET
        COMMAND LIST FILTERBY BOGUS x
        COMMAND DOCS nosuch
        COMMAND NOSUCH
        SHUTDOWN BOGUS
        SHUTDOWN ABORT
        SHUTDOWN SAVE NOSAVE
        NOSUCH
        NOSUCH a
        NOSUCH "a b" c
        nosuch 'a'
        """);
}
