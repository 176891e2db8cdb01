using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Replies;

/// <summary>Bit commands and HyperLogLog beside Redis, byte for byte.</summary>
public sealed class BitmapTests
{
    [Fact]
    public void Single_bits_and_counts() => Compare.SameReplies(
        """
        SETBIT b 7 1
        SETBIT b 7 0
        SETBIT b 100 1
        GETBIT b 100
        GETBIT b 101
        GETBIT b 100000
        GETBIT none 0
        GET b
        SETBIT b -1 1
        SETBIT b 4294967296 1
        SETBIT b x 1
        SETBIT b 1 2
        SETBIT b 1 x
        SETBIT b 1
        GETBIT b -1
        GETBIT b x
        SET k foobar
        BITCOUNT k
        BITCOUNT k 0 0
        BITCOUNT k 1 1
        BITCOUNT k -2 -1
        BITCOUNT k 5 30 BIT
        BITCOUNT k 5 30 BYTE
        BITCOUNT k 1 1 BYTES
        BITCOUNT k 3 1
        BITCOUNT k 0
        BITCOUNT k a b
        BITCOUNT k 0 -1 BIT
        BITCOUNT k -100 -90 BIT
        BITCOUNT none
        BITCOUNT none 0 1 BIT
        SET n 12345
        BITCOUNT n
        GETBIT n 3
        SETBIT n 3 0
        GET n
        BITPOS k 1
        BITPOS k 0
        BITPOS k 1 2
        BITPOS k 0 2 3
        BITPOS k 1 7 15 BIT
        BITPOS k 0 7 15 BIT
        BITPOS k 1 -1 -3
        BITPOS k 2
        BITPOS k x
        BITPOS k 1 x
        BITPOS k 1 0 1 BYTES
        BITPOS k
        BITPOS none 0
        BITPOS none 1
        BITPOS none 0 5
        SET f "\xff\xff\xff"
        BITPOS f 0
        BITPOS f 0 0
        BITPOS f 0 0 -1
        BITPOS f 0 8 15 BIT
        SET z "\x00\x00\x00"
        BITPOS z 1
        BITPOS z 1 0 -1
        BITPOS z 0 1
        """);

    [Fact]
    public void Operations_on_whole_strings() => Compare.SameReplies(
        """
        MSET a "\xff\x0f\xaa" b "\xf0\xf0" c "" n 12345
        BITOP AND d a b
        GET d
        BITOP OR d a b
        GET d
        BITOP XOR d a b
        GET d
        BITOP NOT d a
        GET d
        BITOP NOT d a b
        BITOP AND d a none
        GET d
        BITOP OR d none none2
        EXISTS d
        BITOP OR d a n
        GET d
        BITOP XOR a a a
        GET a
        BITOP AND d
        BITOP NAND d a
        BITOP AND d a c
        GET d
        SET l abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz
        SET m ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGHIJKLMNOPQRSTUVWX
        BITOP XOR d l m
        GET d
        BITOP AND d l m b
        GET d
        BITOP NOT d l
        GET d
        EXPIRE d 100
        BITOP OR d l m
        @TTL d
        """);

    [Fact]
    public void Fields() => Compare.SameReplies(
        """
        BITFIELD f SET u8 0 200 GET u8 0
        BITFIELD f INCRBY u8 0 100
        BITFIELD f OVERFLOW SAT INCRBY u8 0 100 INCRBY u8 0 200
        BITFIELD f OVERFLOW FAIL INCRBY u8 0 100 GET u8 0
        BITFIELD f OVERFLOW WRAP INCRBY i8 8 127 INCRBY i8 8 1
        BITFIELD f OVERFLOW SAT INCRBY i8 8 -1 INCRBY i8 8 -128
        BITFIELD f SET i5 100 -7 GET i5 100 GET u5 100
        BITFIELD f GET u8 #1 GET i16 #2 SET u4 #40 9
        BITFIELD f SET i64 0 -9223372036854775808 GET i64 0 INCRBY i64 0 -1
        BITFIELD f OVERFLOW SAT INCRBY i64 0 -1
        BITFIELD f SET u63 0 9223372036854775807 GET u63 0
        BITFIELD f GET u64 0
        BITFIELD f GET i65 0
        BITFIELD f GET u0 0
        BITFIELD f GET x8 0
        BITFIELD f GET u8 -1
        BITFIELD f GET u8 x
        BITFIELD f SET u8 4294967295 1
        BITFIELD f SET u8 0 x
        BITFIELD f OVERFLOW BOGUS
        BITFIELD f BOGUS
        BITFIELD f GET u8
        BITFIELD f
        BITFIELD none GET u8 0
        EXISTS none
        BITFIELD none OVERFLOW FAIL
        BITFIELD_RO f GET u8 0 GET i8 8
        BITFIELD_RO f SET u8 0 1
        BITFIELD_RO none GET u8 5
        BITFIELD_RO f
        SET n 12345
        BITFIELD n GET u8 0 SET u8 8 65
        GET n
        STRLEN f
        """);

    [Fact]
    public void HyperLogLog() => Compare.SameReplies(
        """
        PFADD h a b c d e f g
        PFADD h a
        PFADD h
        PFADD empty
        PFCOUNT empty
        GET empty
        PFCOUNT h
        GET h
        STRLEN h
        PFADD h2 1 2 3 a b
        PFCOUNT h h2
        PFMERGE m h h2
        PFCOUNT m
        GET m
        PFMERGE m2
        GET m2
        PFCOUNT none
        PFCOUNT none h
        PFMERGE m none
        PFCOUNT
        PFADD
        SET s notahll
        PFADD s a
        PFCOUNT s
        PFMERGE m s
        SET s HYLL
        PFCOUNT s
        PFDEBUG ENCODING h
        PFDEBUG DECODE h
        PFDEBUG TODENSE h
        PFDEBUG TODENSE h
        PFDEBUG ENCODING h
        GET h
        PFCOUNT h
        PFADD h 1000 1001
        PFCOUNT h
        PFDEBUG ENCODING none
        PFDEBUG BOGUS h
        PFSELFTEST
        TYPE h
        """);

    [Fact]
    public void HyperLogLog_with_many_elements()
    {
        List<string> script = [];
        for (int i = 0; i < 12_000; i += 100)
        {
            script.Add($"PFADD h {string.Join(' ', Enumerable.Range(i, 100))}");
            script.Add("PFCOUNT h");
            if (i % 1000 == 0)
            {
                script.Add("GET h");
            }
        }

        script.Add("GET h");
        Compare.SameReplies(script);
    }

    [Fact]
    public void Long_results_and_targets_that_are_sources() => Compare.SameReplies(
        """
        SETRANGE a 5000 xyz
        SETRANGE b 9000 qrs
        SETRANGE c 100 zz
        BITOP AND a a b
        BITOP OR b b a
        BITOP XOR d a b c
        BITOP NOT e a
        BITOP NOT a a
        BITOP AND t nokey c
        BITOP OR c c a
        GET a
        GET b
        GET c
        GET d
        GET e
        GET t
        OBJECT ENCODING a
        OBJECT ENCODING c
        """);
}
