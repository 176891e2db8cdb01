using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>Commands on keys of any type beside Redis, byte for byte.</summary>
public sealed class KeyTests
{
    [Fact]
    public void Presence_and_names() => Compare.SameReplies(
        """
        MSET a 1 b 2 c 3
        EXISTS a b none a
        EXISTS
        TYPE a
        TYPE none
        TOUCH a none b
        DEL a none
        UNLINK b b
        DEL
        UNLINK
        DBSIZE
        RENAME c d
        GET d
        RENAME none x
        RENAME d d
        RENAMENX d d
        RENAMENX none x
        SET e 5 EX 100
        RENAMENX d e
        RENAMENX d f
        RENAME e f
        @TTL f
        GET f
        RENAME f
        RANDOMKEY
        COPY f g
        @TTL g
        COPY f g
        COPY f g REPLACE
        COPY f f
        COPY f g DB 1
        COPY f g DB 1
        COPY f g DB 1 REPLACE
        COPY f g DB 16
        COPY f g DB x
        COPY f g DB
        COPY f g BOGUS
        COPY none g
        MOVE g 1
        MOVE f 1
        MOVE none 1
        MOVE f 0
        MOVE f 16
        MOVE f x
        SELECT 1
        %KEYS *
        @TTL f
        SELECT 16
        SELECT -1
        SELECT x
        SELECT 0
        DBSIZE
        RANDOMKEY
        SWAPDB 0 1
        DBSIZE
        SWAPDB 0 0
        SWAPDB 0 16
        SWAPDB x 1
        SWAPDB 1 x
        SWAPDB 0 1
        """);

    [Fact]
    public void Patterns() => Compare.SameReplies(
        """
        MSET hello 1 hallo 2 hxllo 3 hllo 4 heello 5 "h[llo" 6 "h\\llo" 7 "" 8 "a*b" 9
        %KEYS *
        %KEYS h?llo
        %KEYS h*llo
        %KEYS h[ae]llo
        %KEYS h[^e]llo
        %KEYS h[a-b]llo
        %KEYS h[b-a]llo
        %KEYS "h\\[llo"
        %KEYS "h[\\[]llo"
        %KEYS "a\\*b"
        %KEYS h[llo
        %KEYS h[a
        %KEYS ""
        %KEYS **l**
        %KEYS ?
        KEYS nothing*
        KEYS
        KEYS a b
        SCAN x
        SCAN 0 COUNT 0
        SCAN 0 COUNT x
        SCAN 0 BOGUS
        SCAN 0 MATCH
        SCAN 0 COUNT
        SCAN
        SCAN 0 MATCH none* COUNT 1000
        %SCAN 0 COUNT 1000
        %SCAN 0 TYPE string COUNT 1000
        %SCAN 0 MATCH h*llo COUNT 1000 TYPE STRING
        SCAN 0 TYPE list COUNT 1000
        """);

    [Fact]
    public void Expiry() => Compare.SameReplies(
        """
        @TTL none
        PTTL none
        EXPIRETIME none
        PEXPIRETIME none
        SET k v
        @TTL k
        PTTL k
        EXPIRETIME k
        PEXPIRETIME k
        EXPIRE k 100
        @TTL k
        EXPIRE k 200 NX
        EXPIRE k 200 XX
        @TTL k
        EXPIRE k 100 GT
        EXPIRE k 300 GT
        EXPIRE k 400 LT
        EXPIRE k 50 LT
        @TTL k
        PERSIST k
        PERSIST k
        PERSIST none
        EXPIRE k 100 XX
        EXPIRE k 100 GT
        @TTL k
        EXPIRE k 100 LT
        @TTL k
        PERSIST k
        EXPIRE k 100 NX
        @TTL k
        EXPIRE k 100 NX XX
        EXPIRE k 100 GT LT
        EXPIRE k 100 NX GT
        EXPIRE k 90 XX GT
        EXPIRE k 80 XX LT
        EXPIRE k 100 BOGUS
        EXPIRE k x
        EXPIRE k 9223372036854775807
        EXPIRE k -9223372036854775808
        PEXPIRE k 9223372036854775807
        EXPIRE k
        EXPIRE none 100
        EXPIREAT k 99999999999
        EXPIRETIME k
        PEXPIREAT k 99999999999999
        PEXPIRETIME k
        EXPIREAT k 9223372036854775807
        PEXPIREAT k x
        PEXPIRE k 100000
        @TTL k
        EXPIRE k 0
        EXISTS k
        SET k v
        EXPIRE k -1
        EXISTS k
        SET k v
        EXPIREAT k 1
        EXISTS k
        SET k v
        PEXPIREAT k 0
        GET k
        SET k v PX 1
        DEBUG SLEEP 0.01
        GET k
        DBSIZE
        SET k v PX 1
        DEBUG SLEEP 0.01
        INCR k
        @TTL k
        """);

    [Fact]
    public void Dump_and_restore() => Compare.SameReplies(
        """
        SET k hello
        !DUMP k
        DUMP none
        DUMP
        RESTORE r 0 "\x00\x05hello\x0a\x00\x4b\xb6\xb4\xf3\xf7\x8a\x6b\x67"
        RESTORE r 0 garbage
        RESTORE r -1 garbage
        RESTORE r x garbage
        RESTORE r 0 ""
        RESTORE k 0 garbage
        RESTORE k 0 garbage REPLACE
        RESTORE r 0 x IDLETIME -1
        RESTORE r 0 x FREQ 256
        RESTORE r 0 x IDLETIME x
        RESTORE r 0 x BOGUS
        RESTORE r 0
        """);

    [Fact]
    public void Waiting_for_replicas_that_are_not_there() => Compare.SameReplies(
        """
        WAIT 0 10
        WAIT 1 10
        WAIT x 10
        WAIT 1 -1
        WAIT 1 x
        WAIT 1
        """);
}
