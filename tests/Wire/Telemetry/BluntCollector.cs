using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Bixbite.Wire.Telemetry;

/// <summary>
/// Answers each request, once it has all of it, with the same bytes, whatever they are, and then ends the connection or does nothing.
/// </summary>
internal sealed class BluntCollector : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> _clients = [];
    private readonly byte[] _answer;
    private readonly bool _isEnd;

    public BluntCollector(string answer, bool isEnd)
    {
        _answer = Encoding.ASCII.GetBytes(answer);
        _isEnd = isEnd;
        _listener.Start();
        _ = ServeAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    public void Dispose()
    {
        _listener.Dispose();
        lock (_clients)
        {
            _clients.ForEach(static client => client.Dispose());
        }
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync();
                lock (_clients)
                {
                    _clients.Add(client);
                }
                _ = AnswerAsync(client.GetStream());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Disposed of.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        try
        {
            int length = 0;
            using StreamReader reader = new(stream, Encoding.Latin1, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 } line)
            {
                if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
                {
                    length = int.Parse(line.Split(':')[1], CultureInfo.InvariantCulture);
                }
            }
            char[] body = new char[length];
            await reader.ReadBlockAsync(body);
            await stream.WriteAsync(_answer);
            if (_isEnd)
            {
                stream.Socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The server has gone first.
        }
    }
}
