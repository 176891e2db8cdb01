using System.Text;
using Bixbite.Memory;
using Bixbite.Protocol;
using Xunit;

namespace Bixbite.Unit.Protocol;

/// <summary>Feeds bytes to the parser in pieces, as a connection would, and notes what came out as readable lines.</summary>
internal sealed class Input : IDisposable
{
    private readonly Heap _heap = new();
    private readonly RequestParser _parser = new();
    private readonly RequestBatch _batch;
    private readonly ParseLimits _limits;
    private readonly List<string> _requests = [];
    private readonly List<byte> _unconsumed = [];
    private ParseState? _state;

    public Input(ParseLimits limits)
    {
        _limits = limits;
        _batch = new RequestBatch(_heap);
    }

    public ParseResult Last { get; private set; }

    public RequestBatch Batch => _batch;

    public ParseState? State => _state;

    /// <summary>One line per request, one for the end: "SET|k|v", then NeedMore, Done or an error.</summary>
    public string Outcome => string.Join('\n', _requests) + "\n" + (Last.Status == ParseStatus.ProtocolError
        ? $"ProtocolError {Last.Error} {Last.Unexpected}"
        : $"{Last.Status} {Last.PendingSize} left {_unconsumed.Count}");

    public static string Whole(ReadOnlySpan<byte> bytes, ParseLimits limits)
    {
        using Input input = new(limits);
        input.Receive(bytes);
        return input.Outcome;
    }

    public static string SplitAt(ReadOnlySpan<byte> bytes, int offset, ParseLimits limits)
    {
        using Input input = new(limits);
        input.Receive(bytes[..offset]);
        input.Receive(bytes[offset..]);
        return input.Outcome;
    }

    public static string ByteByByte(ReadOnlySpan<byte> bytes, ParseLimits limits)
    {
        using Input input = new(limits);
        foreach (byte one in bytes)
        {
            input.Receive([one]);
        }
        return input.Outcome;
    }

    /// <summary>
    /// More bytes of the connection. All unconsumed ones move to a block of their own, at its very end, so that the fence catches a read
    /// beyond them.
    /// </summary>
    public void Receive(ReadOnlySpan<byte> bytes)
    {
        if (Last.Status == ParseStatus.ProtocolError)
        {
            return;
        }
        _unconsumed.AddRange(bytes);
        do
        {
            ParseOnce();
        }
        while (Last.Status == ParseStatus.LimitReached);
    }

    public void Dispose()
    {
        _parser.Discard(ref _state);
        _batch.Dispose();
        _heap.Dispose();
    }

    private void ParseOnce()
    {
        int length = _unconsumed.Count;
        ulong block = _heap.Allocate(Math.Max(length, 1));
        ulong address = block + (ulong)(_heap.SizeOf(block) - length);
        _unconsumed.ToArray().CopyTo(Native.Bytes(address, length));

        _batch.Clear();
        Last = _parser.Parse(address, length, _batch, ref _state, _limits);
        int end = 0;
        for (int index = 0; index < _batch.Count; index++)
        {
            _requests.Add(string.Join('|', _batch.Arguments(index).ToArray().Select(argument => Escape(argument.Bytes))));
            Assert.True(_batch[index].EndOffset > end);
            end = _batch[index].EndOffset;
        }

        Assert.InRange(Last.Consumed, end, length);
        Assert.Equal(Last.Status == ParseStatus.NeedMore, _state is not null);
        _unconsumed.RemoveRange(0, Last.Consumed);
        _batch.Clear();
        _heap.Free(block);
    }

    private static string Escape(ReadOnlySpan<byte> bytes)
    {
        StringBuilder text = new();
        foreach (byte one in bytes)
        {
            _ = one is >= 32 and < 127 and not (byte)'|' ? text.Append((char)one) : text.Append($"<{one:X2}>");
        }
        return text.ToString();
    }
}
