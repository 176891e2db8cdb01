using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Bixbite.Protocol;

namespace Bixbite.Tool.Connecting;

/// <summary>
/// A connection to a server, used by one thread. Every wait ends when its cancellation says so; what the server sends is bounded by
/// <see cref="ConnectionOptions.ReplySizeMax"/>. Whatever goes wrong is a ToolException, after which the connection is of no use.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private const int ReadSize = 64 * 1024;

    private readonly ConnectionOptions _options;
    private readonly Stream _stream;
    private readonly ReplyReader _reader;
    private readonly byte[] _received = new byte[ReadSize];
    private readonly ArrayBufferWriter<byte> _request = new();
    private Task<int>? _reading;

    private ServerConnection(ConnectionOptions options, Stream stream)
    {
        _options = options;
        _stream = stream;
        _reader = new ReplyReader(Math.Min(options.ReplySizeMax, int.MaxValue / 2), options.ReplySizeMax);
    }

    /// <summary>Connects, and agrees on encryption; nobody is logged in yet.</summary>
    /// <exception cref="ToolException">It cannot.</exception>
    public static ServerConnection Open(ConnectionOptions options, CancellationToken cancellation)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        try
        {
            return new ServerConnection(options, OpenAsync(options, limit.Token).GetAwaiter().GetResult());
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new ToolException(
                $"Could not connect to {options.Address}: no answer within {options.Timeout.TotalSeconds:0.###} seconds. "
                + "Is the address right, and does a firewall let one through? -t gives it more time.");
        }
        catch (ArgumentException exception)
        {
            throw new ToolException($"{options.Address} is no address: {exception.Message}", ToolException.Misused);
        }
        catch (SocketException exception)
        {
            throw new ToolException($"Could not connect to {options.Address}: {Explain(exception, options)}");
        }
        catch (AuthenticationException exception)
        {
            throw new ToolException(
                $"Could not connect to {options.Address}: TLS failed: {exception.Message} "
                + "--cacert names the authority to trust, --sni the name in the certificate; --insecure trusts anybody.");
        }
        catch (IOException exception) when (options.Tls.IsOn)
        {
            throw new ToolException(
                $"Could not connect to {options.Address}: TLS failed: {exception.Message} Is it the port for TLS (tls-port)?");
        }
    }

    /// <summary>Sends a request; replies that come in the meantime wait.</summary>
    public void Send(IReadOnlyList<byte[]> words, CancellationToken cancellation)
    {
        _request.ResetWrittenCount();
        Add(words);
        Flush(cancellation);
    }

    /// <summary>The next reply, however long it takes.</summary>
    public Reply Read(CancellationToken cancellation) =>
        TryRead(Timeout.InfiniteTimeSpan, cancellation, out Reply? reply) ? reply : throw new InvalidOperationException();

    /// <summary>The next reply; false if it has not come within the time.</summary>
    public bool TryRead(TimeSpan time, CancellationToken cancellation, [NotNullWhen(true)] out Reply? reply)
    {
        while (!_reader.TryRead(out reply))
        {
            RequireWhole();
            _reading ??= _stream.ReadAsync(_received.AsMemory(), CancellationToken.None).AsTask();
            int count = 0;
            if (!Guard(() => Finish(_reading, time, cancellation) && (count = _reading.GetAwaiter().GetResult()) >= 0))
            {
                return false;
            }
            _reading = null;
            Take(count);
        }
        return true;
    }

    /// <summary>Sends a request and returns its reply, within the time that connecting may take.</summary>
    /// <exception cref="ToolException">The connection failed; an error of the server is a reply.</exception>
    public Reply Ask(CancellationToken cancellation, params IReadOnlyList<byte[]> words) => AskAll([words], cancellation)[0];

    /// <summary>The same with words of text.</summary>
    public Reply Ask(CancellationToken cancellation, params IReadOnlyList<string> words) =>
        Ask(cancellation, [.. words.Select(Encoding.UTF8.GetBytes)]);

    /// <summary>Sends requests at once, so few that the network takes them, and returns their replies; each may take its time.</summary>
    public Reply[] AskAll(IReadOnlyList<IReadOnlyList<byte[]>> requests, CancellationToken cancellation)
    {
        _request.ResetWrittenCount();
        foreach (IReadOnlyList<byte[]> words in requests)
        {
            Add(words);
        }
        Flush(cancellation);
        Reply[] replies = new Reply[requests.Count];
        for (int i = 0; i < replies.Length; i++)
        {
            do
            {
                if (!TryRead(_options.Timeout, cancellation, out Reply? reply))
                {
                    string time = _options.Timeout.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
                    string command = Encoding.UTF8.GetString(requests[i][0]);
                    throw new ToolException($"{_options.Address} does not answer {command} within {time} seconds.");
                }
                replies[i] = reply;
            }
            while (replies[i].Kind == ReplyKind.Push);
        }
        return replies;
    }

    /// <summary>
    /// Sends requests as bytes and waits for so many replies; returns the first error among them, or null. For load: many connections may
    /// do so at once.
    /// </summary>
    public async Task<Reply?> ExchangeAsync(ReadOnlyMemory<byte> requests, int replyCount, CancellationToken cancellation)
    {
        Reply? error = null;
        try
        {
            await _stream.WriteAsync(requests, cancellation).ConfigureAwait(false);
            for (int count = 0; count < replyCount;)
            {
                while (count < replyCount && _reader.TryRead(out Reply? reply))
                {
                    error = reply.IsError ? error ?? reply : error;
                    count++;
                }
                if (count < replyCount)
                {
                    RequireWhole();
                    Take(await _stream.ReadAsync(_received, cancellation).ConfigureAwait(false));
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            throw Lost(exception);
        }
        return error;
    }

    public void Dispose() => _stream.Dispose();

    private static async Task<Stream> OpenAsync(ConnectionOptions options, CancellationToken cancellation)
    {
        Socket socket = options.SocketPath.Length > 0
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            EndPoint address = options.SocketPath.Length > 0
                ? new UnixDomainSocketEndPoint(options.SocketPath)
                : new DnsEndPoint(options.Host, options.Port);
            await socket.ConnectAsync(address, cancellation).ConfigureAwait(false);
            NetworkStream stream = new(socket, ownsSocket: true);
            return options.Tls.IsOn ? await options.Tls.WrapAsync(stream, options.Host, cancellation).ConfigureAwait(false) : stream;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static string Explain(SocketException exception, ConnectionOptions options) => exception.SocketErrorCode switch
    {
        SocketError.ConnectionRefused when options.SocketPath.Length > 0 => "nobody listens there. Is the server running?",
        SocketError.ConnectionRefused =>
            $"nobody listens there. Start a server by 'bixbite server --port {options.Port}', or name another one by -h and -p.",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"there is no host '{options.Host}'. Is its name right?",
        SocketError.AddressNotAvailable when options.SocketPath.Length > 0 =>
            "there is no such socket. The setting 'unixsocket' of the server says where it is.",
        SocketError.AccessDenied => "permission denied. May this user use the socket (unixsocketperm)?",
        _ => exception.Message,
    };

    /// <summary>Waits for a task; false if it is not over within the time.</summary>
    private static bool Finish(Task task, TimeSpan time, CancellationToken cancellation)
    {
        if (Task.WaitAny([task], (int)time.TotalMilliseconds, cancellation) < 0)
        {
            return false;
        }
        task.GetAwaiter().GetResult();
        return true;
    }

    private void Add(IReadOnlyList<byte[]> words)
    {
        _request.Begin(words.Count);
        foreach (byte[] word in words)
        {
            _request.Add(word);
        }
    }

    private void Flush(CancellationToken cancellation) =>
        Guard(() => Finish(_stream.WriteAsync(_request.WrittenMemory, cancellation).AsTask(), Timeout.InfiniteTimeSpan, cancellation));

    private void RequireWhole()
    {
        if (_reader.IsBroken)
        {
            throw new ToolException(_reader.IsTooLarge
                ? $"The reply of {_options.Address} takes more than {_options.ReplySizeMax / 1024 / 1024} megabytes: "
                    + "ask for less at once, or allow more by --reply-max."
                : $"{_options.Address} has sent bytes that are no reply of Redis' protocol: is it a Redis server, and not its TLS port?");
        }
    }

    /// <summary>Gives the bytes that were received to the reader; none of them means that the server has closed.</summary>
    private void Take(int count)
    {
        if (count == 0)
        {
            throw new ToolException($"The connection to {_options.Address} was closed by the server.");
        }
        _reader.Append(_received.AsSpan(0, count));
    }

    private ToolException Lost(Exception exception) =>
        new($"The connection to {_options.Address} was lost: {exception.GetBaseException().Message}.");

    private bool Guard(Func<bool> use)
    {
        try
        {
            return use();
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            throw Lost(exception);
        }
    }
}
