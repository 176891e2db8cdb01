using System.Globalization;
using System.Net;
using Bixbite.Configuration.Kinds;
using Bixbite.Logging;
using Bixbite.Net;
using Bixbite.Net.Channels;
using Bixbite.Platform;
using Bixbite.Tls;

namespace Bixbite.Hosting;

/// <summary>
/// The addresses on which clients are accepted: one listener each, so that CONFIG SET can change port and addresses while the others go on
/// serving. A change is all or nothing:
/// <code>
///   Apply     the new addresses are bound, and serve beside the old ones; if one cannot be had, none is
///   Changed   the whole CONFIG SET has succeeded: the old ones are closed
///   Apply     with the old values, since another setting failed: the old ones go on, the new ones are closed
/// </code>
/// </summary>
internal sealed class Listening : IDisposable
{
    /// <summary>Another address of 'bind' may have the free port of the first one in use.</summary>
    private const int FreePortAttempts = 8;

    private readonly NetworkSettings _settings;
    private readonly DescriptorLimit _descriptors;
    private readonly ServedPort[] _ports;
    private readonly Reachability _reachability;
    private readonly ServerLog _log;
    private Dictionary<string, Listener> _listeners = new(StringComparer.Ordinal);
    private Dictionary<string, Listener> _former = new(StringComparer.Ordinal);
    private HashSet<string> _settled = new(StringComparer.Ordinal);
    private bool _isOpen;

    /// <param name="settings">The addresses.</param>
    /// <param name="descriptors">Raised before the first address is opened.</param>
    /// <param name="ports">What is served on them; the first is that of the clients, who have the Unix socket too.</param>
    /// <param name="reachability">Who can reach them.</param>
    /// <param name="log">Told that, and why an address cannot be had.</param>
    public Listening(
        NetworkSettings settings, DescriptorLimit descriptors, IEnumerable<ServedPort> ports, Reachability reachability, ServerLog log)
    {
        _reachability = reachability;
        _descriptors = descriptors;
        _log = log;
        _settings = settings;
        _ports = [.. ports];
        settings.TcpKeepAliveSeconds.Changed += ApplyKeepAlive;
        foreach (ServedPort port in _ports)
        {
            port.Setting.Apply = () => Prepare(port) ?? Reopen("Unable to listen on this port. Check server logs.");
            port.Setting.Changed += Settle;
            if (port.Bind is { } bind)
            {
                bind.Apply = () => Reopen("Failed to bind to specified addresses.");
                bind.Changed += Settle;
            }
        }
        settings.Bind.Apply = () => Reopen("Failed to bind to specified addresses.");
        settings.Bind.Changed += Settle;
    }

    /// <summary>The system chooses the TCP port.</summary>
    public bool HasFreePort { get; init; }

    /// <summary>The addresses in use. Any thread.</summary>
    public IReadOnlyList<EndPoint> EndPoints => [.. _listeners.Values.SelectMany(static listener => listener.EndPoints)];

    /// <summary>The TCP port in use; 0 if there is none.</summary>
    public int Port { get; private set; }

    /// <summary>The port in use where TLS is spoken; 0 if there is none.</summary>
    public int TlsPort { get; private set; }

    /// <summary>
    /// Opens what the settings ask for, when the server starts; null, or a sentence that says why an address cannot be had and what to do.
    /// </summary>
    public string? Open()
    {
        _isOpen = true;
        if (!HasFreePort)
        {
            return OpenWanted();
        }
        string? problem = null;
        for (int i = 0; i < FreePortAttempts; i++)
        {
            problem = TakeFreePort() ?? OpenWanted();
            if (problem is null)
            {
                break;
            }
            Close(_former);
        }
        return problem;
    }

    public void Dispose()
    {
        Close(_former);
        Close(_listeners);
    }

    /// <summary>
    /// Listens on the first address of 'bind', on a port that the system finds free, and makes that the setting; or says why not.
    /// </summary>
    private string? TakeFreePort()
    {
        string address = _settings.Bind.Value.FirstOrDefault("127.0.0.1").TrimStart('-');
        BindResult result = Bind(
            new Wanted("", _ports[0], listener => listener.BindTcp(address, 0), IsOptional: false), isShared: false, out Listener first);
        if (!result.IsBound)
        {
            return $"{result.Message}; choose another address.";
        }
        _settings.Port.Set([first.Port.ToString(CultureInfo.InvariantCulture)]);
        first.Start();
        // Found there under its key, and served.
        _former.Add(KeyOf(_ports[0], address, first.Port), first);
        return null;
    }

