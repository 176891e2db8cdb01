using System.Runtime.CompilerServices;

namespace Bixbite.Net.Channels;

/// <summary>
/// The peer's end of a connection within the process, used like a <see cref="System.Net.Sockets.NetworkStream"/>: one thread may read
/// while another writes. At most 64 KiB are on their way in each direction; a write waits beyond that until the other end reads, and a read
/// returns 0 when the other end has closed and everything it sent was read.
/// </summary>
/// <remarks>
/// Writing to a connection that the other end has closed is an <see cref="IOException"/>, and so is waiting for longer than the time-outs,
/// and reading from an end that has failed. Disposing closes the connection, and so does the finalizer of a stream that was forgotten.
/// </remarks>
public sealed class InProcessStream : Stream
{
    private readonly PipeBuffer _incoming;
    private readonly PipeBuffer _outgoing;
    private readonly Action<ChannelEvents> _hasLeft;
    private readonly PipeWait _reading = new();
    private readonly PipeWait _writing = new();
    private int _readTimeoutMs = Timeout.Infinite;
    private int _writeTimeoutMs = Timeout.Infinite;
    private int _isClosed;

    /// <param name="incoming">What is read.</param>
    /// <param name="outgoing">What is written.</param>
    /// <param name="hasLeft">Told when no more will be written, and when no more will be read either.</param>
    internal InProcessStream(PipeBuffer incoming, PipeBuffer outgoing, Action<ChannelEvents> hasLeft)
    {
        _incoming = incoming;
        _outgoing = outgoing;
        _hasLeft = hasLeft;
    }

    ~InProcessStream() => Dispose(false);

    public override bool CanRead => !IsClosed;

    public override bool CanWrite => !IsClosed;

    public override bool CanSeek => false;

    public override bool CanTimeout => true;

    /// <summary>Milliseconds that a blocking read waits at most; <see cref="Timeout.Infinite"/> at first.</summary>
    public override int ReadTimeout
    {
        get => _readTimeoutMs;
        set => _readTimeoutMs = Checked(value);
    }

    /// <summary>Milliseconds that a blocking write waits at most for room, each time; <see cref="Timeout.Infinite"/> at first.</summary>
    public override int WriteTimeout
    {
        get => _writeTimeoutMs;
        set => _writeTimeoutMs = Checked(value);
    }

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    private bool IsClosed => Volatile.Read(ref _isClosed) != 0;

    /// <summary>Ends this side: the other end reads what was written, then the end. Reading goes on.</summary>
    public void CompleteWrites()
    {
        _outgoing.End();
        _hasLeft(ChannelEvents.PeerEnded);
    }

    public override int Read(Span<byte> buffer)
    {
        int count;
        while (!TryRead(buffer, null, out count))
        {
            Wakeup wakeup = new();
            if (TryRead(buffer, wakeup.Ring, out count))
            {
                return count;
            }
            if (wakeup.Wait(_readTimeoutMs))
            {
                continue;
            }
            _incoming.Forget(wakeup.Ring);
            throw new IOException("nothing was sent in time", new TimeoutException());
        }
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }
        return TryRead(buffer.Span, null, out int count) ? ValueTask.FromResult(count) : ReadLaterAsync(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!TryWrite(ref buffer, null))
        {
            Wakeup wakeup = new();
            if (TryWrite(ref buffer, wakeup.Ring))
            {
                return;
            }
            if (wakeup.Wait(_writeTimeoutMs))
            {
                continue;
            }
            _outgoing.Forget(wakeup.Ring);
            throw new IOException("nothing was read in time", new TimeoutException());
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        return TryWriteSome(ref buffer, null) ? ValueTask.CompletedTask : WriteLaterAsync(buffer, cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        Write(buffer.AsSpan(offset, count));
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    /// <summary>Nothing is kept back, so there is nothing to do.</summary>
    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _outgoing.End();
            _incoming.Break();
            _hasLeft(ChannelEvents.PeerEnded | ChannelEvents.Severed);
        }
        base.Dispose(disposing);
    }

    private static int Checked(int timeoutMs)
    {
        if (timeoutMs != Timeout.Infinite)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(timeoutMs);
        }
        return timeoutMs;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> ReadLaterAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        int count;
        do
        {
            Action ring = _reading.Begin();
            if (TryRead(buffer.Span, ring, out count))
            {
                _reading.End();
                return count;
            }
            await WaitAsync(_reading, _incoming, ring, cancellationToken).ConfigureAwait(false);
        }
        while (!TryRead(buffer.Span, null, out count));
        return count;
    }

    private async ValueTask WriteLaterAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        do
        {
            Action ring = _writing.Begin();
            if (TryWriteSome(ref buffer, ring))
            {
                _writing.End();
                return;
            }
            await WaitAsync(_writing, _outgoing, ring, cancellationToken).ConfigureAwait(false);
        }
        while (!TryWriteSome(ref buffer, null));
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask WaitAsync(PipeWait wait, PipeBuffer buffer, Action ring, CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = wait.CancelBy(cancellationToken);
        try
        {
            await wait.Task.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            buffer.Forget(ring);
            throw;
        }
        finally
        {
            registration.Dispose();
        }
    }

    private bool TryRead(Span<byte> room, Action? whenReadable, out int count)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Transfer transfer = _incoming.Read(room, whenReadable);
        count = transfer.Count;
        if (transfer.Next == ChannelNext.Failed)
        {
            // Broken by this end, which is being closed meanwhile, or by a server that has failed.
            ObjectDisposedException.ThrowIf(IsClosed, this);
            throw new IOException("the connection is broken off: the server has failed");
        }
        return count > 0 || transfer.Next is ChannelNext.Ended or ChannelNext.Ready;
    }

    private bool TryWriteSome(ref ReadOnlyMemory<byte> bytes, Action? whenWritable)
    {
        ReadOnlySpan<byte> rest = bytes.Span;
        bool isDone = TryWrite(ref rest, whenWritable);
        bytes = bytes[^rest.Length..];
        return isDone;
    }

    private bool TryWrite(ref ReadOnlySpan<byte> bytes, Action? whenWritable)
    {
        ObjectDisposedException.ThrowIf(IsClosed, this);
        Transfer transfer = _outgoing.Write(bytes, whenWritable);
        if (transfer.Next == ChannelNext.Failed)
        {
            throw new IOException("the connection is closed");
        }
        bytes = bytes[transfer.Count..];
        return bytes.IsEmpty;
    }

    /// <summary>A wait of a thread.</summary>
    private sealed class Wakeup
    {
        private readonly TaskCompletionSource _rung = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Wakeup() => Ring = () => _rung.TrySetResult();

        internal Action Ring { get; }

        internal bool Wait(int timeoutMs) => _rung.Task.Wait(timeoutMs);
    }
}
