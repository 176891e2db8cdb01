using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Streams;

/// <summary>Entries of a stream: adding, trimming, deleting and reading them.</summary>
public sealed class EntryTests
{
    [Fact]
    public void Adding_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a b
        XADD s 1-1 a b
        XADD s 1-0 a b
        XADD s 0-5 a b
        XADD s 0-0 a b
        XADD s 0 a b
        XADD none 0-0 a b
        EXISTS none
        XADD none 0-* a b
        XADD s 1-* a b c d
        XADD s 1 a b
        XADD s 2 a b
        XADD s 1-* a b
        ~XADD s * a b
        ~XADD s * a "" "" b
        XADD s 18446744073709551615-* a b
        XADD s 18446744073709551615-18446744073709551615 a b
        XADD s * a b
        XADD s 18446744073709551615-18446744073709551615 a b
        XADD t NOMKSTREAM 1-1 a b
        XADD t nomkstream * a b
        EXISTS t
        XADD t 1-1 a b
        XADD t NOMKSTREAM NOMKSTREAM 1-2 a b
        XADD t 1-18446744073709551615 a b
        XLEN t
        XLEN none2
        TYPE t
        OBJECT ENCODING t
        SET str x
        XADD str 1-1 a b
        XADD str 0-0 a b
        XADD str 1-1 a
        XADD str x a b
        XLEN str
        """);

    [Fact]
    public void What_cannot_be_added_beside_Redis() => Compare.SameReplies(
        """
        XADD s
        XADD s *
        XADD s * a
        XADD s * a b c
        XADD s 1-1
        XADD s MAXLEN 5 *
        XADD s MAXLEN 5 1-1 a
        XADD s MAXLEN
        XADD s MAXLEN 5
        XADD s NOMKSTREAM 1-1 a
        XADD s x a b
        XADD s - a b
        XADD s + a b
        XADD s $ a b
        XADD s > a b
        XADD s 1-x a b
        XADD s x-1 a b
        XADD s 1-1-1 a b
        XADD s -1 a b
        XADD s 1- a b
        XADD s 1--1 a b
        XADD s -1-1 a b
        XADD s 1-** a b
        XADD s *-1 a b
        XADD s *-* a b
        XADD s (1-1 a b
        XADD s "" a b
        XADD s 18446744073709551616 a b
        XADD s 1-18446744073709551616 a b
        XADD s 99999999999999999999999999-* a b
        XADD s 1.5 a b
        XADD s 0x10 a b
        XADD s " 1" a b
        XADD s +2 a b
        XADD s 0000000003-00004 a b
        XADD s MAXLEN -1 * a b
        XADD s MAXLEN x * a b
        XADD s MAXLEN ~ * a b
        XADD s MAXLEN ~ -1 * a b
        XADD s MAXLEN = x * a b
        XADD s MINID x * a b
        XADD s MINID - * a b
        XADD s MINID ~ x * a b
        XADD s MINID 1 MAXLEN 1 * a b
        XADD s MAXLEN 1 MINID 1 * a b
        XADD s MAXLEN 1 MAXLEN 1 * a b
        XADD s LIMIT 1 * a b
        XADD s LIMIT 0 9-1 a b
        XADD s MAXLEN 1 LIMIT 1 * a b
        XADD s MAXLEN = 1 LIMIT 1 * a b
        XADD s MAXLEN ~ 1 LIMIT -1 * a b
        XADD s MAXLEN ~ 1 LIMIT x * a b
        XADD s MAXLEN ~ 1 LIMIT * a b
        XRANGE s - +
        """);

    [Fact]
    public void Overlong_ids_beside_Redis()
    {
        string digits = new('0', 126);
        Compare.SameReplies([$"XADD s {digits}1 a b", $"XADD s {digits}01 a b", $"XRANGE s {digits}1 +", $"XRANGE s {digits}11 +"]);
    }

    [Fact]
    public void Trimming_beside_Redis()
    {
        using Compare compare = new("--stream-node-max-entries", "5");
        compare.Run(Enumerable.Range(1, 40).Select(i => $"XADD s {i}-{i} f {i}").Concat(
            """
            XTRIM s MAXLEN 38
            XTRIM s MAXLEN = 37
            XTRIM s MAXLEN ~ 35
            XTRIM s MAXLEN ~ 33
            XLEN s
            XTRIM s MAXLEN ~ 30 LIMIT 2
            XTRIM s MAXLEN ~ 10 LIMIT 7
            XTRIM s MAXLEN ~ 10 LIMIT 0
            XLEN s
            XRANGE s - +
            XTRIM s MINID 33
            XTRIM s MINID = 33-33
            XTRIM s MINID ~ 37
            XTRIM s MINID ~ 40 LIMIT 100
            XRANGE s - +
            XADD s MAXLEN 4 41 a b
            XADD s MAXLEN ~ 1 42 a b
            XADD s MINID 41 43 a b
            XADD s MINID ~ 43 LIMIT 10 44 a b
            XRANGE s - +
            XADD s MAXLEN 0 45 a b
            XLEN s
            XRANGE s - +
            XADD s 46 a b
            XTRIM s MAXLEN 0
            EXISTS s
            XTRIM s MAXLEN ~ 0
            XTRIM nokey MAXLEN 3
            XTRIM s MINID 0
            XTRIM s
            XTRIM s MAXLEN
            XTRIM s MAXLEN x
            XTRIM s MAXLEN -1
            XTRIM s MAXLEN =
            XTRIM s MAXLEN 1 LIMIT 1
            XTRIM s LIMIT 1
            XTRIM s LIMIT 1 LIMIT 0
            XTRIM s MAXLEN 1 MINID 1
            XTRIM s NOPE 1
            XTRIM s MINID x
            XTRIM s MINID
            XTRIM s MAXLEN ~ 1 LIMIT -5
            XTRIM s MAXLEN 1 NOMKSTREAM
            XTRIM s MAXLEN ~ 1 LIMIT
            XTRIM s MAXLEN 1 x
            SET str x
            XTRIM str MAXLEN 1
            XTRIM str NOPE 1
            ~XINFO STREAM s
            """.Split('\n')));
    }

    [Fact]
    public void Ranges_beside_Redis() => Compare.SameReplies(
        """
        XADD s 0-1 a 1
        XADD s 1-0 b -5 c 7777777777777
        XADD s 1-1 b x c y
        XADD s 5-5 long "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        XADD s 18446744073709551615-18446744073709551615 a b
        XRANGE s - +
        XREVRANGE s + -
        XRANGE s 1 1
        XRANGE s 1 5
        XRANGE s 1-1 5
        XRANGE s (1-0 (5-5
        XRANGE s (1 5
        XRANGE s 1 (1
        XREVRANGE s (5 (1
        XREVRANGE s 5 1 COUNT 2
        XRANGE s - + COUNT 1
        XRANGE s - + COUNT 0
        XRANGE nokey - + COUNT 0
        XRANGE s - + COUNT -1
        XRANGE s - + COUNT 100
        XRANGE s - + COUNT 1 COUNT 2
        XRANGE s + -
        XREVRANGE s - +
        XRANGE s 5 1
        XRANGE nokey - +
        XREVRANGE nokey + -
        XRANGE s (- +
        XRANGE s - (+
        XRANGE s (18446744073709551615-18446744073709551615 +
        XRANGE s - (0-0
        XREVRANGE s + (18446744073709551615-18446744073709551615
        XREVRANGE s (0-0 -
        XRANGE s (18446744073709551615 +
        XRANGE s ( +
        XRANGE s "" +
        XRANGE s x +
        XRANGE s - x
        XRANGE s x y
        XRANGE s 1-* +
        XRANGE s - + COUNT
        XRANGE s - + COUNT x
        XRANGE s - + NOPE
        XRANGE s - + NOPE 1
        XRANGE s -
        SET str x
        XRANGE str - +
        XREVRANGE str + -
        XRANGE str x +
        """);

    [Fact]
    public void Deleting_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XADD s 4-1 a 4
        XDEL s 2-1
        XDEL s 2-1
        XDEL s 2 9-9 3-1 3-1
        XRANGE s - +
        XDEL s x
        XDEL s 1-1 x
        XDEL s - +
        XLEN s
        XDEL nokey 1-1
        XDEL nokey x
        XDEL s
        ~XINFO STREAM s
        XDEL s 1-1 4-1
        EXISTS s
        XLEN s
        XRANGE s - +
        XREVRANGE s + -
        XADD s 4-1 a b
        XADD s 4-2 a b
        ~XINFO STREAM s
        SET str x
        XDEL str 1
        XDEL str x
        """);

    [Fact]
    public void Setting_the_last_id_beside_Redis() => Compare.SameReplies(
        """
        XSETID s 1-1
        XADD s 5-5 a b
        XSETID s 5-5
        XSETID s 5-4
        XSETID s 7
        XADD s 6-1 a b
        XADD s 7-* a b
        XSETID s 8 ENTRIESADDED 10
        XSETID s 8 ENTRIESADDED 1 MAXDELETEDID 5
        XSETID s 8 ENTRIESADDED 10 MAXDELETEDID 5
        XSETID s 8 MAXDELETEDID 6-1
        XSETID s 8 MAXDELETEDID 9
        XSETID s 8 ENTRIESADDED -1
        XSETID s 8 ENTRIESADDED x
        XSETID s 8 ENTRIESADDED
        XSETID s 8 MAXDELETEDID
        XSETID s 8 MAXDELETEDID x
        XSETID s 8 NOPE
        XSETID s 8 NOPE 1
        XSETID s x
        XSETID s -
        XSETID s
        XINFO STREAM s
        XDEL s 7-1
        XDEL s 5-5
        XSETID s 9
        XINFO STREAM s
        SET str x
        XSETID str 1
        XSETID str x
        XSETID nokey x
        """);

    [Fact]
    public void Reading_several_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD t 1-1 b 1
        XREAD STREAMS s 0
        XREAD STREAMS s t 0 0
        XREAD COUNT 1 STREAMS s t 0 0
        XREAD COUNT 0 STREAMS s t 0 0
        XREAD COUNT -1 STREAMS s t 0 0
        XREAD STREAMS s t 2-1 0
        XREAD STREAMS s t $ 0
        XREAD STREAMS s t $ $
        XREAD STREAMS s nokey 1-1 0
        XREAD STREAMS nokey 0
        XREAD STREAMS nokey $
        XREAD STREAMS s s 0 1
        XREAD STREAMS s 18446744073709551615-18446744073709551615
        XREAD BLOCK 1 STREAMS s $
        XREAD BLOCK 1 STREAMS nokey 0
        XREAD BLOCK 0 STREAMS s 0
        XREAD COUNT 1 BLOCK 5 COUNT 2 STREAMS s 0
        XREAD
        XREAD STREAMS
        XREAD STREAMS s
        XREAD COUNT x STREAMS s 0
        XREAD COUNT STREAMS s 0
        XREAD BLOCK x STREAMS s 0
        XREAD BLOCK -1 STREAMS s 0
        XREAD BLOCK 99999999999999999999 STREAMS s 0
        XREAD STREAMS s x
        XREAD STREAMS s -
        XREAD STREAMS s >
        XREAD GROUP g c STREAMS s 0
        XREAD GROUP g c STREAMS s >
        XREAD NOACK STREAMS s 0
        XREAD NOPE STREAMS s 0
        XREAD COUNT 1 s 0
        SET str x
        XREAD STREAMS s str 0 0
        XREAD STREAMS str s 0 0
        XREAD STREAMS str x
        """);

    [Fact]
    public void Unbalanced_streams()
    {
        const string error = "list of streams: for each stream key an";
        Expect.Replies(
            $"""
            XADD s 1-1 a 1 => "1-1"
            XREAD STREAMS s t 0 => -ERR Unbalanced 'xread' {error} ID, '+', or '$' must be specified.
            XREADGROUP GROUP g c STREAMS s t 0 => -ERR Unbalanced 'xreadgroup' {error} ID or '>' must be specified.
            """);
    }

    [Fact]
    public void What_is_known_of_a_stream_beside_Redis() => Compare.SameReplies(
        """
        XINFO STREAM nokey
        XADD s 1-1 a 1
        XINFO STREAM s
        XINFO STREAM s FULL
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XINFO STREAM s FULL COUNT 1
        XINFO STREAM s FULL COUNT 0
        XINFO STREAM s FULL COUNT -1
        XINFO STREAM s FULL COUNT
        XINFO STREAM s FULL COUNT x
        XINFO STREAM s FULL COUNT 1 x
        XINFO STREAM s FULL NOPE
        XINFO STREAM s NOPE
        XINFO STREAM s COUNT 1
        XDEL s 1-1
        XINFO STREAM s
        XDEL s 2-1 3-1
        XINFO STREAM s
        XINFO STREAM s FULL
        XINFO GROUPS s
        XINFO GROUPS nokey
        XINFO GROUPS
        XINFO CONSUMERS s
        XINFO CONSUMERS s g
        XINFO CONSUMERS nokey g
        XINFO NOPE s
        XINFO STREAM
        XINFO
        ~XINFO HELP
        XINFO HELP x
        SET str x
        XINFO STREAM str
        XINFO GROUPS str
        XINFO CONSUMERS str g
        XINFO STREAM str NOPE
        """);
}
