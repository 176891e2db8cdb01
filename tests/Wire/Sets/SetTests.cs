using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Sets;

/// <summary>Set commands beside Redis, byte for byte; where Redis promises no order, in any order.</summary>
public sealed class SetTests
{
    [Fact]
    public void Members_come_and_go() => Compare.SameReplies(
        """
        SADD s a b c
        SADD s a d d
        SADD s
        SADD
        SCARD s
        SCARD none
        SISMEMBER s a
        SISMEMBER s x
        SISMEMBER none a
        SMISMEMBER s a x d
        SMISMEMBER none a x
        SMISMEMBER s
        %SMEMBERS s
        SMEMBERS none
        SREM s a x
        SREM s x
        SREM none x
        SREM s
        SREM s b c d more
        EXISTS s
        SADD i 3 1 2 -5 100000 9223372036854775807 -9223372036854775808 007
        %SMEMBERS i
        SADD j 3 1 2 -5 100000
        OBJECT ENCODING j
        SMEMBERS j
        SREM j 1 7
        SMEMBERS j
        SADD e ""
        SISMEMBER e ""
        SMEMBERS e
        """);

    [Fact]
    public void Wrong_types_and_wrong_arguments() => Compare.SameReplies(
        """
        SET str v
        SADD s a b c
        SADD i 1 2 3
        SADD str a
        SREM str a
        SCARD str
        SISMEMBER str a
        SMISMEMBER str a
        SMEMBERS str
        SPOP str
        SPOP str 1
        SRANDMEMBER str
        SRANDMEMBER str 1
        SMOVE str s a
        SMOVE s str a
        SMOVE none str a
        SINTER s str
        SINTER none str
        SINTER str none
        SINTERSTORE d s str
        SINTERCARD 2 none str
        SUNION none str
        SUNIONSTORE d str
        SDIFF s str
        SDIFF none str
        SDIFFSTORE d none str
        SSCAN str 0
        SSCAN str 0 BOGUS
        SPOP s x
        SPOP s -1
        SPOP s 1 2
        SPOP none
        SPOP none 3
        SPOP none x
        SPOP i 0
        SRANDMEMBER none
        SRANDMEMBER none 3
        SRANDMEMBER none -3
        SRANDMEMBER i 0
        SRANDMEMBER i x
        SRANDMEMBER i -9223372036854775808
        SRANDMEMBER i 1 2
        SINTERCARD 0 s
        SINTERCARD x s
        SINTERCARD -1 s
        SINTERCARD 2 s
        SINTERCARD 1 i LIMIT -1
        SINTERCARD 1 i LIMIT x
        SINTERCARD 1 i LIMIT
        SINTERCARD 1 i BOGUS
        SSCAN i x
        SSCAN none 0
        SSCAN none 0 BOGUS
        SSCAN i 0 BOGUS
        SSCAN i 0 COUNT 0
        SSCAN i 0 COUNT x
        SSCAN i 0 COUNT
        SSCAN i 0 MATCH
        """);

    [Fact]
    public void Moving_between_sets() => Compare.SameReplies(
        """
        SADD a 1 2 x
        SADD b 1 3
        SMOVE a b x
        %SMEMBERS b
        SMOVE a b 1
        SMOVE a b nobody
        SMOVE a a 2
        SMOVE a a nobody
        SMOVE none b 1
        SMOVE a c 2
        EXISTS a
        SMEMBERS c
        SMOVE c d 2
        %KEYS *
        SMOVE a
        """);