    private string? OpenWanted()
    {
        List<Wanted> wanted = WantedAddresses();
        if (wanted.Count == 0)
        {
            return "Configured to not listen anywhere: set 'port', 'tls-port' or 'unixsocket'.";
        }
        foreach (ServedPort port in _ports.Where(static port => port.Setting.Value != 0))
        {
            if (port.Prepare?.Invoke() is { } reason)
            {
                return $"'{port.Setting.Name}' cannot be served: {reason}. Correct it, or set '{port.Setting.Name}' to 0.";
            }
        }
        _descriptors.Apply();
        if (Replace(wanted) is { } problem)
        {
            return $"{problem}; choose another port or address, or stop what listens there.";
        }
        Settle();
        _log.Write(_reachability.IsOpenToStrangers ? LogLevel.Warning : LogLevel.Notice, _reachability.Text);
        return null;
    }

    /// <summary>For CONFIG SET: makes what a port needs; null, or the text for the client.</summary>
    private string? Prepare(ServedPort port)
    {
        if (!_isOpen || port.Setting.Value == 0 || port.Prepare?.Invoke() is not { } problem)
        {
            return null;
        }
        _log.Write(LogLevel.Warning, $"'{port.Setting.Name}' cannot be served: {problem}");
        return TlsCertificates.Refusal;
    }

    /// <summary>
    /// For CONFIG SET: the reason goes to the log, the client gets Redis' text. A server without addresses opens none.
    /// </summary>
    private string? Reopen(string refusal)
    {
        if (!_isOpen)
        {
            return null;
        }
        if (Replace(WantedAddresses()) is not { } problem)
        {
            return null;
        }
        Unshare();
        _log.Write(LogLevel.Warning, problem);
        return refusal;
    }

    /// <summary>
    /// Serves the wanted addresses in place of those served now, which become the former ones and serve on; null, or why nothing was
    /// changed.
    /// </summary>
    private string? Replace(List<Wanted> wanted)
    {
        if (SharedPort() is { } port)
        {
            return $"Port {port} is wanted twice.";
        }
        var next = new Dictionary<string, Listener>(StringComparer.Ordinal);
        var opened = new Dictionary<string, Listener>(StringComparer.Ordinal);
        foreach (Wanted address in wanted)
        {
            if (next.ContainsKey(address.Key))
            {
                continue;
            }
            if (_listeners.TryGetValue(address.Key, out Listener? listener) || _former.TryGetValue(address.Key, out listener))
            {
                next.Add(address.Key, listener);
                continue;
            }
            BindResult result = TryOpen(address, out listener);
            if (result.IsBound)
            {
                next.Add(address.Key, listener);
                opened.Add(address.Key, listener);
            }
            else if (!address.IsDispensable(result.Errno))
            {
                Close(opened);
                return result.Message;
            }
        }
        if (next.Count == 0 && wanted.Count > 0)
        {
            return "None of the addresses of 'bind' can be listened on";
        }
        foreach (Listener listener in opened.Values)
        {
            listener.Start();
        }
        Adopt(next);
        if (_settled.SetEquals(next.Keys))
        {
            // The way back.
            Settle();
        }
        return null;
    }

    /// <summary>Makes former every listener, served or former before, that is not in <paramref name="next"/>.</summary>
    private void Adopt(Dictionary<string, Listener> next)
    {
        var former = new Dictionary<string, Listener>(StringComparer.Ordinal);
        foreach ((string key, Listener listener) in _listeners.Concat(_former))
        {
            if (!next.ContainsKey(key))
            {
                former.Add(key, listener);
            }
        }
        _listeners = next;
        _former = former;
        Port = _settings.Port.Value;
        TlsPort = _ports.FirstOrDefault(static port => port.Wrap is not null)?.Setting.Value ?? 0;
    }

    /// <summary>The change is made: what is served now is what was wanted, and the former addresses are closed.</summary>
    private void Settle()
    {
        Close(_former);
        Unshare();
        _settled = new HashSet<string>(_listeners.Keys, StringComparer.Ordinal);
    }

