using System.Text;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>The bytes of every element in both protocols, as Redis writes them.</summary>
public sealed class ReplyWriterTests : IDisposable
{
    private readonly Heap _heap = new();
    private readonly NativeBuffer _buffer;
    private readonly ReplyWriter _reply;

    public ReplyWriterTests()
    {
        _buffer = new NativeBuffer(_heap, 16);
        _reply = new ReplyWriter(_buffer);
    }

    public static TheoryData<string, Action<ReplyWriter>, string, string> Elements => new()
    {
        { "Ok", reply => reply.Ok(), "+OK\r\n", "+OK\r\n" },
        { "Pong", reply => reply.Pong(), "+PONG\r\n", "+PONG\r\n" },
        { "Queued", reply => reply.Queued(), "+QUEUED\r\n", "+QUEUED\r\n" },
        { "Simple", reply => reply.Simple("hash"u8), "+hash\r\n", "+hash\r\n" },
        { "Error", reply => reply.Error(ErrorText.Syntax), "-ERR syntax error\r\n", "-ERR syntax error\r\n" },
        { "Integer", reply => reply.Integer(-42), ":-42\r\n", ":-42\r\n" },
        { "Bulk", reply => reply.Bulk("a\r\nb"u8), "$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n" },
        { "BulkEmpty", reply => reply.Bulk(default), "$0\r\n\r\n", "$0\r\n\r\n" },
        { "BulkInteger", reply => reply.BulkInteger(long.MinValue), "$20\r\n-9223372036854775808\r\n", "$20\r\n-9223372036854775808\r\n" },
        { "Null", reply => reply.Null(), "$-1\r\n", "_\r\n" },
        { "NullArray", reply => reply.NullArray(), "*-1\r\n", "_\r\n" },
        { "Array", reply => reply.Array(2), "*2\r\n", "*2\r\n" },
        { "Map", reply => reply.Map(5), "*10\r\n", "%5\r\n" },
        { "Set", reply => reply.Set(3), "*3\r\n", "~3\r\n" },
        { "Push", reply => reply.Push(3), "*3\r\n", ">3\r\n" },
        { "Double", reply => reply.Double(1.5), "$3\r\n1.5\r\n", ",1.5\r\n" },
        { "DoubleInfinity", reply => reply.Double(double.NegativeInfinity), "$4\r\n-inf\r\n", ",-inf\r\n" },
        { "DoubleLong", reply => reply.Double(0.1 + 0.2), "$19\r\n0.30000000000000004\r\n", ",0.30000000000000004\r\n" },
        { "True", reply => reply.Boolean(true), ":1\r\n", "#t\r\n" },
        { "False", reply => reply.Boolean(false), ":0\r\n", "#f\r\n" },
        { "BigNumber", reply => reply.BigNumber("123"u8), "$3\r\n123\r\n", "(123\r\n" },
        { "Verbatim", reply => reply.Verbatim("abc"u8, "txt"u8), "$3\r\nabc\r\n", "=7\r\ntxt:abc\r\n" },
        { "VerbatimShort", reply => reply.Verbatim("abc"u8, "md"u8), "$3\r\nabc\r\n", "=7\r\nmd :abc\r\n" },
        { "Raw", reply => reply.Raw(":1\r\n"u8), ":1\r\n", ":1\r\n" },
        { "Deferred", reply => reply.EndArray(reply.BeginArray(), 0), "*0\r\n", "*0\r\n" },
        { "DeferredMap", reply => reply.EndMap(reply.BeginMap(), 6), "*12\r\n", "%6\r\n" },
        { "DeferredSet", reply => reply.EndSet(reply.BeginSet(), 12), "*12\r\n", "~12\r\n" },
    };

    [Theory]
    [MemberData(nameof(Elements))]
    public void Element_HasItsBytes(string name, Action<ReplyWriter> write, string resp2, string resp3)
    {
        Assert.NotEmpty(name);
        write(_reply);
        Assert.Equal(resp2, Written());
        _buffer.Truncate(0);
        _reply.Version = 3;
        write(_reply);
        Assert.Equal(resp3, Written());
    }

