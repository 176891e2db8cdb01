using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Lists;

/// <summary>Commands on lists beside Redis, byte for byte, with lists of one listpack and of many nodes.</summary>
public sealed class ListTests
{
    /// <summary>With this setting a list of more than four elements is a chain of nodes.</summary>
    private static readonly string[] s_smallNodes = ["--list-max-listpack-size", "4"];

    private const string Ends =
        """
        LPUSH l a
        LPUSH l b c d
        RPUSH l 1 2 300000 -7
        LRANGE l 0 -1
        LLEN l
        LLEN none
        LPUSHX l e
        RPUSHX l f g
        LPUSHX none e
        RPUSHX none e
        EXISTS none
        LPOP l
        RPOP l
        LPOP none
        RPOP none
        LPOP l 0
        LPOP none 0
        RPOP none 3
        LPOP l 3
        RPOP l 2
        LRANGE l 0 -1
        RPOP l 100
        EXISTS l
        RPUSH l x
        LPOP l
        EXISTS l
        RPUSH l x
        LPOP l 1
        EXISTS l
        LPOP l -1
        LPOP l many
        LPOP l 1 2
        RPOP l -1
        RPUSH l "" 007 0 -0 9223372036854775807 9223372036854775808 1.5 " 1"
        LRANGE l 0 -1
        LPUSH l
        RPUSH l
        LPUSHX l
        RPUSHX l
        LLEN
        SET s 1
        LPUSH s a
        RPUSH s a
        LPUSHX s a
        RPUSHX s a
        LPOP s
        RPOP s
        LPOP s 2
        LLEN s
        """;

    private const string Middle =
        """
        RPUSH l a b c d e f g h i j k l m n o p
        LINDEX l 0
        LINDEX l 15
        LINDEX l 16
        LINDEX l -1
        LINDEX l -16
        LINDEX l -17
        LINDEX l 7
        LINDEX l x
        LINDEX none 0
        LINDEX none x
        LRANGE l 0 3
        LRANGE l 3 0
        LRANGE l -3 -1
        LRANGE l -100 2
        LRANGE l 14 100
        LRANGE l 20 30
        LRANGE l x 1
        LRANGE l 1 x
        LRANGE none 0 1
        LRANGE none 0 x
        LSET l 0 A
        LSET l -1 100
        LSET l 8 "a longer element in the middle"
        LSET l 16 x
        LSET l -17 x
        LSET l x x
        LSET none 0 x
        LSET none x x
        LRANGE l 0 -1
        LINSERT l BEFORE A first
        LINSERT l after 100 last
        LINSERT l before d 4
        LINSERT l AFTER d 5
        LINSERT l AFTER d 6
        LINSERT l AFTER d 7
        LINSERT l BEFORE d 8
        LINSERT l BEFORE nobody x
        LINSERT none BEFORE a x
        LINSERT none aside a x
        LINSERT l aside a x
        LRANGE l 0 -1
        LLEN l
        LTRIM l 1 -2
        LRANGE l 0 -1
        LTRIM l 3 12
        LRANGE l 0 -1
        LTRIM l 0 -1
        LTRIM l -5 100
        LRANGE l 0 -1
        LTRIM l x 1
        LTRIM l 1 x
        LTRIM none 0 1
        LTRIM l 5 1
        EXISTS l
        SET s 1
        LINDEX s 0
        LINDEX s x
        LRANGE s 0 1
        LSET s 0 x
        LSET s x x
        LINSERT s BEFORE a x
        LTRIM s 0 1
        """;

