using System.Text;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Protocol;
using Bixbite.Unit.Structures;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>Every case is parsed whole, split at every offset and one byte at a time, with the same outcome.</summary>
public sealed class RequestParserTests
{
    private const int LineMax = 64 * 1024;

    public static TheoryData<string, string> Requests => new()
    {
        { "*1\r\n$4\r\nPING\r\n", "PING" },
        { "*2\r\n$3\r\nGET\r\n$3\r\nkey\r\n", "GET|key" },
        { "*3\r\n$3\r\nSET\r\n$16\r\nkey:000000000001\r\n$5\r\nvalue\r\n", "SET|key:000000000001|value" },
        { "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n", "ECHO|" },
        { "*1\r\n$0\r\n\r\n", "" },
        { "*2\r\n$4\r\nECHO\r\n$6\r\na\r\n$1\r\r\n", "ECHO|a<0D><0A>$1<0D>" },
        { "*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nPONG\r\n", "PING\nPONG" },
        { "*12\r\n" + string.Concat("abcdefghijkl".Select(letter => $"$1\r\n{letter}\r\n")), "a|b|c|d|e|f|g|h|i|j|k|l" },
        { "*2\r\n$4\r\nECHO\r\n$100\r\n" + Letters(100) + "\r\n", "ECHO|" + Letters(100) },
        { "*2\r\n$4\r\nECHO\r\n$1000\r\n" + Letters(1000) + "\r\n", "ECHO|" + Letters(1000) },
        { "*2\r\n$1\r\n\0\r\n$2\r\n\0\n\r\n", "<00>|<00><0A>" },
        { "*0\r\n*-1\r\n*-17\r\n*1\r\n$4\r\nPING\r\n", "PING" },
        { "*1\rx$4\ryPINGab*1\r\n$4\r\nPING\r\n", "PING\nPING" },
        { "PING\r\n", "PING" },
        { "PING\n", "PING" },
        { "\r\n\n \t\r\n\r\r\nPING\r\n", "PING" },
        { "SET key  value\t x\r\nGET key\n", "SET|key|value|x\nGET|key" },
        { "PING\rx\r\n", "PING|x" },
        { "a\vb \f\vc\r\n", "a<0B>b|c" },
        { "SET \"a b\" 'c\\'d' \"\\x41\\n\\q\" \"\" x\"y\"\r\n", "SET|a b|c'd|A<0A>q||xy" },
        { "'PING'\r\n*1\r\n$4\r\nPING\r\nPING\r\n", "PING\nPING\nPING" },
        { " *1\r\n", "*1" },
        { "$3\r\n", "$3" },
    };