    private void Unshare()
    {
        foreach (Listener listener in _listeners.Values.Where(static listener => listener.IsShared))
        {
            listener.IsShared = false;
        }
    }

    private static void Close(Dictionary<string, Listener> listeners)
    {
        foreach (Listener listener in listeners.Values)
        {
            listener.Dispose();
        }
        listeners.Clear();
    }

    private static string KeyOf(ServedPort served, string address, int port) =>
        string.Create(CultureInfo.InvariantCulture, $"{served.Setting.Name} {address} {port}");

    private List<Wanted> WantedAddresses()
    {
        var wanted = new List<Wanted>();
        foreach (ServedPort served in _ports)
        {
            int port = served.Setting.Value;
            foreach (string entry in port == 0 ? [] : (served.Bind ?? _settings.Bind).Value)
            {
                bool isOptional = entry.StartsWith('-');
                string address = isOptional ? entry[1..] : entry;
                wanted.Add(new Wanted(KeyOf(served, address, port), served, listener => listener.BindTcp(address, port), isOptional));
            }
        }
        if (_settings.UnixSocket.Value is { Length: > 0 } path)
        {
            string group = _settings.UnixSocketGroup.Value;
            wanted.Add(new Wanted(
                path, _ports[0], listener => listener.BindUnix(path, _settings.UnixSocketPermissions.Value, group), false));
        }
        return wanted;
    }

    /// <summary>A port that two settings ask for, or null: the addresses are the same, and sockets of one server may overlap.</summary>
    private int? SharedPort() => _ports
        .Where(static port => port.Setting.Value != 0)
        .GroupBy(static port => port.Setting.Value)
        .FirstOrDefault(static group => group.Count() > 1)?.Key;

    /// <summary>Binds an address, if need be beside one of this server's that it overlaps with and may replace.</summary>
    private BindResult TryOpen(in Wanted address, out Listener listener)
    {
        BindResult result = Bind(address, isShared: false, out listener);
        if (result.Errno != Errno.EADDRINUSE || _listeners.Count == 0)
        {
            return result;
        }
        foreach (Listener served in _listeners.Values.Concat(_former.Values))
        {
            served.IsShared = true;
        }
        return Bind(address, isShared: true, out listener);
    }

    private BindResult Bind(in Wanted address, bool isShared, out Listener listener)
    {
        listener = new Listener(address.Served.Service, _settings.TcpBacklog.Value)
        {
            OnTrouble = trouble => _log.Write(LogLevel.Warning, trouble),
            KeepAliveSeconds = _settings.TcpKeepAliveSeconds.Value,
            IsShared = isShared,
            Wrap = address.Served.Wrap,
        };
        BindResult result = address.Bind(listener);
        if (!result.IsBound)
        {
            listener.Dispose();
        }
        return result;
    }

    private void ApplyKeepAlive()
    {
        foreach (Listener listener in _listeners.Values)
        {
            listener.KeepAliveSeconds = _settings.TcpKeepAliveSeconds.Value;
        }
    }

    /// <summary>
    /// An address to listen on: how to tell it from others, who serves it, how to bind it, and whether it matters if it does not exist.
    /// </summary>
    private readonly record struct Wanted(string Key, ServedPort Served, Func<Listener, BindResult> Bind, bool IsOptional)
    {
        /// <summary>As in Redis: an optional address that this machine does not have, and any of a protocol that it lacks.</summary>
        public bool IsDispensable(int errno) => errno switch
        {
            Errno.EADDRNOTAVAIL => IsOptional,
            Errno.ENOPROTOOPT or Errno.EPROTONOSUPPORT or Errno.ESOCKTNOSUPPORT or Errno.EPFNOSUPPORT or Errno.EAFNOSUPPORT => true,
            _ => false,
        };
    }
}

/// <summary>A setting that names a port, and who serves it.</summary>
internal sealed record ServedPort(IntSetting Setting, Service Service)
{
    /// <summary>The addresses, where they are not those of <c>bind</c>.</summary>
    public BindSetting? Bind { get; init; }

    /// <summary>Puts a channel over each one that is accepted; null where there is none.</summary>
    public Func<ByteChannel, ByteChannel>? Wrap { get; init; }

    /// <summary>Makes what connections need, before the port is opened; null, or why it cannot be.</summary>
    public Func<string?>? Prepare { get; init; }
}
