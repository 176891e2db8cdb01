using Bixbite.Wire.Harness;

namespace Bixbite.Wire.SortedSets;

/// <summary>ZSCAN with NOSCORES, as in Valkey; the Redis that is installed here has not got it.</summary>
public sealed class NoScoresTests
{
    [Fact]
    public void Only_members_are_told() => Expect.Replies(
        """
        ZADD z 1 a 2 b => :2
        ZSCAN z 0 NOSCORES => *["0", *["a", "b"]]
        ZSCAN z 0 NOSCORES MATCH b => *["0", *["b"]]
        ZSCAN z 0 MATCH b COUNT 10 => *["0", *["b", "2"]]
        ZSCAN z 0 NOVALUES => -ERR NOVALUES option can only be used in HSCAN
        HSET h f v => :1
        HSCAN h 0 NOSCORES => -ERR NOSCORES option can only be used in ZSCAN
        HSCAN h 0 NOVALUES => *["0", *["f"]]
        SADD s m => :1
        SSCAN s 0 NOSCORES => -ERR NOSCORES option can only be used in ZSCAN
        """);
}
