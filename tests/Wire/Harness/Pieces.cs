namespace Bixbite.Wire.Harness;

/// <summary>
/// Sends a request in pieces such that the server really sees pieces: after each one a PING goes round on a second connection, so the event
/// loop has read what came before.
/// </summary>
internal sealed class Pieces : IDisposable
{
    private readonly ServerAddress _address;
    private readonly RespConnection _pacer;

    public Pieces(ServerAddress address)
    {
        _address = address;
        _pacer = RespConnection.Open(address);
    }

    /// <summary>The reply bytes to the request cut in two at <paramref name="at"/>, on a new connection.</summary>
    public byte[] CutAt(ReadOnlySpan<byte> request, int at, int replyCount = 1)
    {
        using RespConnection connection = RespConnection.Open(_address);
        connection.Send(request[..at]);
        Pace();
        connection.Send(request[at..]);
        return ReadAll(connection, replyCount);
    }

    /// <summary>The reply bytes to the request sent one byte at a time.</summary>
    public byte[] ByteByByte(ReadOnlySpan<byte> request, int replyCount = 1)
    {
        using RespConnection connection = RespConnection.Open(_address);
        foreach (byte value in request)
        {
            connection.Send([value]);
            Pace();
        }

        return ReadAll(connection, replyCount);
    }

    /// <summary>The reply bytes to the request sent at once.</summary>
    public byte[] Whole(ReadOnlySpan<byte> request, int replyCount = 1)
    {
        using RespConnection connection = RespConnection.Open(_address);
        connection.Send(request);
        return ReadAll(connection, replyCount);
    }

    /// <summary>
    /// Asserts that the request gets the same bytes whole, cut at every offset, and byte by byte. It must not change what it reads.
    /// </summary>
    public void AssertSame(ReadOnlySpan<byte> request, int replyCount = 1)
    {
        byte[] expected = Whole(request, replyCount);
        for (int at = 1; at < request.Length; at++)
        {
            Assert.Equal(expected, CutAt(request, at, replyCount));
        }
        Assert.Equal(expected, ByteByByte(request, replyCount));
    }

    /// <summary>The same for a request too long to be cut everywhere: near its ends and around the offsets given.</summary>
    public void AssertSameAround(ReadOnlySpan<byte> request, params int[] offsets)
    {
        const int Near = 20;
        byte[] expected = Whole(request);
        foreach (int offset in (int[])[Near, .. offsets, request.Length - Near])
        {
            for (int at = Math.Max(1, offset - Near); at < Math.Min(request.Length, offset + Near); at++)
            {
                Assert.Equal(expected, CutAt(request, at));
            }
        }
    }

    public void Dispose() => _pacer.Dispose();

    private void Pace() => _pacer.Call("PING");

    private static byte[] ReadAll(RespConnection connection, int replyCount) =>
        Enumerable.Range(0, replyCount).SelectMany(_ => connection.ReadRaw()).ToArray();
}
