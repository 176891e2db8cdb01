using System.Text;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>Requests of which large arguments lie in blocks of their own.</summary>
public sealed class LooseArgumentTests : IDisposable
{
    private const int Length = LooseBlock.LengthMin;

    private readonly Heap _heap = new();
    private readonly RequestParser _parser = new();
    private readonly RequestBatch _batch;
    private ParseState? _state;

    public LooseArgumentTests() => _batch = new RequestBatch(_heap);

    public void Dispose()
    {
        _batch.Dispose();
        _heap.Dispose();
    }

    [Fact]
    public void AnArgumentThatIsNotThereYetIsTold()
    {
        ParseResult result = Parse($"*1\r\n$4\r\nPING\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${Length}\r\nvvv");
        Assert.Equal((ParseStatus.NeedMore, 14), (result.Status, result.Consumed));
        Assert.Equal((14 + 20 + 10, Length), (result.BulkStart, result.BulkLength));
        Assert.Equal(20 + 10 + Length + 2, result.PendingSize);
        Assert.Equal(0, result.LooseBytes);
    }

    [Fact]
    public void WithItsBlockARequestIsWhole()
    {
        string head = $"*4\r\n$4\r\nMSET\r\n$1\r\nk\r\n${Length}\r\n";
        string tail = "\r\n$1\r\nx\r\n*1\r\n$4\r\nPING\r\n";
        LooseBlock block = Block(head.Length, filled: Length - 1);
        ParseResult result = Parse(head, block);
        Assert.Equal((ParseStatus.NeedMore, 0), (result.Status, result.Consumed));
        Assert.Equal((head.Length + 2, (long)Length), (result.PendingSize, result.LooseBytes));
        block.Append("v"u8);
        for (int end = 0; end < tail.Length; end++)
        {
            _batch.Clear();
            result = Parse(head + tail[..end], block);
            Assert.Equal(end >= 9 ? 1 : 0, _batch.Count);
            if (_batch.Count == 0)
            {
                continue;
            }
            _parser.Discard(ref _state);
            Argument argument = _batch.Arguments(0)[2];
            Assert.Equal((block.Address, Length, true), (argument.Address, argument.Length, argument.IsLoose));
            Assert.Same(block, _batch.LooseBlockOf(argument));
            Assert.Equal(head.Length + 9, _batch[0].EndOffset);
            Assert.Null(_batch.LooseBlockOf(_batch.Arguments(0)[1]));
        }
        block.Free();
        Assert.Null(_batch.LooseBlockOf(_batch.Arguments(0)[2]));
    }

    /// <summary>However many bytes follow, those of the input are not taken for the argument's.</summary>
    [Fact]
    public void WhatFollowsItIsNotTakenForIt()
    {
        string head = $"*2\r\n$4\r\nECHO\r\n${Length}\r\n";
        LooseBlock first = Block(head.Length, Length);
        string other = $"*2\r\n$4\r\nECHO\r\n$5000000\r\n{new string('o', 5_000_000)}\r\n";
        LooseBlock second = Block((2 * head.Length) + other.Length + 2, Length);
        ParseResult result = Parse($"{head}\r\n{other}{head}\r\n", first, second);
        Assert.Equal(ParseStatus.Done, result.Status);
        Assert.Equal(
            [(Length, true), (5_000_000, false), (Length, true)],
            Enumerable.Range(0, 3).Select(i => (_batch.Arguments(i)[1].Length, _batch.Arguments(i)[1].IsLoose)));
        Assert.Equal(second.Address, _batch.Arguments(2)[1].Address);
        first.Free();
        second.Free();
    }

    [Fact]
    public void ACopyTakesTheBlockAndFreesIt()
    {
        string head = $"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${Length}\r\n";
        LooseBlock block = Block(head.Length, Length);
        Parse(head + "\r\n", block);
        using var heap = new Heap();
        using (var copy = new RequestBatch(heap))
        {
            copy.AddCopy(_batch, _batch.Arguments(0));
            Assert.True(block.IsGone);
            Assert.Null(_batch.LooseBlockOf(_batch.Arguments(0)[2]));
            Assert.Equal("k", copy.Arguments(0)[1].ToString());
            Assert.Equal(block.Address, copy.LooseBlockOf(copy.Arguments(0)[2])!.Address);
            copy.AddCopy(_batch, _batch.Arguments(0));
            Assert.Equal(Length, copy.Arguments(1)[2].Length);
            copy.LooseBlockOf(copy.Arguments(0)[2])!.GiveTo(_heap);
        }
        Assert.Equal(0, heap.UsedBytes);
        _heap.Free(block.Address);
    }

    private ParseResult Parse(string input, params LooseBlock[] blocks)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(input);
        ulong address = _heap.Allocate(bytes.Length);
        bytes.CopyTo(Native.Bytes(address, bytes.Length));
        return _parser.Parse(address, bytes.Length, _batch, ref _state, ParseLimits.Default, blocks);
    }

    private LooseBlock Block(int position, int filled)
    {
        var block = new LooseBlock(_heap, Length) { Position = position };
        block.Append(new byte[filled]);
        return block;
    }
}
