using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Propagation;

/// <summary>
/// What every command adds to the append only log is, byte for byte, what Redis adds, and counts for as many changes. Behind '~' the
/// changes are not compared: those of a client that was waiting are counted now, and were not in Redis 7.0.
/// </summary>
public sealed class LogComparisonTests
{
    public static TheoryData<string> Groups => [.. s_scripts.Keys];

    private static readonly Dictionary<string, string> s_scripts = new()
    {
        ["Strings"] =
            """
            set a 1
            set a 1 ex 100
            set a 1 px 100000 get
            set a 2 xx get
            set a 2 nx
            set a 2 keepttl
            set a 2 exat 9999999999
            set a 2 EXAT 1
            get a
            setex a 100 v
            psetex a 100000 v
            set b 1 nx px 500000
            getex a ex 50
            getex a px 50000
            getex a exat 9999999999
            getex a persist
            getex a persist
            getex a
            getex a exat 1
            getdel b
            getdel b
            setnx n 1
            setnx n 1
            mset a 1 b 2 c 3
            msetnx a 1 z 2
            msetnx y 1 z 2
            append a x
            append a ""
            setrange a 0 zz
            setrange a 0 ""
            getset a 5
            incr a
            incrbyfloat a 1.5
            set f 1 ex 1000
            incrbyfloat f 0.1
            decrby b 4
            getset a x
            set a "b c" get
            set q get get
            SET q v GET KEEPTTL
            incrbyfloat ff 3.0e5
            """,
        ["Deadlines"] =
            """
            mset a 1 b 2 c 3 n 4 y 5 z 6
            expire a 100
            expire a 100 nx
            pexpire a 100000 gt
            expireat a 9999999999
            pexpireat a 9999999999000
            persist a
            persist a
            expire a -1
            pexpireat b 5
            expire nokey 5
            del a b c n
            unlink y z q
            del none
            set a 1
            expire a 100 xx
            expire a 100 lt
            expire a 0
            setex e 100 v
            copy e f
            rename e g
            getex g px 9000
            """,
        ["Lists"] =
            """
            rpush l a b c d e
            rpushx l a b
            lpushx nol a
            lpop l
            lpop l 2
            rpop l 100
            lpop l
            rpush l a b c d a a
            lset l 0 z
            linsert l before b q
            linsert l before nope q
            lrem l 0 a
            lrem l 0 nope
            ltrim l 0 1
            ltrim l 0 -1
            ltrim l 5 1
            rpush l a b c d a a
            lmove l m left right
            rpoplpush l m
            lmove l l left left
            rpush one a
            lmove one m left left
            rpoplpush m m
            lmpop 2 nol l left
            lmpop 2 nol l right count 2
            lmpop 2 nol l right count 20
            lmpop 1 l right
            blpop m 0
            brpop x m 0
            blmpop 0 1 m left count 9
            rpush l a b
            blmove l m left right 0
            brpoplpush l m 0
            
            """,
        ["Sets"] =
            """
            sadd s a b c a
            sadd s a
            srem s a zz
            srem s zz
            sadd s 1 2 3 4 5 6 7 8 9 10
            sadd one x
            spop one
            spop s 0
            spop nos 2
            sadd t 1 2 3
            spop t 3
            sadd t 1 2 3
            spop t 10
            srandmember s 3
            sadd t q
            smove t s q
            smove t s q
            sadd t b
            sadd u b
            smove t u b
            sinterstore d s s
            sinterstore d s nos
            sinterstore d nos nos
            sunionstore d s
            sdiffstore d s
            sadd s a
            """,
        ["SortedSets"] =
            """
            zadd z 1 a 2 b 3 c
            zadd z 1 a
            zadd z 5 a 1 q
            zadd z xx ch 1 nope
            zadd z gt 4 a
            zadd z incr 2 a
            zadd z nx incr 2 a
            zincrby z 1 b
            zincrby z 0 b
            zrem z a nope
            zadd z 1 a 2 b 3 c 4 d 5 e
            zpopmin z
            zpopmax z 2
            zpopmin z 0
            zmpop 2 noz z min
            zmpop 2 noz z max count 1
            zadd z 1 a 2 b 3 c 4 d 5 e
            bzpopmin z 0
            bzpopmax noz z 0
            bzmpop 0 2 noz z max count 9
            zadd z 1 a 2 b 3 c 4 d 5 e
            zremrangebyrank z 0 1
            zremrangebyrank z 9 10
            zremrangebyscore z 3 3
            zremrangebylex z - +
            zadd z 1 a 2 b 3 c 4 d 5 e
            zunionstore d 1 z
            zinterstore d 2 z noz
            zinterstore d 2 z noz
            zdiffstore d 2 z noz
            zrangestore d z 0 1
            zrangestore d z 8 9
            """,
        ["Geo"] =
            """
            geoadd g 13.361389 38.115556 Palermo 15.087269 37.502669 Catania
            geoadd g ch 13.361389 38.115556 Palermo 15.087269 37.602669 Catania
            geoadd g nx 13.361389 38.115556 Palermo
            geoadd g xx 13.361389 38.115556 nope
            geoadd nog xx 13.361389 38.115556 nope
            georadius g 15 37 200 km store d
            georadius g 15 37 200 km
            georadius g 0 0 1 km store d
            georadius g 0 0 1 km store d
            georadiusbymember g Catania 100 km storedist d
            geosearchstore d g fromlonlat 15 37 byradius 200 km
            """,
        ["Hashes"] =
            """
            hset h a 1 b 2
            hset h a 1 c 3
            hmset h x 1 y 2
            hsetnx h a 1
            hsetnx h n 1
            hdel h a b nope
            hdel h nope
            hincrby h i 5
            hincrbyfloat h f 1.5
            hincrbyfloat h f 0
            hdel h c x y n i f
            hincrbyfloat hh f 3.0e5
            """,
        ["Bits"] =
            """
            setbit bit 7 1
            setbit bit 7 1
            setbit bit 900 0
            bitfield bit set u8 0 255 incrby u8 0 1
            bitfield bit get u8 0
            bitfield bit set u8 0 255
            bitfield bit set u8 0 255
            bitfield bit overflow fail incrby u8 0 255
            bitop and r bit bit
            bitop and r nobit
            bitop and r nobit
            """,
        ["HyperLogLogs"] =
            """
            pfadd p a b
            pfadd p a b
            pfadd p
            pfadd p2
            pfcount p
            pfcount p
            pfcount p p2
            pfmerge p3 p p2
            pfmerge p3
            pfdebug todense p
            pfdebug todense p
            pfdebug getreg p2
            """,
        ["Keys"] =
            """
            sort s store d
            sort s
            sort nos store d
            sort nos store d
            set a 1
            rename a b
            rename b b
            renamenx b b
            renamenx b c
            move c 3
            select 3
            move c 0
            set x 1 ex 100
            copy x y
            copy x y
            copy x y replace
            copy x z db 0
            dump x
            flushdb
            flushdb
            swapdb 0 3
            set k 1
            rpush sl 3 1 2
            sort sl store d
            sort sl desc limit 0 2 store d
            flushall
            flushall
            set a 1
            flushall async
            swapdb 0 0
            set a 1
            flushdb async
            restore a 1 "\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc" replace absttl
            restore a 0 "\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc"
            restore a 10000 "\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc" replace
            restore a 99999999999999 "\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc" replace absttl
            restore zz 1 "\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc" absttl
            restore zz 0 "\x00\xc0\x01\n\x00&x\xe7\xb6\xd1\x01\x11\xfc" replace
            """,
        ["Transactions"] =
            """
            multi
            set a 1
            exec
            multi
            set a 1 ex 100
            incr b
            get a
            exec
            multi
            get a
            exec
            multi
            select 2
            set b 1
            select 0
            set c 1
            exec
            multi
            select 2
            set b 1
            exec
            set d 1
            multi
            lpop nolist
            set c 2
            exec
            multi
            set e 1
            discard
            multi
            rpush l a b c
            lmpop 1 l left count 2
            blpop l 0
            spop nos
            exec
            multi
            sadd s 1
            spop s
            incrbyfloat f 0.5
            flushdb
            exec
            """,
        ["Expired"] =
            """
            set v 1 px 5
            ...
            multi
            get v
            set x 1
            exec
            set v 1 px 5
            ...
            incr v
            set v 1 px 5
            set w 1 px 5
            ...
            mget v w
            set v 1 px 5
            ...
            ttl v
            set v 1 px 5
            ...
            del v
            set v 1 px 5
            ...
            expire v 100
            set v 1 px 5
            ...
            rename v w
            sadd s 1
            pexpire s 5
            ...
            sadd s 2
            set v 1 px 5
            ...
            scan 0
            """,
        ["Waiting"] =
            """
            1> blpop q r 0
            ~rpush q a
            1> blpop q r 0
            2> brpop q r 0
            ~rpush q a b c
            rpush q d
            del q
            1> blmove m1 m2 left right 0
            2> blpop m2 0
            ~rpush m1 v
            1> brpoplpush w1 w2 0
            ~rpush w1 1
            1> blmpop 0 2 w3 w4 left count 10
            rpush w4 1 2 3
            1> bzpopmin z1 0
            zadd z1 1 a 2 b
            1> bzmpop 0 1 z3 max count 2
            zadd z3 1 a 2 b 3 c
            1> bzpopmax z4 0
            multi
            zadd z4 1 a 2 b 3 c
            zrem z4 b
            exec
            blpop q none 0.01
            multi
            blpop q 0
            exec
            """,
    };

    [Theory]
    [MemberData(nameof(Groups))]
    public void Equal_to_Redis(string group)
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH to compare with");
        using LoggedServer redis = new(Programs.RedisServer!);
        using LoggedServer ours = new(Programs.Server);
        // Else either may remove what is due before its log is looked at.
        redis.Run("debug set-active-expire 0");
        ours.Run("debug set-active-expire 0");
        List<string> differences = [];
        foreach (string line in s_scripts[group].Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string command = line.TrimStart('~');
            (string expected, long expectedCount) = redis.Run(command);
            (string actual, long actualCount) = ours.Run(command);
            if (expected != actual || (expectedCount != actualCount && command == line))
            {
                differences.Add($"{line}\n  redis: {expectedCount} {expected}  ours:  {actualCount} {actual}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }
}
