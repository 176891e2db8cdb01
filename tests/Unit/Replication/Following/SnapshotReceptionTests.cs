using System.Text;
using Bixbite.Memory;
using Bixbite.Persistence.Transfer;
using Bixbite.Replication.Following;
using Xunit;

namespace Bixbite.Unit.Replication.Following;

/// <summary>A snapshot that comes in pieces of every size, into a pipe that is never large enough.</summary>
public sealed class SnapshotReceptionTests : IDisposable
{
    private const string Mark = "0123456789abcdef0123456789abcdef01234567";

    private readonly Heap _heap = new();

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData("\n\n$EOF:" + Mark + "\r\n", Mark)]
    [InlineData("$11\r\n", "the stream")]
    [InlineData("\r\n$11\n", "the stream")]
    public void Its_end_is_found_whatever_the_pieces(string header, string rest)
    {
        for (int pieceSize = 1; pieceSize < 70; pieceSize++)
        {
            for (int pipeSize = 1; pipeSize < 14; pipeSize += 4)
            {
                using BytePipe pipe = new(_heap, pipeSize, "test");
                (string content, string left, SnapshotReception reception) = Receive(pipe, header + "REDIS00 abc" + rest, pieceSize);
                Assert.True(reception.IsComplete);
                Assert.Equal("REDIS00 abc", content);
                Assert.Equal(11, reception.ReadSize);
                Assert.Equal(rest == Mark ? "" : rest, left);
            }
        }
    }

    [Fact]
    public void Whoever_reads_to_the_end_gets_the_mark()
    {
        using BytePipe pipe = new(_heap, 100, "test");
        SnapshotReception reception = new();
        reception.TakeHeader(Encoding.ASCII.GetBytes($"$EOF:{Mark}\r\n"), 100);
        reception.Begin(pipe, findsMark: false);
        Assert.Equal(47, reception.Take(Encoding.ASCII.GetBytes("content" + Mark)));
        Assert.False(reception.IsComplete);
        Assert.Equal(47, pipe.ReadableCount);
    }

    [Theory]
    [InlineData("$EOF:abc\r\n")]
    [InlineData("$EOF:" + Mark + "0\r\n")]
    [InlineData("$-1\r\n")]
    [InlineData("$0\r\n")]
    [InlineData("$9999999999999999999\r\n")]
    [InlineData("+OK\r\n")]
    [InlineData("-ERR no\r\n")]
    public void What_announces_no_snapshot_is_none(string header)
    {
        SnapshotReception reception = new();
        reception.TakeHeader(Encoding.ASCII.GetBytes(header + "REDIS"), 100);
        Assert.NotNull(reception.Problem);
        Assert.False(reception.HasHeader);
    }

    [Fact]
    public void A_line_has_an_end()
    {
        SnapshotReception reception = new();
        Assert.Equal(0, reception.TakeHeader(Encoding.ASCII.GetBytes(new string('1', 100)), 100));
        Assert.Null(reception.Problem);
        reception.TakeHeader(Encoding.ASCII.GetBytes(new string('1', 101)), 100);
        Assert.NotNull(reception.Problem);
    }

    [Fact]
    public void A_reader_that_has_gone_ends_it()
    {
        using BytePipe pipe = new(_heap, 100, "test");
        SnapshotReception reception = new();
        pipe.Refuse();
        reception.TakeHeader("$5\r\n"u8, 100);
        reception.Begin(pipe, findsMark: true);
        reception.Take("abcde"u8);
        Assert.False(reception.IsComplete);
        Assert.NotNull(reception.Problem);
    }

    /// <summary>Presents what was not taken again, with more, as a connection does.</summary>
    private static (string Content, string Left, SnapshotReception Reception) Receive(BytePipe pipe, string bytes, int pieceSize)
    {
        SnapshotReception reception = new();
        StringBuilder content = new();
        byte[] all = Encoding.ASCII.GetBytes(bytes);
        byte[] room = new byte[64];
        int taken = 0;
        for (int end = Math.Min(pieceSize, all.Length); !reception.IsComplete; end = Math.Min(end + pieceSize, all.Length))
        {
            do
            {
                taken += reception.HasHeader ? 0 : reception.TakeHeader(all.AsSpan(taken, end - taken), 100);
                if (reception is { HasHeader: true, HasBegun: false })
                {
                    reception.Begin(pipe, findsMark: true);
                }
                taken += reception.HasBegun ? reception.Take(all.AsSpan(taken, end - taken)) : 0;
                Assert.Null(reception.Problem);
                content.Append(Encoding.ASCII.GetString(room, 0, pipe.Read(room)));
            }
            while (reception.IsBlocked);
        }
        while (pipe.ReadableCount > 0)
        {
            content.Append(Encoding.ASCII.GetString(room, 0, pipe.Read(room)));
        }
        return (content.ToString(), Encoding.ASCII.GetString(all[taken..]), reception);
    }
}
