using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>String commands beside Redis, byte for byte.</summary>
public sealed class StringTests
{
    [Fact]
    public void Set_and_its_options() => Compare.SameReplies(
        """
        SET k v
        SET k w GET
        SET n w GET
        SET k v NX
        SET k v XX
        SET absent v XX
        SET k v NX GET
        SET absent2 v XX GET
        SET k v EX 100
        @TTL k
        SET k v KEEPTTL
        @TTL k
        SET k v
        @TTL k
        SET k v PX 100000
        ~PTTL k
        SET k v EXAT 99999999999
        EXPIRETIME k
        SET k v PXAT 99999999999999
        PEXPIRETIME k
        SET k v EXAT 1
        GET k
        SET k v PXAT 1
        EXISTS k
        SET k v EX 0
        SET k v EX -1
        SET k v PX 0
        SET k v EX abc
        SET k v EX 9223372036854775807
        SET k v PX 9223372036854775807
        SET k v EX 9223372036854775
        SET k v EXAT 9223372036854775807
        SET k v EX
        SET k v EX 10 PX 10
        SET k v EX 10 KEEPTTL
        SET k v NX XX
        SET k v NX NX
        SET k v nx ex 10
        SET k v BOGUS
        SET k v GET GET
        SET k
        SET
        set K V px 50000 xx get
        SETNX k other
        SETNX fresh v
        SETEX k 100 v
        SETEX k 0 v
        SETEX k -5 v
        SETEX k x v
        PSETEX k 100000 v
        PSETEX k 0 v
        PSETEX k 9223372036854775807 v
        GETSET k new
        GETSET nobody new
        @TTL k
        GET k extra
        GETDEL k
        GETDEL k
        GETEX nothing
        GETEX nobody
        GETEX nobody EX 100
        @TTL nobody
        GETEX nobody PERSIST
        @TTL nobody
        GETEX nobody EXAT 1
        EXISTS nobody
        SET g 1
        GETEX g EX 0
        GETEX g PX -1
        GETEX g EX 10 PERSIST
        GETEX g KEEPTTL
        GETEX g EX
        GETEX g PXAT 99999999999999
        PEXPIRETIME g
        """);

    [Fact]
    public void Counters() => Compare.SameReplies(
        """
        INCR c
        INCR c
        DECR c
        INCRBY c 40
        DECRBY c 2
        GET c
        INCRBY c 9223372036854775807
        SET c 9223372036854775807
        INCR c
        SET c -9223372036854775808
        DECR c
        DECRBY c -9223372036854775808
        INCRBY c -1
        INCRBY c abc
        INCRBY c 1.5
        INCRBY c ""
        INCRBY c " 1"
        INCRBY c 01
        INCRBY c +1
        INCRBY c -0
        SET c " 1"
        INCR c
        SET c "1 "
        INCR c
        SET c 01
        INCR c
        SET c -0
        INCR c
        SET c ""
        INCR c
        SET c 1.0
        INCR c
        SET c 18446744073709551616
        INCR c
        SET f 10.50
        INCRBYFLOAT f 0.1
        INCRBYFLOAT f -5
        SET f 5.0e3
        INCRBYFLOAT f 200
        INCRBYFLOAT f 1e20
        INCRBYFLOAT f abc
        INCRBYFLOAT f nan
        INCRBYFLOAT f inf
        INCRBYFLOAT f -inf
        SET f " 1"
        INCRBYFLOAT f 1
        SET f "1 "
        INCRBYFLOAT f 1
        SET f abc
        INCRBYFLOAT f 1
        SET f 3
        INCRBYFLOAT f 1.1
        INCRBYFLOAT f 0.000000000000000001
        INCRBYFLOAT new 3.0e3
        INCRBYFLOAT new -3000
        INCRBYFLOAT big 1e308
        INCRBYFLOAT tiny 1e-10
        INCRBYFLOAT third 0.3333333333333333
        INCRBYFLOAT third 0.3333333333333333
        INCRBYFLOAT third 1e15
        SET t 1 EX 100
        INCR t
        @TTL t
        INCRBYFLOAT t 0.5
        @TTL t
        APPEND t x
        @TTL t
        GET t
        DECRBY c
        INCR
        """);

