using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Keys;

/// <summary>SORT and SORT_RO beside Redis, byte for byte.</summary>
public sealed class SortTests
{
    [Fact]
    public void Numbers_and_texts() => Compare.SameReplies(
        """
        RPUSH list 3 1 10 2 -5 2.5
        SORT list
        SORT list DESC
        SORT list ASC ALPHA
        SORT list ALPHA DESC
        SORT_RO list
        SORT_RO list DESC ALPHA LIMIT 1 2
        SORT list LIMIT 0 2
        SORT list LIMIT 2 100
        SORT list LIMIT 100 2
        SORT list LIMIT -3 2
        SORT list LIMIT 1 -1
        SORT list LIMIT 1 -5
        SORT list LIMIT 1 0
        SORT list limit 1 2 LIMIT 0 1
        SORT none
        SORT_RO none
        SADD set 30 7 100
        SORT set
        SORT set DESC
        SADD words banana apple cherry 10 9
        SORT words ALPHA
        SORT words ALPHA DESC LIMIT 1 2
        SORT words
        ZADD zset 3 a 2 b 1 c
        SORT zset ALPHA
        SORT zset ALPHA DESC
        SORT zset
        RPUSH odd " 5" "" inf -inf 0x10 1e3
        SORT odd
        RPUSH nan nan 1
        SORT nan
        RPUSH equal 1.0 1 01 1.00
        SORT equal
        SORT equal DESC
        RPUSH large 1e999 1
        SORT large
        """);

    [Fact]
    public void Nothing_to_sort_by() => Compare.SameReplies(
        """
        RPUSH list c a d b
        SORT list BY nosort
        SORT list BY nosort DESC
        SORT list BY nosort LIMIT 1 2
        SORT list BY nosort DESC LIMIT 1 2
        SORT list BY nosort LIMIT 10 2
        SORT list BY # LIMIT 0 1
        ZADD zset 3 a 2 b 1 c 0 5
        SORT zset BY nosort
        SORT zset BY nosort DESC
        SORT zset BY nosort ASC LIMIT 1 2
        SORT zset BY nosort DESC LIMIT 1 2
        SORT zset BY nosort DESC LIMIT 3 5
        SORT zset BY nosort LIMIT 4 5
        SADD set 3 1 2
        SORT set BY nosort LIMIT 0 2
        SADD words b a c
        SORT words BY nosort STORE target
        LRANGE target 0 -1
        SORT words BY nosort DESC STORE target
        LRANGE target 0 -1
        SORT list BY w_* BY nosort
        """);

    [Fact]
    public void What_other_keys_hold() => Compare.SameReplies(
        """
        RPUSH ids 1 2 3 4
        MSET w_1 30 w_2 10 w_3 20 name_1 one name_2 two name_3 three name_4 4
        SORT ids BY w_*
        SORT ids BY w_* DESC
        SORT ids BY w_* LIMIT 1 2
        SORT ids BY name_* ALPHA
        SORT ids BY name_* ALPHA DESC
        SORT ids BY name_*
        SORT ids GET name_*
        SORT ids GET # GET name_* GET w_*
        SORT ids GET constant
        SORT ids GET none_*
        SORT ids BY w_* GET # GET name_* LIMIT 0 2 DESC
        HSET h_1 weight 5 title uno
        HSET h_2 weight 4 title dos
        HSET h_3 weight 6
        SORT ids BY h_*->weight
        SORT ids BY h_*->weight GET h_*->title GET #
        SORT ids BY h_*->title ALPHA GET h_*->title
        SORT ids BY h_*->nofield GET h_*->
        SORT ids GET w_*->field
        SORT ids GET h_*
        SORT ids GET ->
        SORT ids GET *->x
        SET pre1:x->y arrow
        SET pre1post p
        SORT ids GET pre*post
        SORT ids GET pre*:x->
        HSET k1:x f v
        SORT ids GET k*:x->f
        SET w_4 text
        SORT ids BY w_*
        SORT ids BY w_* ALPHA
        DEL w_4
        LPUSH w_4 x
        SORT ids BY w_*
        SORT_RO ids BY w_* GET # GET h_*->weight
        """);

    [Fact]
    public void Storing() => Compare.SameReplies(
        """
        RPUSH list 3 1 2
        SORT list STORE target
        LRANGE target 0 -1
        TYPE target
        MSET n_1 one n_2 two
        SORT list GET # GET n_* STORE target
        LRANGE target 0 -1
        SORT list LIMIT 5 5 STORE target
        EXISTS target
        SORT none STORE target
        SET target string EX 100
        SORT list STORE target
        @TTL target
        SORT none STORE target
        EXISTS target
        SORT list STORE list DESC
        LRANGE list 0 -1
        SADD words a b c
        SORT words STORE target
        SORT words ALPHA DESC STORE words
        LRANGE words 0 -1
        SORT_RO list STORE target
        """);

    [Fact]
    public void Wrong_arguments() => Compare.SameReplies(
        """
        SET str v
        HSET hash f v
        RPUSH list 1 2
        SORT str
        SORT hash
        SORT_RO hash
        SORT
        SORT_RO
        SORT list BOGUS
        SORT list LIMIT 1
        SORT list LIMIT a 1
        SORT list LIMIT 1 b
        SORT list BY
        SORT list GET
        SORT list STORE
        SORT list ASC DESC
        SORT list LIMIT 0 1 BOGUS
        SORT str BOGUS
        """);

    [Fact]
    public void Many_elements()
    {
        var random = new Random(5);
        int[] numbers = [.. Enumerable.Range(0, 3000).Select(_ => random.Next(2000) - 1000)];
        List<string> script = [$"RPUSH list {string.Join(' ', numbers)}", $"SADD set {string.Join(' ', numbers)}"];
        script.Add($"SADD words {string.Join(' ', numbers.Select(number => $"w{number}"))}");
        script.Add($"MSET {string.Join(' ', numbers.Distinct().Select(number => $"w_{number} {number * 7919 % 1009}"))}");
        script.AddRange(
        [
            "SORT list", "SORT list DESC LIMIT 500 700", "SORT list ALPHA", "SORT set", "SORT words ALPHA DESC", "SORT set BY w_*",
            "SORT list BY w_* LIMIT 10 50", "SORT set BY w_* GET # GET w_* DESC", "SORT list STORE target", "LRANGE target 0 -1",
        ]);
        Compare.SameReplies(script);
    }
}
