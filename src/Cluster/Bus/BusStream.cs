namespace Bixbite.Cluster.Bus;

/// <summary>Frames on a stream of bytes. One reader and one writer at a time.</summary>
internal sealed class BusStream(Stream stream) : IAsyncDisposable
{
    private const int FirstBuffer = 16 * 1024;

    /// <summary>A buffer that a large frame has made is not kept.</summary>
    private const int KeptBuffer = 256 * 1024;

    private byte[] _buffer = new byte[FirstBuffer];
    private int _start;
    private int _end;

    public ValueTask DisposeAsync() => stream.DisposeAsync();

    internal async ValueTask WriteAsync(BusFrame frame, CancellationToken cancellation)
    {
        byte[] bytes = new byte[frame.Size];
        frame.Write(bytes);
        await stream.WriteAsync(bytes, cancellation).ConfigureAwait(false);
        await stream.FlushAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>The next frame, with a payload of its own; null at the end, also at that of what can be understood.</summary>
    internal async ValueTask<BusFrame?> ReadAsync(int payloadMax, CancellationToken cancellation)
    {
        while (true)
        {
            if (BusFrame.TryRead(_buffer.AsMemory(_start, _end - _start), payloadMax, out BusFrame frame, out int needed))
            {
                _start += frame.Size;
                return frame with { Payload = frame.Payload.ToArray() };
            }
            if (needed == 0)
            {
                return null;
            }
            MakeRoom(needed);
            int count = await stream.ReadAsync(_buffer.AsMemory(_end), cancellation).ConfigureAwait(false);
            if (count == 0)
            {
                return null;
            }
            _end += count;
        }
    }

    private void MakeRoom(int needed)
    {
        int left = _end - _start;
        byte[] target = _buffer;
        if (needed > _buffer.Length || (_buffer.Length > KeptBuffer && needed <= FirstBuffer))
        {
            target = new byte[Math.Max(needed, FirstBuffer)];
        }
        _buffer.AsSpan(_start, left).CopyTo(target);
        _buffer = target;
        _start = 0;
        _end = left;
    }
}