    [Fact]
    public void Algebra_of_sets() => Compare.SameReplies(
        """
        SADD letters a b c d e
        SADD mixed a 1 2 c 3
        SADD few 1 2 3
        SADD many 0 1 2 3 4 5 6 7 8 9
        %SINTER letters mixed
        %SINTER few many mixed
        SINTER few
        SINTER letters none
        SINTER none
        %SINTER letters letters
        SINTERCARD 2 few many
        SINTERCARD 2 few many LIMIT 0
        SINTERCARD 2 few many LIMIT 2
        SINTERCARD 2 few many LIMIT 20
        SINTERCARD 2 few many limit 1 LIMIT 2
        SINTERCARD 2 few none
        %SUNION letters mixed
        %SUNION few many none letters mixed few
        SUNION few
        SUNION none
        %SDIFF letters mixed
        %SDIFF many few
        SDIFF few many
        SDIFF none few
        SDIFF few few
        %SDIFF few none
        %SDIFF many few mixed letters few
        SINTERSTORE target few many
        SMEMBERS target
        OBJECT ENCODING target
        SINTERSTORE target few none
        EXISTS target
        SINTERSTORE few few many
        SMEMBERS few
        SUNIONSTORE target letters few
        %SMEMBERS target
        SUNIONSTORE target none
        EXISTS target
        SUNIONSTORE target none
        SDIFFSTORE target many few
        %SMEMBERS target
        SET string v
        EXPIRE string 100
        SDIFFSTORE string many few
        @TTL string
        TYPE string
        SDIFFSTORE string few many
        EXISTS string
        SINTERSTORE target
        SUNION
        """);

    [Fact]
    public void Chance_takes_what_is_there() => Compare.SameReplies(
        """
        SADD s a b c
        %SPOP s 3
        EXISTS s
        SADD s a b c
        %SPOP s 100
        SADD s a
        SPOP s
        EXISTS s
        SADD s a
        SRANDMEMBER s
        SRANDMEMBER s 5
        SRANDMEMBER s -5
        SADD s b c
        %SRANDMEMBER s 3
        %SRANDMEMBER s 30
        ~SRANDMEMBER s 2
        ~SRANDMEMBER s -20
        ~SPOP s 2
        SCARD s
        SADD t 1 2 3 4 5 6 7 8 9 10 11 12
        ~SPOP t 11
        SCARD t
        """);

    [Fact]
    public void Large_sets_of_every_kind()
    {
        var script = new List<string>();
        foreach (string kind in new[] { "", "w" })
        {
            script.Add($"SADD big{kind} {string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"{kind}{i}"))}");
            script.Add($"SADD half{kind} {string.Join(' ', Enumerable.Range(500, 1000).Select(i => $"{kind}{i}"))}");
            script.Add($"SADD one{kind} {string.Join(' ', Enumerable.Range(499, 2).Select(i => $"{kind}{i}"))}");
            script.Add($"OBJECT ENCODING big{kind}");
            script.Add($"%SMEMBERS big{kind}");
            script.Add($"%SINTER big{kind} half{kind}");
            script.Add($"%SINTER big{kind} half{kind} one{kind}");
            script.Add($"%SUNION big{kind} half{kind} one{kind}");
            script.Add($"%SDIFF big{kind} half{kind} one{kind}");
            script.Add($"SDIFF one{kind} {string.Join(' ', Enumerable.Repeat($"big{kind}", 8))}");
            script.Add($"%SDIFF big{kind} {string.Join(' ', Enumerable.Repeat($"one{kind}", 8))}");
            script.Add($"SINTERCARD 2 big{kind} half{kind} LIMIT 77");
            script.Add($"SINTERSTORE kept{kind} big{kind} half{kind}");
            script.Add($"SUNIONSTORE all{kind} big{kind} half{kind}");
            script.Add($"SDIFFSTORE rest{kind} all{kind} {string.Join(' ', Enumerable.Repeat($"one{kind}", 8))}");
            script.Add($"%SMEMBERS rest{kind}");
            script.Add($"SMISMEMBER rest{kind} {kind}499 {kind}501");
            script.Add($"~SPOP kept{kind} 490");
            script.Add($"SCARD kept{kind}");
            script.Add($"SINTERCARD 2 kept{kind} big{kind}");
            script.Add($"~SRANDMEMBER big{kind} 20");
            script.Add($"~SRANDMEMBER big{kind} 900");
            script.Add($"~SRANDMEMBER big{kind} -2000");
            script.Add($"DEL big{kind} half{kind}");
        }
        Compare.SameReplies(script);
    }
}