    private const string Equal =
        """
        RPUSH l a b a c 1 a 01 1 b a d a 1 a
        LPOS l a
        LPOS l a RANK 2
        LPOS l a RANK -1
        LPOS l a RANK -2
        LPOS l a RANK 100
        LPOS l a COUNT 0
        LPOS l a COUNT 2
        LPOS l a COUNT 2 RANK 3
        LPOS l a COUNT 0 RANK -3
        LPOS l a COUNT 0 MAXLEN 3
        LPOS l a COUNT 0 MAXLEN 3 RANK -1
        LPOS l d MAXLEN 3
        LPOS l d MAXLEN 0
        LPOS l 1
        LPOS l 01
        LPOS l none
        LPOS l none COUNT 1
        LPOS none a
        LPOS none a COUNT 1
        LPOS l a RANK 0
        LPOS l a RANK x
        LPOS l a COUNT -1
        LPOS l a COUNT x
        LPOS l a MAXLEN -1
        LPOS l a MAXLEN
        LPOS l a WHAT 1
        LPOS l
        LREM l 1 a
        LREM l -1 a
        LRANGE l 0 -1
        LREM l 2 1
        LREM l -2 a
        LRANGE l 0 -1
        LREM l 0 none
        LREM l 0 a
        LREM l x a
        LREM none 0 a
        LRANGE l 0 -1
        LREM l 0 b
        LREM l 0 01
        LREM l 0 1
        LREM l 0 c
        LREM l 0 d
        EXISTS l
        SET s 1
        LPOS s a
        LREM s 0 a
        """;

    private const string Moves =
        """
        RPUSH a 1 2 3 4 5 6 7 8 9
        LMOVE a b LEFT RIGHT
        LMOVE a b left left
        LMOVE a b RIGHT LEFT
        LMOVE a b RIGHT RIGHT
        LRANGE a 0 -1
        LRANGE b 0 -1
        RPOPLPUSH a b
        LRANGE b 0 -1
        RPOPLPUSH none b
        LMOVE none b LEFT LEFT
        LMOVE a a LEFT RIGHT
        LMOVE a a RIGHT RIGHT
        LMOVE a a LEFT LEFT
        RPOPLPUSH a a
        LRANGE a 0 -1
        RPUSH one x
        LMOVE one one LEFT RIGHT
        RPOPLPUSH one two
        EXISTS one
        LMOVE a b UP LEFT
        LMOVE a b LEFT DOWN
        LMOVE a b LEFT
        SET s 1
        LMOVE s b LEFT LEFT
        LMOVE a s LEFT LEFT
        RPOPLPUSH s b
        RPOPLPUSH a s
        RPOPLPUSH none s
        LRANGE a 0 -1
        LMPOP 1 a LEFT
        LMPOP 2 none a RIGHT COUNT 2
        LMPOP 2 a b LEFT COUNT 100
        EXISTS a
        LMPOP 2 a b LEFT
        LMPOP 1 none LEFT
        LMPOP 2 none s LEFT
        LMPOP 0 b LEFT
        LMPOP x b LEFT
        LMPOP -1 b LEFT
        LMPOP 2 b LEFT
        LMPOP 1 b UP
        LMPOP 1 b LEFT COUNT
        LMPOP 1 b LEFT COUNT 0
        LMPOP 1 b LEFT COUNT -1
        LMPOP 1 b LEFT COUNT x
        LMPOP 1 b LEFT COUNT 1 COUNT 2
        LMPOP 1 b LEFT what
        LMPOP 1 b
        BLPOP b 0
        BLPOP none b 0
        BRPOP b none 1
        BLMPOP 0 2 none b RIGHT COUNT 2
        RPUSH b x y
        BLMOVE b c LEFT LEFT 0
        BRPOPLPUSH c d 0
        RPUSH d z
        BLPOP d x
        BLPOP d -1
        BRPOP d nan
        BLMPOP x 1 d LEFT
        BLMPOP -1 1 d LEFT
        BLMPOP 1 0 d LEFT
        BLMPOP 1 1 d UP
        BLMOVE d e UP LEFT 0
        BLMOVE d e LEFT LEFT x
        BRPOPLPUSH d e x
        BLPOP s d 0
        BLMPOP 0 2 s d LEFT
        BLMOVE s d LEFT LEFT 0
        BLMOVE d s LEFT LEFT 0
        BRPOPLPUSH d s 0
        BLPOP none 0.01
        BRPOP none 0.001
        BLMPOP 0.01 1 none LEFT
        BLMOVE none d LEFT LEFT 0.01
        BRPOPLPUSH none d 0.01
        """;

