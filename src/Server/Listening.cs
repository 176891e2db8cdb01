using Bixbite.Engine.Logging;
using Bixbite.Engine.Settings;
using Bixbite.Net;

namespace Bixbite.Server;

/// <summary>
/// The addresses on which clients are accepted: one listener each, so that CONFIG SET can change port and addresses while the others go on
/// serving.
/// </summary>
internal sealed class Listening : IDisposable
{
    private readonly Settings _settings;
    private readonly IReadOnlyList<EventLoop> _loops;
    private readonly ServerLog _log;
    private readonly Dictionary<string, Listener> _listeners = new(StringComparer.Ordinal);

    public Listening(Settings settings, IReadOnlyList<EventLoop> loops, ServerLog log)
    {
        _log = log;
        _settings = settings;
        _loops = loops;
        settings.Network.TcpKeepAliveSeconds.Changed += ApplyKeepAlive;
        Func<string?> reopen = Reopen;
        settings.Network.Port.Apply = reopen;
        settings.Network.Bind.Apply = reopen;
    }

    /// <summary>The first TCP port in use; 0 if there is none.</summary>
    public int Port { get; private set; }

    /// <summary>
    /// Opens what the settings ask for and is not open yet, and closes what they do not ask for. Null, or why an address cannot be had;
    /// then nothing has changed.
    /// </summary>
    public string? Open()
    {
        var wanted = new Dictionary<string, Listener>(StringComparer.Ordinal);
        string? problem = OpenTcp(wanted) ?? OpenUnix(wanted);
        if (problem is not null)
        {
            foreach ((string key, Listener listener) in wanted)
            {
                if (!_listeners.ContainsKey(key))
                {
                    listener.Dispose();
                }
            }
            return problem;
        }
        Adopt(wanted);
        return null;
    }

    public void Dispose()
    {
        foreach (Listener listener in _listeners.Values)
        {
            listener.Dispose();
        }
        _listeners.Clear();
    }

    /// <summary>For CONFIG SET: the reason goes to the log, the client gets Redis' text.</summary>
    private string? Reopen()
    {
        if (Open() is not { } problem)
        {
            return null;
        }
        _log.Write(LogLevel.Warning, problem);
        return "Unable to listen on this port. Check server logs.";
    }

    private string? OpenTcp(Dictionary<string, Listener> wanted)
    {
        int port = _settings.Network.Port.Value;
        bool isTcpWanted = port != 0 || _settings.Network.UnixSocket.Value.Length == 0;
        int boundPort = port;
        foreach (string entry in isTcpWanted ? _settings.Network.Bind.Value : [])
        {
            bool isOptional = entry.StartsWith('-');
            string address = isOptional ? entry[1..] : entry;
            string? problem = OpenOne(wanted, $"{address} {port}", listener => listener.BindTcp(address, boundPort), isOptional);
            if (problem is not null)
            {
                return problem;
            }
            if (wanted.TryGetValue($"{address} {port}", out Listener? opened) && boundPort == 0)
            {
                boundPort = opened.Port;
            }
        }
        Port = boundPort;
        return isTcpWanted && wanted.Count == 0 ? "none of the addresses of 'bind' can be listened on" : null;
    }

    private string? OpenUnix(Dictionary<string, Listener> wanted)
    {
        string path = _settings.Network.UnixSocket.Value;
        return path.Length == 0
            ? null
            : OpenOne(wanted, path, listener => listener.BindUnix(path, _settings.Network.UnixSocketPermissions.Value), isOptional: false);
    }

    private string? OpenOne(Dictionary<string, Listener> wanted, string key, Func<Listener, BindResult> bind, bool isOptional)
    {
        if (_listeners.TryGetValue(key, out Listener? open))
        {
            wanted[key] = open;
            return null;
        }
        var listener = new Listener(_loops, _settings.Network.TcpBacklog.Value)
        {
            OnTrouble = trouble => _log.Write(LogLevel.Warning, trouble), KeepAliveSeconds = _settings.Network.TcpKeepAliveSeconds.Value,
        };
        BindResult result = bind(listener);
        if (result.IsBound)
        {
            wanted[key] = listener;
            return null;
        }
        listener.Dispose();
        return isOptional ? null : result.Message;
    }

    private void Adopt(Dictionary<string, Listener> wanted)
    {
        foreach ((string key, Listener listener) in _listeners)
        {
            if (!wanted.ContainsKey(key))
            {
                listener.Dispose();
            }
        }
        foreach ((string key, Listener listener) in wanted)
        {
            if (_listeners.TryAdd(key, listener))
            {
                listener.Start();
            }
        }
        foreach (string key in _listeners.Keys.Except(wanted.Keys).ToList())
        {
            _listeners.Remove(key);
        }
    }

    private void ApplyKeepAlive()
    {
        foreach (Listener listener in _listeners.Values)
        {
            listener.KeepAliveSeconds = _settings.Network.TcpKeepAliveSeconds.Value;
        }
    }
}
