using System.Globalization;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>
/// A client that changes keys of its own, waits for a replica after each change, and remembers those that one has acknowledged. It ends
/// when the server does, or when it is told to.
/// </summary>
internal sealed class WaitingClient
{
    private const int KeyCount = 50;
    private const int WaitMs = 200;

    private readonly string _name;
    private readonly RespConnection _connection;
    private readonly Thread _thread;
    private readonly Dictionary<string, long> _acknowledged;
    private volatile bool _isEnding;
    private long _number;

    /// <param name="name">What its keys begin with.</param>
    /// <param name="primary">Where it writes.</param>
    /// <param name="acknowledged">The number that each key has at least; it rises with each change.</param>
    public WaitingClient(string name, Node primary, Dictionary<string, long> acknowledged)
    {
        _name = name;
        _acknowledged = acknowledged;
        _number = acknowledged.Count == 0 ? 0 : acknowledged.Values.Max();
        _connection = primary.Connect();
        _thread = new Thread(Run) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Ends it, and waits until it has.</summary>
    public void End()
    {
        _isEnding = true;
        Assert.True(_thread.Join(Patience.LimitMs), "a client does not end");
        _connection.Dispose();
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
        try
        {
            while (!_isEnding)
            {
                string key = $"{_name}:{++_number % KeyCount}";
                _connection.Send($"SET {key} {_number}");
                _connection.Send($"RPUSH {_name}:list {_number}");
                _connection.Send($"LTRIM {_name}:list -100 -1");
                _connection.Send($"WAIT 1 {WaitMs}");
                bool isWritten = !_connection.Read().IsError;
                _connection.Read();
                _connection.Read();
                Reply waited = _connection.Read();
                if (isWritten && !waited.IsError && waited.Integer >= 1)
                {
                    _acknowledged[key] = _number;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            // The server was killed.
        }
    }
}