    public static TheoryData<string, ProtocolError> Mistakes => new()
    {
        { "*x\r\n", ProtocolError.InvalidMultibulkLength },
        { "*\r\n", ProtocolError.InvalidMultibulkLength },
        { "*-\r\n", ProtocolError.InvalidMultibulkLength },
        { "*-0\r\n", ProtocolError.InvalidMultibulkLength },
        { "*+1\r\n", ProtocolError.InvalidMultibulkLength },
        { "*01\r\n", ProtocolError.InvalidMultibulkLength },
        { "* 1\r\n", ProtocolError.InvalidMultibulkLength },
        { "*1 \r\n", ProtocolError.InvalidMultibulkLength },
        { "*1\n\r\n", ProtocolError.InvalidMultibulkLength },
        { "*2147483648\r\n", ProtocolError.InvalidMultibulkLength },
        { "*9223372036854775808\r\n", ProtocolError.InvalidMultibulkLength },
        { "*000000000000000000000000000000000001\r\n", ProtocolError.InvalidMultibulkLength },
        { "*1\r\nx\r\n", ProtocolError.ExpectedDollar },
        { "*1\r\n\r\n", ProtocolError.ExpectedDollar },
        { "*2\r\n$1\r\na\r\n:1\r\n", ProtocolError.ExpectedDollar },
        { "*1\r\n$\r\n", ProtocolError.InvalidBulkLength },
        { "*1\r\n$x\r\n", ProtocolError.InvalidBulkLength },
        { "*1\r\n$-1\r\n", ProtocolError.InvalidBulkLength },
        { "*1\r\n$01\r\n", ProtocolError.InvalidBulkLength },
        { "*1\r\n$536870913\r\n", ProtocolError.InvalidBulkLength },
        { "*1\r\n$9223372036854775807\r\n", ProtocolError.InvalidBulkLength },
        { "*1\r\n$99999999999999999999\r\n", ProtocolError.InvalidBulkLength },
        { "SET \"a\r\n", ProtocolError.UnbalancedQuotes },
        { "SET 'a\r\n", ProtocolError.UnbalancedQuotes },
        { "SET \"a\"b\r\n", ProtocolError.UnbalancedQuotes },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void Request_IsFound_HoweverItArrives(string bytes, string requests)
    {
        string expected = $"{requests}\nDone 0 left 0";
        foreach (string outcome in Outcomes(Encoding.Latin1.GetBytes(bytes), ParseLimits.Default))
        {
            Assert.Equal(expected, outcome);
        }
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Mistake_EndsTheStream_AfterTheRequestsBeforeIt(string bytes, ProtocolError error)
    {
        byte[] stream = Encoding.Latin1.GetBytes("*1\r\n$4\r\nPING\r\n" + bytes);
        string whole = Input.Whole(stream, ParseLimits.Default);
        Assert.StartsWith($"PING\nProtocolError {error}", whole, StringComparison.Ordinal);
        foreach (string outcome in Outcomes(stream, ParseLimits.Default))
        {
            Assert.Equal(whole, outcome);
        }
    }

    [Theory]
    [InlineData("*2147483647\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n$3\r\nk")]
    [InlineData("*1\r\n$4\r\nPING\r")]
    [InlineData("*1\r")]
    [InlineData("*1\r\nx")]
    [InlineData("*")]
    [InlineData("PING\0\r\n")]
    [InlineData("*1\r\n\0abc\r\n")]
    [InlineData("PING")]
    public void Part_IsWaitedFor(string bytes)
    {
        byte[] stream = Encoding.Latin1.GetBytes(bytes);
        string whole = Input.Whole(stream, ParseLimits.Default);
        Assert.Contains("NeedMore", whole, StringComparison.Ordinal);
        foreach (string outcome in Outcomes(stream, ParseLimits.Default))
        {
            Assert.Equal(whole, outcome);
        }
    }

    [Theory]
    [InlineData("*10\r\n", "NeedMore")]
    [InlineData("*11\r\n", "ProtocolError UnauthenticatedMultibulkLength")]
    [InlineData("*1\r\n$16384\r\n", "NeedMore")]
    [InlineData("*1\r\n$16385\r\n", "ProtocolError UnauthenticatedBulkLength")]
    [InlineData("*1\r\n$536870913\r\n", "ProtocolError InvalidBulkLength")]
    public void Unauthenticated_GetsSmallLimits(string bytes, string expected)
    {
        foreach (string outcome in Outcomes(Encoding.Latin1.GetBytes(bytes), ParseLimits.Unauthenticated))
        {
            Assert.StartsWith("\n" + expected, outcome, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Unauthenticated_WholeRequestBeyondTheLimits_IsRefused()
    {
        StringBuilder eleven = new("*11\r\n");
        for (int count = 0; count < 11; count++)
        {
            eleven.Append("$1\r\na\r\n");
        }
        Assert.Contains("UnauthenticatedMultibulk", Input.Whole(Encoding.Latin1.GetBytes(eleven.ToString()), ParseLimits.Unauthenticated));
        byte[] big = Encoding.Latin1.GetBytes("*1\r\n$16385\r\n" + Letters(16385) + "\r\n");
        Assert.Contains("UnauthenticatedBulk", Input.Whole(big, ParseLimits.Unauthenticated));
        Assert.Contains("Done", Input.Whole(big, ParseLimits.Default));
    }

    [Fact]
    public void RequestCountMax_StopsAfterThatMany()
    {
        using Heap heap = new();
        using RequestBatch batch = new(heap);
        RequestParser parser = new();
        ParseState? state = null;
        byte[] bytes = "PING\r\n*0\r\n*1\r\n$4\r\nPING\r\nPING\r\n"u8.ToArray();
        ulong block = heap.Allocate(bytes.Length);
        bytes.CopyTo(Native.Bytes(block, bytes.Length));
        ParseResult result = parser.Parse(block, bytes.Length, batch, ref state, ParseLimits.Default with { RequestCountMax = 2 });
        Assert.Equal(new ParseResult(ParseStatus.LimitReached, bytes.Length - 6), result);
        Assert.Equal(2, batch.Count);
        result = parser.Parse(block, bytes.Length - 6, batch, ref state, ParseLimits.Default with { RequestCountMax = 2 });
        Assert.Equal(ParseStatus.Done, result.Status);
        heap.Free(block);
    }

    [Theory]
    [InlineData("", ProtocolError.TooBigInlineRequest)]
    [InlineData("*", ProtocolError.TooBigMultibulkCount)]
    [InlineData("*1\r\n$", ProtocolError.TooBigBulkCount)]
    [InlineData("*1\r\n\0", ProtocolError.TooBigBulkCount)]
    [InlineData("\0", ProtocolError.TooBigInlineRequest)]
    public void LongLine_IsRefused_OnlyBeyondTheLimit(string start, ProtocolError error)
    {
        int lineStart = start.LastIndexOf('\n') + 1;
        byte[] bytes = Encoding.Latin1.GetBytes(start + new string('1', LineMax + 1 - (start.Length - lineStart)));
        Assert.Contains("NeedMore", Input.Whole(bytes.AsSpan(0, bytes.Length - 1), ParseLimits.Default));
        Assert.Contains($"ProtocolError {error}", Input.Whole(bytes, ParseLimits.Default));
        Assert.Equal(Input.Whole(bytes, ParseLimits.Default), Input.SplitAt(bytes, LineMax, ParseLimits.Default));
    }

    [Fact]
    public void LongLine_IsTakenUpToTheLimit_AndNeverBeyond()
    {
        byte[] longest = Encoding.Latin1.GetBytes(Letters(LineMax) + "\n");
        Assert.Contains("Done", Input.Whole(longest, ParseLimits.Default));
        byte[] longer = Encoding.Latin1.GetBytes(Letters(LineMax + 1) + "\n");
        Assert.Contains("TooBigInlineRequest", Input.Whole(longer, ParseLimits.Default));
    }

    [Theory]
    [InlineData("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$536870912\r\nabc", 34 + 536870912 + 2)]
    [InlineData("*1\r\n$10\r\n", 9 + 10 + 2)]
    [InlineData("*1\r\n$10", 0)]
    public void PendingSize_IsWhatTheRequestNeedsInAll(string bytes, int expected)
    {
        using Input input = new(ParseLimits.Default);
        input.Receive(Encoding.Latin1.GetBytes(bytes));
        Assert.Equal(expected, input.Last.PendingSize);
    }

    [Fact]
    public void AnnouncedMillions_CostNothing()
    {
        using Input input = new(ParseLimits.Default);
        long before = GC.GetAllocatedBytesForCurrentThread();
        input.Receive("*2147483647\r\n$536870912\r\n"u8);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
    }

    [Fact]
    public void OneByteAtATime_CostsTimeInProportion()
    {
        StringBuilder text = new("*100001\r\n$4\r\nMSET\r\n");
        for (int index = 0; index < 100_000; index++)
        {
            text.Append("$5\r\nkey:1\r\n");
        }
        byte[] bytes = Encoding.Latin1.GetBytes(text.ToString());
        using Heap heap = new();
        using RequestBatch batch = new(heap);
        RequestParser parser = new();
        ParseState? state = null;
        ulong block = heap.Allocate(bytes.Length);
        bytes.CopyTo(Native.Bytes(block, bytes.Length));
        IClock clock = SystemClock.Instance;
        long startedUs = clock.ThreadCpuUs;
        for (int length = 1; length < bytes.Length; length++)
        {
            Assert.Equal(ParseStatus.NeedMore, parser.Parse(block, length, batch, ref state, ParseLimits.Default).Status);
        }
        Assert.Equal(ParseStatus.Done, parser.Parse(block, bytes.Length, batch, ref state, ParseLimits.Default).Status);
        Assert.InRange(clock.ThreadCpuUs - startedUs, 0, 10_000_000);
        Assert.Equal(100_001, batch.Arguments(0).Length);
        heap.Free(block);
    }

    [Fact]
    public void RandomRequests_SameForEveryFragmentation()
    {
        Random random = Seed.NewRandom();
        string[] parts =
            ["*", "$", "\r\n", "\r", "\n", "1", "2", "3", "0", "-", "PING", " ", "\"", "'", "\0", "*1\r\n$4\r\nPING\r\n", "$1\r\na\r\n"];
        for (int round = 0; round < 2000; round++)
        {
            StringBuilder text = new();
            for (int count = random.Next(1, 12); count > 0; count--)
            {
                text.Append(parts[random.Next(parts.Length)]);
            }
            byte[] bytes = Encoding.Latin1.GetBytes(text.ToString());
            string whole = Input.Whole(bytes, ParseLimits.Default);
            Assert.Equal(whole, Input.ByteByByte(bytes, ParseLimits.Default));
            Assert.Equal(whole, Input.SplitAt(bytes, random.Next(bytes.Length), ParseLimits.Default));
        }
    }

    private static IEnumerable<string> Outcomes(byte[] bytes, ParseLimits limits)
    {
        yield return Input.Whole(bytes, limits);
        yield return Input.ByteByByte(bytes, limits);
        for (int offset = 1; offset < bytes.Length; offset++)
        {
            yield return Input.SplitAt(bytes, offset, limits);
        }
    }

    private static string Letters(int count) => string.Concat(Enumerable.Range(0, count).Select(index => (char)('a' + index % 26)));
}
