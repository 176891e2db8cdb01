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
        settings.Network.Port.Apply = () => Reopen("Unable to listen on this port. Check server logs.");
        settings.Network.Bind.Apply = () => Reopen("Failed to bind to specified addresses.");
    }

    /// <summary>The TCP port in use; 0 if there is none.</summary>
    public int Port { get; private set; }

    /// <summary>
    /// Closes what the settings do not ask for any more, and opens what they ask for and is not open yet. Null, or why an address
    /// cannot be had: calling it again when the settings are back as they were brings the former addresses back.
    /// </summary>
    public string? Open()
    {
        Port = _settings.Network.Port.Value;
        List<Wanted> wanted = WantedAddresses();
        if (wanted.Count == 0)
        {
            return "Configured to not listen anywhere: set 'port' or 'unixsocket'.";
        }
        CloseAllBut(wanted);
        foreach (Wanted address in wanted)
        {
            if (!_listeners.ContainsKey(address.Key) && OpenOne(address) is { } problem && !address.IsOptional)
            {
                return problem;
            }
        }
        return _listeners.Count == 0 ? "None of the addresses of 'bind' can be listened on." : null;
    }

    public void Dispose() => CloseAllBut([]);

    /// <summary>For CONFIG SET: the reason goes to the log, the client gets Redis' text.</summary>
    private string? Reopen(string refusal)
    {
        if (Open() is not { } problem)
        {
            return null;
        }
        _log.Write(LogLevel.Warning, problem);
        return refusal;
    }

    private List<Wanted> WantedAddresses()
    {
        var wanted = new List<Wanted>();
        int port = Port;
        foreach (string entry in port == 0 ? [] : _settings.Network.Bind.Value)
        {
            bool isOptional = entry.StartsWith('-');
            string address = isOptional ? entry[1..] : entry;
            wanted.Add(new Wanted($"{address} {port}", listener => listener.BindTcp(address, port), isOptional));
        }
        if (_settings.Network.UnixSocket.Value is { Length: > 0 } path)
        {
            wanted.Add(new Wanted(path, listener => listener.BindUnix(path, _settings.Network.UnixSocketPermissions.Value), false));
        }
        return wanted;
    }

    private void CloseAllBut(List<Wanted> wanted)
    {
        foreach (string key in _listeners.Keys.Except(wanted.Select(address => address.Key)).ToList())
        {
            _listeners.Remove(key, out Listener? listener);
            listener?.Dispose();
        }
    }

    private string? OpenOne(in Wanted address)
    {
        var listener = new Listener(_loops, _settings.Network.TcpBacklog.Value)
        {
            OnTrouble = trouble => _log.Write(LogLevel.Warning, trouble), KeepAliveSeconds = _settings.Network.TcpKeepAliveSeconds.Value,
        };
        BindResult result = address.Bind(listener);
        if (!result.IsBound)
        {
            listener.Dispose();
            return result.Message;
        }
        _listeners.Add(address.Key, listener);
        listener.Start();
        return null;
    }

    private void ApplyKeepAlive()
    {
        foreach (Listener listener in _listeners.Values)
        {
            listener.KeepAliveSeconds = _settings.Network.TcpKeepAliveSeconds.Value;
        }
    }

    /// <summary>An address to listen on: how to tell it from others, how to bind it, and whether it matters if that fails.</summary>
    private readonly record struct Wanted(string Key, Func<Listener, BindResult> Bind, bool IsOptional);
}
