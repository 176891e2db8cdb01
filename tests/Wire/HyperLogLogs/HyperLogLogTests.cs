using Bixbite.Wire.Harness;

namespace Bixbite.Wire.HyperLogLogs;

/// <summary>HyperLogLogs beside Redis: the replies, and the stored bytes, which every change must leave the same.</summary>
public sealed class HyperLogLogTests
{
    [Fact]
    public void Replies_and_mistakes() => Compare.SameReplies(
        """
        PFADD h a b c
        PFADD h a
        PFADD h
        PFADD new
        PFADD new
        PFCOUNT h
        PFCOUNT none
        PFCOUNT h none new
        PFMERGE d h new none
        PFCOUNT d
        PFMERGE e
        STRLEN e
        EXPIRE h 100
        PFADD h x
        @TTL h
        OBJECT ENCODING h
        PFDEBUG ENCODING h
        PFDEBUG DECODE h
        PFDEBUG TODENSE h
        PFDEBUG TODENSE h
        PFDEBUG ENCODING h
        PFDEBUG DECODE h
        PFDEBUG GETREG h
        PFDEBUG GETREG new
        PFDEBUG ENCODING new
        PFDEBUG BOGUS h
        PFDEBUG ENCODING none
        SET s text
        PFADD s a
        PFCOUNT s
        PFCOUNT h s
        PFMERGE d s
        PFMERGE s h
        PFDEBUG ENCODING s
        SET s 12345
        PFCOUNT s
        SET s "HYLL\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x80\x7f\xfe"
        PFCOUNT s
        PFADD s a
        PFMERGE d s
        PFDEBUG GETREG s
        APPEND h x
        PFCOUNT h
        PFSELFTEST
        PFADD
        PFCOUNT
        PFMERGE
        PFDEBUG
        """);

    [Fact]
    public void Stored_bytes() => Compare.SameReplies(Growth());

    /// <summary>From nothing through sparse to dense, with the bytes looked at on the way.</summary>
    private static IEnumerable<string> Growth()
    {
        int next = 0;
        for (int step = 0; step < 60; step++)
        {
            yield return $"PFADD h {string.Join(' ', Enumerable.Range(next, 1 + (step * step / 2)).Select(number => $"element:{number}"))}";
            next += 1 + (step * step / 2);
            yield return "PFCOUNT h";
            yield return "GET h";
            yield return $"PFMERGE m{step} h other";
            yield return $"GET m{step}";
            yield return $"PFADD other {step}";
            yield return $"PFCOUNT h other m{step}";
        }
    }
}
