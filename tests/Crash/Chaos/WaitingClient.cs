using System.Globalization;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// A client that changes keys of its own, waits for a replica after each change, and remembers those that one has acknowledged. It goes to
/// another server when its own refuses writes or is gone, and ends when it is told to.
/// </summary>
internal sealed class WaitingClient
{
    private const int KeyCount = 50;
    private const int WaitMs = 200;
    private const int RetryMs = 5;

    private readonly string _name;
    private readonly List<Node> _nodes;
    private readonly Thread _thread;
    private readonly Dictionary<string, long> _acknowledged;
    private volatile bool _isEnding;
    private volatile RespConnection? _connection;
    private int _at;
    private long _number;

    /// <param name="name">What its keys begin with.</param>
    /// <param name="nodes">Where it may write; it begins with the first.</param>
    /// <param name="acknowledged">The number that each key has at least; it rises with each change.</param>
    public WaitingClient(string name, List<Node> nodes, Dictionary<string, long> acknowledged)
    {
        _name = name;
        _nodes = nodes;
        _acknowledged = acknowledged;
        _number = acknowledged.Count == 0 ? 0 : acknowledged.Values.Max();
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends it, and waits until it has.</summary>
    public void End()
    {
        _isEnding = true;
        Assert.True(_thread.Join(Patience.LimitMs), "a client does not end");
        _connection?.Dispose();
    }

    /// <summary>Keys that have an older number than was acknowledged, or none.</summary>
    public static IEnumerable<string> Missing(Node server, Dictionary<string, long> acknowledged)
    {
        using RespConnection connection = server.Connect();
        foreach ((string key, long number) in acknowledged)
        {
            Reply value = connection.Call($"GET {key}");
            if (value.IsNull || long.Parse(value.Text, CultureInfo.InvariantCulture) < number)
            {
                yield return $"{key} is {(value.IsNull ? "gone" : value.Text)}, {number} was acknowledged";
            }
        }
    }

    private void Run()
    {
        while (!_isEnding)
        {
            try
            {
                _connection ??= _nodes[_at].Connect();
                if (Change(_connection))
                {
                    continue;
                }
            }
            catch (Exception exception) when (exception is SocketException or EndOfStreamException)
            {
                // The server is gone, or has closed the connection since it is a replica now.
            }
            _connection?.Dispose();
            _connection = null;
            _at = (_at + 1) % _nodes.Count;
            Thread.Sleep(RetryMs);
        }
    }

    /// <summary>False if the server takes no writes.</summary>
    private bool Change(RespConnection connection)
    {
        string key = $"{_name}:{++_number % KeyCount}";
        connection.Send($"SET {key} {_number}");
        connection.Send($"RPUSH {_name}:list {_number}");
        connection.Send($"LTRIM {_name}:list -100 -1");
        connection.Send($"WAIT 1 {WaitMs}");
        Reply written = connection.Read();
        connection.Read();
        connection.Read();
        Reply waited = connection.Read();
        if (!written.IsError && !waited.IsError && waited.Integer >= 1)
        {
            _acknowledged[key] = _number;
        }
        return !written.Text.StartsWith("READONLY", StringComparison.Ordinal);
    }
}