    [Fact]
    public void Ranges() => Compare.SameReplies(
        """
        SET k "Hello World"
        GETRANGE k 0 4
        GETRANGE k -5 -1
        GETRANGE k 0 -1
        GETRANGE k 5 2
        GETRANGE k 100 200
        GETRANGE k -100 2
        GETRANGE k -100 -50
        GETRANGE k -1 -5
        GETRANGE k 0 9223372036854775807
        GETRANGE k -9223372036854775808 -1
        GETRANGE k a b
        GETRANGE k 0
        GETRANGE none 0 -1
        SUBSTR k 0 4
        SETRANGE k 6 Redis
        GET k
        SETRANGE k 20 x
        GET k
        SETRANGE k -1 x
        SETRANGE k abc x
        SETRANGE k 536870912 x
        SETRANGE k 536870911 xx
        SETRANGE none2 0 ""
        EXISTS none2
        SETRANGE none2 5 ""
        EXISTS none2
        SETRANGE none2 5 x
        GET none2
        SET n 12345
        SETRANGE n 1 99
        GET n
        GETRANGE n 0 2
        STRLEN n
        STRLEN k
        STRLEN none
        APPEND k !
        APPEND new abc
        APPEND new ""
        APPEND n 6
        GET n
        INCR n
        STRLEN
        APPEND k
        """);

    [Fact]
    public void Several_keys() => Compare.SameReplies(
        """
        MSET a 1 b 2
        MGET a b c a
        MSET a 1 b
        MSET a
        MSET
        MSETNX c 3 d 4
        MSETNX d 5 e 6
        MGET a b c d e
        MSETNX e 1 e 2
        GET e
        MGET
        MSET x 1 x 2
        GET x
        EXPIRE a 100
        MSET a 5
        @TTL a
        SETNX
        """);

    [Fact]
    public void Lcs() => Compare.SameReplies(
        """
        MSET key1 ohmytext key2 mynewtext
        LCS key1 key2
        LCS key1 key2 LEN
        LCS key1 key2 IDX
        LCS key1 key2 IDX MINMATCHLEN 4
        LCS key1 key2 IDX MINMATCHLEN 4 WITHMATCHLEN
        LCS key1 key2 IDX WITHMATCHLEN
        LCS key1 key2 LEN IDX
        LCS key1 key2 MINMATCHLEN -1 IDX
        LCS key1 key2 MINMATCHLEN x
        LCS key1 none
        LCS key1 none LEN
        LCS key1 none IDX
        LCS none none2
        LCS key1
        LCS key1 key2 BOGUS
        MSET r1 "cacatcttgagattgtgagggatc" r2 "ctagctttgatcatttaatttgtg"
        LCS r1 r2
        LCS r1 r2 IDX WITHMATCHLEN
        LCS r1 r1 IDX
        """);

    [Fact]
    public void Encodings() => Compare.SameReplies(
        """
        SET k 12345
        OBJECT ENCODING k
        SET k 9223372036854775807
        OBJECT ENCODING k
        SET k 9223372036854775808
        OBJECT ENCODING k
        SET k -1
        OBJECT ENCODING k
        SET k 0123
        OBJECT ENCODING k
        SET k aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        OBJECT ENCODING k
        SET k aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        OBJECT ENCODING k
        SET k a
        APPEND k b
        OBJECT ENCODING k
        SET k 1
        INCRBYFLOAT k 1
        OBJECT ENCODING k
        SET k 10
        SETRANGE k 0 2
        OBJECT ENCODING k
        GETSET k 77
        OBJECT ENCODING k
        INCR k
        OBJECT ENCODING k
        TYPE k
        OBJECT ENCODING none
        OBJECT REFCOUNT none
        OBJECT IDLETIME none
        ~OBJECT IDLETIME k
        OBJECT FREQ k
        OBJECT NOSUCH k
        OBJECT ENCODING
        OBJECT
        !OBJECT HELP
        """);
}