    [Fact]
    public void Attribute_IsResp3()
    {
        _reply.Version = 3;
        _reply.Attribute(1);
        Assert.Equal("|1\r\n", Written());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(101)]
    [InlineData(110)]
    [InlineData(999)]
    [InlineData(1000)]
    [InlineData(1234567)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Integer_IsWrittenInAnyLength(long value)
    {
        _reply.Integer(value);
        Assert.Equal($":{value}\r\n", Written());
    }

    [Fact]
    public void Integers_AreRight_UpToFourDigits()
    {
        StringBuilder expected = new();
        for (int value = 0; value < 1100; value++)
        {
            _reply.Integer(value);
            expected.Append(':').Append(value).Append("\r\n");
        }

        Assert.Equal(expected.ToString(), Written());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(150)]
    [InlineData(70_000)]
    public void Bulk_OfAnySize_IsFramed(int size)
    {
        byte[] value = new byte[size];
        value.AsSpan().Fill((byte)'v');
        _reply.Bulk(value);
        _reply.ReserveBulk(size).Fill((byte)'w');
        Assert.Equal($"${size}\r\n{new string('v', size)}\r\n${size}\r\n{new string('w', size)}\r\n", Written());
    }

    [Fact]
    public void Deferred_Nests_AndMovesItsBody()
    {
        _reply.Ok();
        int outer = _reply.BeginArray();
        for (int index = 0; index < 12; index++)
        {
            int inner = _reply.BeginArray();
            for (int item = 0; item < index * 10; item++)
            {
                _reply.Integer(item);
            }
            _reply.EndArray(inner, index * 10);
        }

        _reply.EndArray(outer, 12);
        ReplyReader reader = new();
        reader.Append(_buffer.Written(0));
        Assert.True(reader.TryRead(out Reply? ok));
        Assert.Equal("+OK", ok.ToString());
        Assert.True(reader.TryRead(out Reply? reply));
        Assert.Equal(12, reply.Items.Count);
        for (int index = 0; index < 12; index++)
        {
            Assert.Equal(Enumerable.Range(0, index * 10).Select(item => (long)item), reply.Items[index].Items.Select(item => item.Integer));
        }
        Assert.True(reader.Unread.IsEmpty);
    }

    [Fact]
    public void Error_IsCountedAndKept_AlsoWhenItMoves()
    {
        int mark = _reply.BeginArray();
        _reply.Error(ErrorText.WrongType);
        Assert.Equal(1, _reply.ErrorCount);
        ErrorText.WrongArity(_reply, "get"u8);
        _reply.EndArray(mark, 1234);
        Assert.Equal(2, _reply.ErrorCount);
        Assert.Equal("ERR wrong number of arguments for 'get' command", Encoding.Latin1.GetString(_reply.LastError));
    }

    public void Dispose()
    {
        _buffer.Dispose();
        _heap.Dispose();
    }

    /// <summary>Any replies, flowing to a sink from any size on, are the bytes that they are without one.</summary>
    [Fact]
    public void WhatFlowsIsWhatIsWritten()
    {
        int seed = Environment.TickCount;
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            int script = random.Next();
            int flowSize = random.Next(1, 2000);
            _buffer.Truncate(0);
            _reply.Begin();
            Write(_reply, new Random(script), depth: 0);
            string expected = Written();
            using var buffer = new NativeBuffer(_heap, 16);
            var writer = new ReplyWriter(buffer);
            writer.Ok();
            var sink = new CollectingSink();
            writer.BeginClient(sink, flowSize);
            writer.Simple("first"u8);
            writer.Begin();
            Write(writer, new Random(script), depth: 0);
            writer.EndClient();
            string rest = Encoding.Latin1.GetString(buffer.Written(writer.ClientStart));
            Assert.True("+first\r\n" + expected == sink.Text + rest, $"seed {seed}, round {round}");
            Assert.Equal(expected.Length + 8, writer.ClientSize);
            Assert.Equal("+OK\r\n", Encoding.Latin1.GetString(buffer.Written(0)[..5]));
        }
    }

    [Fact]
    public void NothingIsTakenFromAClientThatIsGone()
    {
        var sink = new CollectingSink { SizeMax = 1000 };
        _reply.Ok();
        _reply.BeginClient(sink, 100);
        for (int i = 0; i < 5; i++)
        {
            _reply.Begin();
            Write(_reply, new Random(i), depth: 0);
            int mark = _reply.BeginArray();
            for (int k = 0; k < 500; k++)
            {
                _reply.Bulk("some bytes"u8);
            }
            _reply.EndArray(mark, 500);
            Assert.True(_reply.IsGone && _reply.IsUnwanted);
        }
        Assert.True(sink.Text.Length < 200_000);
        Assert.True(_buffer.Length < 2000);
        _reply.BeginClient(new CollectingSink());
        _reply.Ok();
        Assert.False(_reply.IsGone || _reply.IsUnwanted);
    }