    private const string Keys =
        """
        RPUSH l a b c 1 2 3 x y z
        TYPE l
        COPY l m
        RPUSH m d
        LRANGE m 0 -1
        LRANGE l 0 -1
        RENAME m n
        LRANGE n 0 -1
        EXPIRE n 100
        LPUSH n 0
        @TTL n
        DEL n
        SET l string
        LLEN l
        DEL l
        RPUSH l a b c d e f g h i j
        UNLINK l
        EXISTS l
        """;

    [Fact]
    public void Ends_of_packed_lists() => Compare.SameReplies(Ends);

    [Fact]
    public void Ends_of_long_lists() => SameWithSmallNodes(Ends);

    [Fact]
    public void The_middle_of_packed_lists() => Compare.SameReplies(Middle);

    [Fact]
    public void The_middle_of_long_lists() => SameWithSmallNodes(Middle);

    [Fact]
    public void Equal_elements_of_packed_lists() => Compare.SameReplies(Equal);

    [Fact]
    public void Equal_elements_of_long_lists() => SameWithSmallNodes(Equal);

    [Fact]
    public void Moves_between_packed_lists() => Compare.SameReplies(Moves);

    [Fact]
    public void Moves_between_long_lists() => SameWithSmallNodes(Moves);

    [Fact]
    public void Lists_as_keys() => Compare.SameReplies(Keys);

    [Fact]
    public void Long_lists_as_keys() => SameWithSmallNodes(Keys);

