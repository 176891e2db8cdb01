using System.Buffers;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite;

/// <summary>A connection within the process that carries one call at a time, in RESP3. Owned by who calls.</summary>
internal sealed class DirectConnection(Stream stream) : IDisposable
{
    /// <summary>Buffers of a connection that has carried more are not kept.</summary>
    private const int KeptSizeMax = 1 << 20;

    private readonly ArrayBufferWriter<byte> _request = new(256);
    private readonly ReplyReader _replies = new();
    private readonly byte[] _received = new byte[4096];
    private bool _isGreeted;

    /// <summary>It is not to be used again: it was refused, or has carried so much that its buffers are better given up.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>Makes the request that <see cref="CallAsync"/> sends.</summary>
    public void Prepare(string command, ReadOnlySpan<BixbiteArgument> arguments)
    {
        _request.ResetWrittenCount();
        if (!_isGreeted)
        {
            _request.Write("*2\r\n$5\r\nHELLO\r\n$1\r\n3\r\n"u8);
        }
        _request.Begin(arguments.Length + 1);
        _request.Add(Encoding.UTF8.GetBytes(command));
        foreach (ref readonly BixbiteArgument argument in arguments)
        {
            _request.Add(argument.Bytes.Span);
        }
        IsSpent |= _request.WrittenCount > KeptSizeMax;
    }

    /// <summary>Sends the request and waits for its reply, which may be an error.</summary>
    /// <exception cref="IOException">The server has closed the connection.</exception>
    public async ValueTask<Reply> CallAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_request.WrittenMemory, cancellationToken).ConfigureAwait(false);
        if (!_isGreeted)
        {
            Reply greeting = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (greeting.IsError)
            {
                IsSpent = true;
                return greeting;
            }
            _isGreeted = true;
        }
        return await ReadAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => stream.Dispose();

    private async ValueTask<Reply> ReadAsync(CancellationToken cancellationToken)
    {
        long size = 0;
        Reply? reply;
        while (!_replies.TryRead(out reply))
        {
            int count = await stream.ReadAsync(_received, cancellationToken).ConfigureAwait(false);
            if (count == 0 || _replies.IsBroken)
            {
                throw new IOException("the connection is closed");
            }
            _replies.Append(_received.AsSpan(0, count));
            size += count;
        }
        IsSpent |= size > KeptSizeMax;
        return reply;
    }
}
