using System.Text;
using Bixbite.Http.Requests;
using Xunit;

namespace Bixbite.Unit.Http.Requests;

/// <summary>The end of a head, in whatever pieces it comes.</summary>
public sealed class HeadEndTests
{
    [Theory]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\n", 27)]
    [InlineData("GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n", 18)]
    [InlineData("\r\nGET / HTTP/1.0\r\n\r\n", 2)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n", 0)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r", 0)]
    [InlineData("", 0)]
    [InlineData("\n", HeadEnd.Broken)]
    [InlineData("GET / HTTP/1.1\nHost: a\r\n\r\n", HeadEnd.Broken)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\n", HeadEnd.Broken)]
    public void ItIsFound(string text, int expected)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        Assert.Equal(expected, FindInPieces(bytes, bytes.Length));
        for (int size = 1; size < bytes.Length; size++)
        {
            Assert.Equal(expected, FindInPieces(bytes, size));
        }
    }

    private static int FindInPieces(byte[] bytes, int pieceSize)
    {
        HeadEnd end = default;
        int found = 0;
        for (int length = Math.Min(pieceSize, bytes.Length); ; length = Math.Min(length + pieceSize, bytes.Length))
        {
            found = end.Find(bytes.AsSpan(0, length));
            if (found != 0 || length == bytes.Length)
            {
                return found;
            }
        }
    }
}
