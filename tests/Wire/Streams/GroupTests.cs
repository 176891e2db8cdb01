using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Streams;

/// <summary>Consumer groups: what they deliver, what is pending in them, and who takes over.</summary>
public sealed class GroupTests
{
    [Fact]
    public void Managing_groups_beside_Redis() => Compare.SameReplies(
        """
        XGROUP CREATE s g $
        XGROUP CREATE s g 0 MKSTREAM
        XGROUP CREATE s g 0 MKSTREAM
        XGROUP CREATE s g $
        XLEN s
        XINFO GROUPS s
        XADD s 1-1 a b
        XADD s 2-1 a b
        XGROUP CREATE s h $
        XGROUP CREATE s i 1
        XGROUP CREATE s j 1-1 ENTRIESREAD 1
        XGROUP CREATE s k 0 ENTRIESREAD -1
        XGROUP CREATE s l 0 ENTRIESREAD -2
        XGROUP CREATE s l 0 ENTRIESREAD x
        XGROUP CREATE s l 0 ENTRIESREAD
        XGROUP CREATE s l 0 NOPE
        XGROUP CREATE s l x
        XGROUP CREATE s l -
        XGROUP CREATE s l
        XGROUP CREATE nokey l x MKSTREAM
        XGROUP CREATE nokey l 0 MKSTREAM MKSTREAM
        EXISTS nokey
        XINFO GROUPS s
        XGROUP SETID s g 1
        XGROUP SETID s g $
        XGROUP SETID s g 1-1 ENTRIESREAD 7
        XGROUP SETID s g 0 ENTRIESREAD -1
        XGROUP SETID s g 0 ENTRIESREAD -2
        XGROUP SETID s g 0 ENTRIESREAD
        XGROUP SETID s g 0 NOPE 1
        XGROUP SETID s g x
        XGROUP SETID s nogroup 0
        XGROUP SETID nostream g 0
        XINFO GROUPS s
        XGROUP CREATECONSUMER s g one
        XGROUP CREATECONSUMER s g one
        XGROUP CREATECONSUMER s nogroup one
        XGROUP CREATECONSUMER nostream g one
        XGROUP CREATECONSUMER s g
        XGROUP DELCONSUMER s g one
        XGROUP DELCONSUMER s g one
        XGROUP DELCONSUMER s nogroup one
        XGROUP DELCONSUMER nostream g one
        XGROUP DESTROY s g
        XGROUP DESTROY s g
        XGROUP DESTROY nostream g
        XGROUP
        XGROUP NOPE
        XGROUP NOPE s g
        XGROUP DESTROY s
        ~XGROUP HELP
        SET str x
        XGROUP CREATE str g 0
        XGROUP CREATE str g 0 MKSTREAM
        XGROUP SETID str g 0
        XGROUP DESTROY str g
        XGROUP CREATECONSUMER str g c
        XGROUP DELCONSUMER str g c
        """);