    [Fact]
    public void WhatIsDiscardedIsDroppedAndNeverFlows()
    {
        var sink = new CollectingSink();
        _reply.BeginClient(sink, 100);
        _reply.Ok();
        for (int i = 0; i < 20; i++)
        {
            _reply.Begin();
            _reply.Discard();
            Write(_reply, new Random(i), depth: 0);
            _reply.Drop();
        }
        Assert.Equal("", sink.Text);
        Assert.Equal("+OK\r\n", Written());
    }

    [Theory]
    [InlineData(2, 0, "+OK\r\n$0\r\n\r\n")]
    [InlineData(2, 3, "+OK\r\n$9\r\nline line\r\n")]
    [InlineData(3, 3, "+OK\r\n=13\r\ntxt:line line\r\n")]
    public void AVerbatimTextThatIsPutTogetherIsAsLongAsItSays(int version, int pieces, string expected)
    {
        _reply.Version = version;
        _reply.Ok();
        (int Whole, int Header) mark = _reply.BeginVerbatim();
        foreach (string piece in new[] { "line", " ", "line" }.Take(pieces))
        {
            _reply.Raw(Encoding.ASCII.GetBytes(piece));
        }
        _reply.EndVerbatim(mark, "txt"u8);
        Assert.Equal(expected, Written());
    }

    private static void Write(ReplyWriter reply, Random random, int depth)
    {
        int count = random.Next(depth == 0 ? 1 : 0, 12);
        int mark = reply.BeginArray();
        for (int i = 0; i < count; i++)
        {
            switch (random.Next(depth < 4 ? 8 : 6))
            {
                case 0:
                    reply.Bulk(new byte[random.Next(300)]);
                    break;
                case 1:
                    reply.Integer(random.Next());
                    break;
                case 2 when random.Next(20) == 0:
                    reply.Bulk(new byte[random.Next(100_000)]);
                    break;
                case 3:
                    new ErrorLine(reply).Text("ERR "u8).Argument(new byte[] { 97, 10, 98 }).Integer(7).End();
                    Assert.Equal("ERR a b7", Encoding.Latin1.GetString(reply.LastError));
                    break;
                case 4:
                    int cursor = reply.BeginCursor();
                    reply.Bulk(new byte[random.Next(2000)]);
                    reply.EndCursor(cursor, (ulong)random.NextInt64());
                    break;
                case 5:
                    (int Whole, int Header) verbatim = reply.BeginVerbatim();
                    reply.Raw(new byte[random.Next(2000)]);
                    reply.EndVerbatim(verbatim, "txt"u8);
                    break;
                case > 5:
                    Write(reply, random, depth + 1);
                    break;
                default:
                    reply.Null();
                    break;
            }
        }
        reply.EndArray(mark, random.Next(3) == 0 ? count + 100_000 : count);
    }

    private sealed class CollectingSink : IReplySink
    {
        private readonly List<string> _pieces = [];

        public int SizeMax { get; init; } = int.MaxValue;

        public string Text => string.Concat(_pieces);

        public bool Take(ReadOnlySpan<byte> bytes)
        {
            _pieces.Add(Encoding.Latin1.GetString(bytes));
            return _pieces.Sum(piece => piece.Length) <= SizeMax;
        }

        public bool TakeStored(ulong block, ReadOnlySpan<byte> bytes) => Take(bytes);

        public ulong TakePlace()
        {
            _pieces.Add("");
            return (ulong)_pieces.Count;
        }

        public void Fill(ulong place, ReadOnlySpan<byte> bytes) => _pieces[(int)place - 1] = Encoding.Latin1.GetString(bytes);
    }

    private string Written() => Encoding.Latin1.GetString(_buffer.Written(0));

    [Fact]
    public void AReplyThatNoBufferHoldsIsDropped()
    {
        using var heap = new Heap();
        using var buffer = new NativeBuffer(heap, 64);
        var writer = new ReplyWriter(buffer) { SizeMax = 1000 };
        writer.Begin();
        writer.Ok();
        writer.Begin();
        int start = buffer.Length;
        int mark = writer.BeginArray();
        for (int i = 0; i < 500; i++)
        {
            writer.Bulk("some bytes"u8);
        }
        writer.EndArray(mark, 500);
        Assert.True(writer.IsOverflown);
        Assert.True(buffer.Length < 2000);

        buffer.Truncate(start);
        writer.Begin();
        writer.Integer(1);
        Assert.False(writer.IsOverflown);
        Assert.True(buffer.Written(0).SequenceEqual("+OK\r\n:1\r\n"u8));
    }
}
