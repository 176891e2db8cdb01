using System.Collections.Concurrent;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Recipes;

/// <summary>
/// The recipe: a cache that the server keeps true (CLIENT TRACKING). Replies and invalidations come on one connection in one order, so what
/// was read before an invalidation is dropped by it, and what is read after it is new.
/// </summary>
internal sealed class TrackedCache : IDisposable
{
    private readonly ConcurrentDictionary<string, string?> _values = new();
    private readonly RespConnection _connection;

    public TrackedCache(TestServer server)
    {
        _connection = server.Connect();
        _connection.Call("HELLO 3");
        _connection.Call("CLIENT TRACKING on");
    }

    public int Hits { get; private set; }

    public int Misses { get; private set; }

    public int Invalidations { get; private set; }

    public string? Get(string key)
    {
        if (_values.TryGetValue(key, out string? value))
        {
            Hits++;
            return value;
        }

        Misses++;
        Reply reply = Call($"GET {key}");
        value = reply.IsNull ? null : reply.Text;
        _values[key] = value;
        return value;
    }

    /// <summary>Returns when everything that the server has sent so far has been taken in.</summary>
    public void CatchUp() => Call("PING");

    public void Dispose() => _connection.Dispose();

    private Reply Call(string command)
    {
        _connection.Send(command);
        while (true)
        {
            Reply reply = _connection.Read();
            if (reply.Type != '>')
            {
                return reply;
            }
            Invalidate(reply.Items[1]);
        }
    }

    private void Invalidate(Reply keys)
    {
        Invalidations++;
        if (keys.IsNull)
        {
            _values.Clear();
        }
        foreach (Reply key in keys.Items)
        {
            _values.TryRemove(key.Text, out _);
        }
    }
}