    [Fact]
    public void Delivering_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XGROUP CREATE s g 0
        XREADGROUP GROUP g one COUNT 1 STREAMS s >
        XREADGROUP GROUP g two COUNT 10 STREAMS s >
        XREADGROUP GROUP g three STREAMS s >
        XREADGROUP GROUP g one STREAMS s 0
        XREADGROUP GROUP g two COUNT 1 STREAMS s 0
        XREADGROUP GROUP g two STREAMS s 2-1
        XREADGROUP GROUP g three STREAMS s 0
        XREADGROUP GROUP g four STREAMS s 0
        XPENDING s g
        ~XPENDING s g - + 10
        XINFO GROUPS s
        XACK s g 1-1
        XACK s g 1-1 2-1 9-9
        XPENDING s g
        XDEL s 3-1
        XREADGROUP GROUP g two STREAMS s 0
        XACK s g 3-1
        XREADGROUP GROUP g two STREAMS s 0
        XADD s 4-1 a 4
        XREADGROUP GROUP g one NOACK STREAMS s >
        XPENDING s g
        XREADGROUP GROUP g one NOACK STREAMS s >
        XINFO GROUPS s
        XGROUP SETID s g 0
        XREADGROUP GROUP g three STREAMS s >
        XGROUP SETID s g 1
        XREADGROUP GROUP g one STREAMS s >
        XPENDING s g
        XINFO GROUPS s
        XADD t 1-1 b 1
        XGROUP CREATE t g 0
        XREADGROUP GROUP g one STREAMS s t > >
        XREADGROUP GROUP g one STREAMS s t > >
        XREADGROUP GROUP g one STREAMS s t 0 >
        XREADGROUP GROUP g one STREAMS s t 0 0
        XREADGROUP GROUP g one BLOCK 1 STREAMS s t > >
        XREADGROUP GROUP g one BLOCK 1 STREAMS s t > 0
        XREADGROUP GROUP g one BLOCK 1 NOACK COUNT 0 STREAMS t >
        """);

    [Fact]
    public void What_cannot_be_delivered_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XGROUP CREATE s g 0
        XREADGROUP GROUP nogroup c STREAMS s >
        XREADGROUP GROUP g c STREAMS nokey >
        XREADGROUP GROUP g c STREAMS s nokey > >
        XREADGROUP GROUP g c STREAMS nokey s > >
        XREADGROUP STREAMS s >
        XREADGROUP COUNT 1 BLOCK 1 STREAMS s >
        XREADGROUP GROUP g STREAMS s >
        XREADGROUP GROUP g c STREAMS s
        XREADGROUP GROUP g c STREAMS s $
        XREADGROUP GROUP g c STREAMS s x
        XREADGROUP GROUP g c STREAMS s -
        XREADGROUP GROUP g c COUNT x STREAMS s >
        XREADGROUP GROUP g c BLOCK x STREAMS s >
        XREADGROUP GROUP g c BLOCK -1 STREAMS s >
        XREADGROUP GROUP g c NOPE STREAMS s >
        XREADGROUP GROUP g c NOACK
        SET str x
        XREADGROUP GROUP g c STREAMS str >
        XREADGROUP GROUP g c STREAMS s str > >
        XACK s nogroup 1-1
        XACK nokey g 1-1
        XACK s g x
        XACK s g 1-1 x
        XACK nokey g x
        XACK s g
        XACK str g 1-1
        XPENDING s
        XPENDING s nogroup
        XPENDING nokey g
        XPENDING s nogroup - + 10
        XPENDING s g
        XPENDING s g -
        XPENDING s g - +
        XPENDING s g - + x
        XPENDING s g x + 10
        XPENDING s g - x 10
        XPENDING s g x y z
        XPENDING s g IDLE
        XPENDING s g IDLE 1
        XPENDING s g IDLE 1 - +
        XPENDING s g IDLE x - + 10
        XPENDING s g IDLE 1 - + 10 c extra
        XPENDING s g NOPE 1 - + 10
        XPENDING s g - + -1
        XPENDING s g - + 10 nobody
        XPENDING s g (- + 10
        XPENDING s g (18446744073709551615-18446744073709551615 + 10
        XPENDING str g
        """);

    [Fact]
    public void Pending_ranges_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XADD s 4-1 a 4
        XGROUP CREATE s g 0
        XREADGROUP GROUP g one COUNT 2 STREAMS s >
        XREADGROUP GROUP g two COUNT 1 STREAMS s >
        XPENDING s g
        ~XPENDING s g - + 10
        ~XPENDING s g - + 1
        ~XPENDING s g (1-1 + 10
        ~XPENDING s g - (3-1 10
        ~XPENDING s g 2 2 10
        ~XPENDING s g - + 10 one
        ~XPENDING s g - + 10 two
        XPENDING s g - + 0
        XPENDING s g IDLE 100000000 - + 10
        ~XPENDING s g IDLE 0 - + 10
        ~XPENDING s g IDLE -5 - + 10 one
        XPENDING s g + - 10
        ~XINFO CONSUMERS s nogroup
        XGROUP DELCONSUMER s g one
        XPENDING s g
        XGROUP DESTROY s g
        XPENDING s g
        """);

    [Fact]
    public void Claiming_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XADD s 4-1 a 4
        XGROUP CREATE s g 0
        XREADGROUP GROUP g one COUNT 3 STREAMS s >
        XCLAIM s g two 0 1-1
        XCLAIM s g two 0 1-1 2-1 JUSTID
        XCLAIM s g two 100000000 3-1
        XCLAIM s g two 0 4-1
        XCLAIM s g two 0 4-1 FORCE
        XCLAIM s g three 0 1-1 TIME 1000 RETRYCOUNT 5
        XCLAIM s g three 0 2-1 IDLE 5000 RETRYCOUNT 0 JUSTID
        XCLAIM s g three 0 9-9
        XCLAIM s g three 0 9-9 FORCE
        XCLAIM s g three 0 3-1 LASTID 7-7
        XINFO GROUPS s
        XCLAIM s g three 0 3-1 LASTID 2
        XINFO GROUPS s
        ~XPENDING s g - + 10
        XDEL s 3-1
        XCLAIM s g two 0 3-1
        XCLAIM s g two 0 3-1 4-1
        XPENDING s g
        XCLAIM s g two 1000 1-1
        XCLAIM s g one 0 1-1 TIME 99999999999999
        XCLAIM s g two -5 1-1
        XCLAIM s g two 0 1-1 IDLE -5
        XCLAIM s g two 0 1-1 TIME -5
        XCLAIM s g two 0 1-1 RETRYCOUNT -5
        XCLAIM s g two x 1-1
        XCLAIM s g two 0 x
        XCLAIM s g two 0 1-1 x
        XCLAIM s g two 0 1-1 IDLE x
        XCLAIM s g two 0 1-1 TIME x
        XCLAIM s g two 0 1-1 RETRYCOUNT x
        XCLAIM s g two 0 1-1 LASTID x
        XCLAIM s g two 0 1-1 IDLE
        XCLAIM s g two 0 1-1 FORCE NOPE
        XCLAIM s g two 0
        XCLAIM s nogroup two 0 1-1
        XCLAIM nokey g two 0 1-1
        XCLAIM nokey g two x 1-1
        XCLAIM s g new 0 77-7
        XCLAIM s g newer 10000000 1-1
        %XINFO STREAM s
        SET str x
        XCLAIM str g two 0 1-1
        """);

    [Fact]
    public void Claiming_on_its_own_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XADD s 4-1 a 4
        XADD s 5-1 a 5
        XGROUP CREATE s g 0
        XAUTOCLAIM s g two 0 0
        XREADGROUP GROUP g one STREAMS s >
        XAUTOCLAIM s g two 0 0 COUNT 2
        XAUTOCLAIM s g two 0 3-1 COUNT 1
        XAUTOCLAIM s g two 0 - COUNT 100
        XAUTOCLAIM s g two 0 (4-1
        XAUTOCLAIM s g two 0 + JUSTID
        XAUTOCLAIM s g two 100000000 0
        XAUTOCLAIM s g two 100000000 0 COUNT 1 JUSTID
        XDEL s 2-1 4-1
        XAUTOCLAIM s g one 0 0 COUNT 2
        XAUTOCLAIM s g one 0 0 COUNT 3
        XAUTOCLAIM s g one 0 0 JUSTID
        XDEL s 3-1
        XAUTOCLAIM s g one 100000000 0
        XPENDING s g
        XAUTOCLAIM s g one -1 0
        XAUTOCLAIM s g one x 0
        XAUTOCLAIM s g one 0 x
        XAUTOCLAIM s g one 0 (-
        XAUTOCLAIM s g one 0 (18446744073709551615-18446744073709551615
        XAUTOCLAIM s g one 0 0 COUNT 0
        XAUTOCLAIM s g one 0 0 COUNT -1
        XAUTOCLAIM s g one 0 0 COUNT x
        XAUTOCLAIM s g one 0 0 COUNT 9223372036854775807
        XAUTOCLAIM s g one 0 0 COUNT
        XAUTOCLAIM s g one 0 0 NOPE
        XAUTOCLAIM s g one 0
        XAUTOCLAIM s nogroup one 0 0
        XAUTOCLAIM nokey g one 0 0
        XAUTOCLAIM nokey g one x 0
        SET str x
        XAUTOCLAIM str g one 0 0
        """);

    [Fact]
    public void How_far_groups_lag_beside_Redis() => Compare.SameReplies(
        """
        XGROUP CREATE s g 0 MKSTREAM
        XINFO GROUPS s
        XADD s 1-1 a 1
        XADD s 2-1 a 2
        XADD s 3-1 a 3
        XADD s 4-1 a 4
        XADD s 5-1 a 5
        XINFO GROUPS s
        XREADGROUP GROUP g c COUNT 1 STREAMS s >
        XINFO GROUPS s
        XGROUP CREATE s h 3
        XINFO GROUPS s
        XREADGROUP GROUP h c COUNT 1 STREAMS s >
        XINFO GROUPS s
        XDEL s 3-1
        XINFO GROUPS s
        XREADGROUP GROUP g c COUNT 2 STREAMS s >
        XINFO GROUPS s
        XTRIM s MAXLEN 2
        XINFO GROUPS s
        XTRIM s MAXLEN 1
        XINFO GROUPS s
        XREADGROUP GROUP g c STREAMS s >
        XREADGROUP GROUP h c STREAMS s >
        XINFO GROUPS s
        XADD s 6-1 a 6
        XINFO GROUPS s
        XTRIM s MAXLEN 0
        ~XINFO GROUPS s
        """);

    [Fact]
    public void Nobody_waits_within_a_transaction() => Compare.SameReplies(
        """
        XGROUP CREATE s g 0 MKSTREAM
        MULTI
        XREAD BLOCK 0 STREAMS s $
        XREAD BLOCK 0 STREAMS nokey $
        XREADGROUP GROUP g c BLOCK 0 STREAMS s >
        XREADGROUP GROUP nogroup c BLOCK 0 STREAMS s >
        XADD s 1-1 a b
        XREAD BLOCK 0 STREAMS s 0
        XREADGROUP GROUP g c BLOCK 0 STREAMS s >
        XACK s g 1-1
        EXEC
        XINFO GROUPS s
        """);

    [Fact]
    public void Acknowledging_does_not_touch_a_watched_key_beside_Redis() => Compare.SameReplies(
        """
        XADD s 1-1 a b
        XGROUP CREATE s g 0
        XREADGROUP GROUP g c STREAMS s >
        WATCH s
        XACK s g 1-1
        XCLAIM s g c 0 1-1
        MULTI
        PING
        EXEC
        WATCH s
        XDEL s 1-1
        MULTI
        PING
        EXEC
        """);
}
