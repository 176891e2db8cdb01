using System.Text;
using Bixbite.Http;
using Bixbite.Http.Requests;
using Bixbite.Memory;

namespace Bixbite.Fuzz.Targets.Http;

/// <summary>
/// Requests are the same in whatever pieces they come; nothing beyond a request is looked at; and a head that is accepted can be written
/// anew from its parts, and is understood as before.
/// </summary>
internal static class HttpRequestTarget
{
    private const int SizeMax = 64 * 1024;

    public static IReadOnlyList<byte[]> Seeds { get; } = FuzzTarget.Text(
        "GET /metrics HTTP/1.1\r\nHost: localhost:9121\r\nAccept: application/openmetrics-text;q=0.5,*/*;q=0.1\r\n"
            + "Authorization: Basic YTpi\r\n\r\n",
        "GET /console/socket HTTP/1.1\r\nHost: a\r\nOrigin: http://a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n*1\r\n",
        "\r\nHEAD http://a/?x HTTP/1.0\r\nContent-Length: 0\r\n\r\nGET * HTTP/1.1\r\nHost:\r\nTransfer-Encoding: chunked\r\n\r\n");

    public static void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length > SizeMax)
        {
            return;
        }
        byte[] bytes = input.ToArray();
        using GuardedInput memory = new(SizeMax);
        string whole = Read(memory, bytes, bytes.Length, bytes.Length);
        Require(whole, Read(memory, bytes, 1, 1));
        for (int offset = 1; offset < Math.Min(bytes.Length, 300); offset++)
        {
            Require(whole, Read(memory, bytes, offset, bytes.Length));
        }
    }

    /// <summary>Reads all requests; they come in a first piece of one size, then in pieces of another.</summary>
    private static string Read(GuardedInput memory, byte[] bytes, int firstSize, int nextSize)
    {
        StringBuilder transcript = new();
        RequestParser parser = new();
        HeadEnd end = default;
        int start = 0;
        for (int have = Math.Min(firstSize, bytes.Length); ;)
        {
            ReadOnlySpan<byte> there = Guarded(memory, bytes.AsSpan(start, have - start));
            int found = end.Find(there);
            if (found == HeadEnd.Broken)
            {
                return transcript.Append("broken").ToString();
            }
            if (found > 0)
            {
                end = default;
                start += found;
                Describe(memory, parser, bytes.AsSpan(start - found, found), transcript, isAgain: false);
            }
            else if (have == bytes.Length)
            {
                return transcript.ToString();
            }
            else
            {
                have = Math.Min(have + nextSize, bytes.Length);
            }
        }
    }

    private static void Describe(
        GuardedInput memory, RequestParser parser, ReadOnlySpan<byte> bytes, StringBuilder transcript, bool isAgain)
    {
        if (bytes.Length == 2)
        {
            transcript.Append("empty\n");
            return;
        }
        HttpStatus status = parser.Parse(Guarded(memory, bytes), out RequestHead request);
        transcript.Append(status).Append('\n');
        if (status != HttpStatus.None)
        {
            return;
        }
        string text = Encoding.Latin1.GetString(request.Method) + ' ' + Encoding.Latin1.GetString(request.Path) + ' ' + request.IsVersion11
            + ' ' + request.KeepsAlive + ' ' + Encoding.Latin1.GetString(request.Field("host"u8));
        transcript.Append(text).Append('\n');
        if (isAgain)
        {
            return;
        }
        StringBuilder anew = new();
        anew.Append(Encoding.Latin1.GetString(request.Method)).Append(' ').Append(Encoding.Latin1.GetString(request.Path))
            .Append(request.IsVersion11 ? " HTTP/1.1\r\n" : " HTTP/1.0\r\n");
        if (request.CountOf("host"u8) > 0)
        {
            anew.Append("Host:").Append(Encoding.Latin1.GetString(request.Field("host"u8))).Append("\r\n");
        }
        anew.Append("Connection: ").Append(request.KeepsAlive ? "keep-alive" : "close").Append("\r\n\r\n");
        StringBuilder understood = new();
        Describe(memory, parser, Encoding.Latin1.GetBytes(anew.ToString()), understood, isAgain: true);
        Require($"{HttpStatus.None}\n{text}\n", understood.ToString());
    }

    /// <summary>Where a read beyond the end stops the process.</summary>
    private static ReadOnlySpan<byte> Guarded(GuardedInput memory, ReadOnlySpan<byte> bytes) =>
        Native.Bytes(memory.Place(bytes), bytes.Length);

    private static void Require(string expected, string actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"Read:\n{actual}\nexpected:\n{expected}");
        }
    }
}