    [Fact]
    public void A_list_becomes_one_listpack_again_where_one_node_is_left_that_is_half_full()
    {
        using TestServer server = TestServer.Start([.. s_smallNodes, "--enable-debug-command", "yes"]);
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            RPUSH l 1 2 3 4 5 6 => :6
            LTRIM l 0 2 => +OK
            OBJECT ENCODING l => "quicklist"
            LINSERT l BEFORE 2 x => :4
            LREM l 0 absent => :0
            OBJECT ENCODING l => "quicklist"
            LTRIM l 1 2 => +OK
            OBJECT ENCODING l => "listpack"
            LRANGE l 0 -1 => *["x", "2"]
            RPUSH p 1 2 3 4 5 6 => :6
            RPOP p 3 => *["6", "5", "4"]
            LMOVE p p LEFT RIGHT => "1"
            OBJECT ENCODING p => "quicklist"
            LPOP p => "2"
            OBJECT ENCODING p => "listpack"
            RPUSH q a b a a a a => :6
            LREM q -4 a => :4
            OBJECT ENCODING q => "listpack"
            LRANGE q 0 -1 => *["a", "b"]
            RPUSH r 1 2 3 4 5 => :5
            LMPOP 1 r LEFT COUNT 3 => *["r", *["1", "2", "3"]]
            OBJECT ENCODING r => "quicklist"
            RPOPLPUSH r s => "5"
            OBJECT ENCODING r => "listpack"
            RPUSH t 1 2 3 4 => :4
            LSET t 0 x => +OK
            OBJECT ENCODING t => "quicklist"
            RPOP t => "4"
            DEBUG RELOAD => +OK
            OBJECT ENCODING t => "listpack"
            LRANGE t 0 -1 => *["x", "2", "3"]
            """);
    }

    [Fact]
    public void A_list_of_one_large_element_becomes_one_listpack_when_a_small_one_takes_its_place()
    {
        using TestServer server = TestServer.Start("--list-max-listpack-size", "-1");
        using RespConnection client = server.Connect();
        client.Call($"RPUSH l {new string('x', 8192)} a b");
        Expect.Replies(
            client,
            """
            RPOP l 2 => *["b", "a"]
            OBJECT ENCODING l => "quicklist"
            LSET l -1 c => +OK
            OBJECT ENCODING l => "listpack"
            LRANGE l 0 -1 => *["c"]
            """);
    }

    [Fact]
    public void The_encoding_changes_when_a_node_could_get_too_big()
    {
        using TestServer server = TestServer.Start(s_smallNodes);
        using RespConnection client = server.Connect();
        Expect.Replies(
            client,
            """
            RPUSH l 1 2 3 4 => :4
            OBJECT ENCODING l => "listpack"
            RPUSH l 5 => :5
            OBJECT ENCODING l => "quicklist"
            RPUSH m 1 2 3 4 5 => :5
            OBJECT ENCODING m => "quicklist"
            RPUSH n 1 2 3 4 => :4
            LINSERT n BEFORE 1 0 => :5
            OBJECT ENCODING n => "quicklist"
            CONFIG SET list-max-listpack-size -1 => +OK
            RPUSH o 1 2 3 4 5 6 => :6
            OBJECT ENCODING o => "listpack"
            """);
        Assert.Equal("7", client.Call($"RPUSH o {new string('x', 5000)}").Text);
        Assert.Equal("quicklist", client.Call("OBJECT ENCODING o").Text);
    }

    [Fact]
    public void Several_elements_move_at_once() => Expect.Replies(
        """
        RPUSH a 1 2 3 4 5 6 7 8 => :8
        RPUSH b x y => :2
        LMOVEM a b LEFT LEFT COUNT 2 OBO => *["2", "1"]
        LRANGE b 0 -1 => *["2", "1", "x", "y"]
        LMOVEM a b LEFT LEFT COUNT 2 BULK => *["3", "4"]
        LRANGE b 0 -1 => *["3", "4", "2", "1", "x", "y"]
        LMOVEM a c RIGHT LEFT COUNT 2 OBO => *["7", "8"]
        LRANGE c 0 -1 => *["7", "8"]
        LMOVEM c a RIGHT RIGHT EXACTLY 2 OBO => *["8", "7"]
        EXISTS c => :0
        LRANGE a 0 -1 => *["5", "6", "8", "7"]
        LMOVEM a c LEFT RIGHT => *["5"]
        LMOVEM a c LEFT RIGHT EXACTLY 4 BULK => (nil)
        LMOVEM none c LEFT RIGHT => (nil)
        LMOVEM a a LEFT RIGHT COUNT 2 BULK => *["6", "8"]
        LRANGE a 0 -1 => *["7", "6", "8"]
        LMOVEM a a LEFT LEFT COUNT 10 OBO => *["8", "6", "7"]
        LRANGE a 0 -1 => *["8", "6", "7"]
        LMOVEM a c LEFT RIGHT COUNT 100 BULK => *["8", "6", "7"]
        EXISTS a => :0
        LRANGE c 0 -1 => *["5", "8", "6", "7"]
        LMOVEM c a LEFT RIGHT COUNT 0 OBO => -ERR count should be greater than 0
        LMOVEM c a LEFT RIGHT COUNT 1 => -ERR syntax error
        LMOVEM c a LEFT RIGHT COUNT 1 OBO x => -ERR syntax error
        LMOVEM c a LEFT RIGHT SOME 1 OBO => -ERR syntax error
        LMOVEM c a UP RIGHT => -ERR syntax error
        SET s 1 => +OK
        LMOVEM c s LEFT RIGHT => -WRONGTYPE Operation against a key holding the wrong kind of value
        LMOVEM s c LEFT RIGHT => -WRONGTYPE Operation against a key holding the wrong kind of value
        BLMOVEM c a LEFT RIGHT 0 EXACTLY 2 BULK => *["5", "8"]
        BLMOVEM c a LEFT RIGHT 0.01 EXACTLY 3 BULK => (nil)
        BLMOVEM c a LEFT RIGHT x => -ERR timeout is not a float or out of range
        """);

    private static void SameWithSmallNodes(string script)
    {
        using Compare compare = new(s_smallNodes);
        compare.Run(script.Split('\n'));
    }
}
