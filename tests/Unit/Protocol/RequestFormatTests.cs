using System.Text;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>How many bytes requests take, and took when they came.</summary>
public sealed class RequestFormatTests
{
    [Theory]
    [InlineData("*1\r\n$4\r\nPING\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n$0\r\n\r\n$0\r\n\r\n")]
    [InlineData("*2\r\n$4\r\nECHO\r\n$12\r\nhello world!\r\n")]
    [InlineData("SET key value\r\n")]
    [InlineData("GET key\r\n")]
    public void What_came_is_measured(string request) =>
        Assert.Equal(request.Length, WithArguments(request, RequestFormat.ReceivedSizeOf));

    [Theory]
    [InlineData("SET key value\r\n")]
    [InlineData("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n")]
    public void A_copy_counts_as_it_would_be_sent(string request)
    {
        long size = WithArguments(request, arguments =>
        {
            using var heap = new Heap();
            using var source = new RequestBatch(heap);
            using var batch = new RequestBatch(heap);
            batch.AddCopy(source, arguments);
            return RequestFormat.ReceivedSizeOf(batch.Arguments(0));
        });
        Assert.Equal(33, size);
    }

    private static long WithArguments(string request, Measure measure)
    {
        using var heap = new Heap();
        using var batch = new RequestBatch(heap);
        byte[] bytes = Encoding.ASCII.GetBytes(request);
        ulong address = heap.Allocate(bytes.Length);
        bytes.CopyTo(Native.Bytes(address, bytes.Length));
        ParseState? state = null;
        var parser = new RequestParser();
        ParseResult result = parser.Parse(address, bytes.Length, batch, ref state, ParseLimits.Default);
        Assert.Equal(ParseStatus.Done, result.Status);
        long size = measure(batch.Arguments(0));
        heap.Free(address);
        return size;
    }

    private delegate long Measure(ReadOnlySpan<Argument> arguments);
}
