using System.Diagnostics.Metrics;
using System.Globalization;
using Bixbite.Engine.Sessions;
using Bixbite.Hosting;
using Bixbite.Keyspace;
using Bixbite.Platform;
using Microsoft.Extensions.Logging;

namespace Bixbite;

/// <summary>
/// Everything that a server is given when it starts. Values are checked where they are set, and later ones replace earlier ones. Options
/// may be used for several servers, one after the other; not by several threads at once.
/// </summary>
public sealed class BixbiteOptions
{
    private const int PortMax = 65535;

    private readonly List<Action<ServerOptions>> _steps = [];
    private readonly List<string> _hosts = [];
    private int _port;
    private ServerOptions? _checked;

    /// <summary>
    /// The folder that the server keeps its data in, which is made if it is not there. Null, at first, for none: then nothing is ever on a
    /// disk, and the data is gone with the server. With a folder snapshots are saved as in Redis, now and then and at the end;
    /// <c>Set("appendonly", "yes")</c> keeps every change. One server at a time has a folder, until it is disposed.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// The time by which keys expire and clients wait; the system's at first. A test gives one that it moves: at once keys are gone and
    /// time-outs over.
    /// </summary>
    /// <exception cref="ArgumentNullException">There is none.</exception>
    public TimeProvider Time
    {
        get;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            field = value;
        }
    } = TimeProvider.System;

    /// <summary>
    /// Told what happens to the server, from <c>loglevel</c> up; null for the setting <c>logfile</c>, or for nobody. It is called on the
    /// server's threads and has to return soon.
    /// </summary>
    public ILogger? Logger { get; set; }

    /// <summary>
    /// Gets an instrument for each number that <c>INFO</c> tells, called as there: <c>bixbite.keyspace_hits</c>, <c>bixbite.db_keys</c>.
    /// Null, at first, for none. Give it the name <see cref="BixbiteServer.MeterName"/>, and each server one of its own, told from the
    /// others by tags; it stays the caller's.
    /// </summary>
    public Meter? Meter { get; set; }

    /// <summary>Bytes that data may take; 0, at first, for no limit. The setting <c>maxmemory</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public long MaxMemory
    {
        get => Checked.Settings.Get<MemorySettings>().MaxMemory.Bytes;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            Set("maxmemory", value.ToString(CultureInfo.InvariantCulture));
        }
    }

    /// <summary>
    /// The password of clients that come over a network; null, at first, for none. Within the process nobody is asked for it. The setting
    /// <c>requirepass</c>.
    /// </summary>
    public string? Password
    {
        get => Checked.Settings.Get<ClientSettings>().RequirePass.Value is { Length: > 0 } password ? password : null;
        set => Set("requirepass", value ?? "");
    }

    private ServerOptions Checked => _checked ??= Repeat();

    /// <summary>
    /// Listens for TCP clients too. May be called for several hosts, with one port. Without a password protected mode serves clients of
    /// this machine only, as in Redis.
    /// </summary>
    /// <param name="host">An address or a name: <c>127.0.0.1</c>, <c>::1</c>, <c>localhost</c>, or <c>*</c> for all.</param>
    /// <param name="port">The port; 0 for one that the system finds free, which <see cref="BixbiteServer.EndPoints"/> tells.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">The host is empty, the port impossible, or another one than before.</exception>
    public BixbiteOptions Listen(string host, int port)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(host);
        if (host.Any(char.IsWhiteSpace))
        {
            throw new ArgumentException($"'{host}' is no host: call Listen once for each.", nameof(host));
        }
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, PortMax);
        if (_hosts.Count > 0 && port != _port)
        {
            throw new ArgumentException(
                $"The port is {_port} for '{_hosts[0]}', so it cannot be {port} for '{host}': a server has one port.", nameof(port));
        }
        _port = port;
        _hosts.Add(host);
        return this;
    }

    /// <summary>
    /// Sets a setting by the name that it has in <c>redis.conf</c>: <c>Set("maxmemory-policy", "allkeys-lru")</c>,
    /// <c>Set("save", "")</c>. The value needs no quotes, whatever it contains. Naming a port or a socket (<c>port</c>, <c>unixsocket</c>,
    /// <c>tls-port</c>) makes the server listen there; <see cref="Listen"/> comes before them.
    /// </summary>
    /// <param name="name">The name of the setting, or of another directive such as <c>user</c> and <c>rename-command</c>.</param>
    /// <param name="value">Its value, several words where it has several.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">
    /// There is no such setting, or it cannot have that value; the message says what it accepts.
    /// </exception>
    public BixbiteOptions Set(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        if (name.Equals("dir", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException("The setting 'dir' is the option DataDirectory: set that.", nameof(name));
        }
        return Do(options => options.Set(name, value));
    }

    /// <summary>Sets what a configuration file says: an existing <c>redis.conf</c>.</summary>
    /// <param name="path">The file, which is read now, and again for each server.</param>
    /// <returns>These options.</returns>
    /// <exception cref="ArgumentException">It cannot be read, or a line of it is wrong; the message says which.</exception>
    public BixbiteOptions LoadFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        return Do(options => options.LoadFile(full));
    }

    /// <summary>Makes of them what a server is made from; these options are as before.</summary>
    internal ServerOptions Take()
    {
        ServerOptions options = Checked;
        _checked = null;
        options.Clock = ProviderClock.Of(Time);
        if (options.Clock.UnixMs < 0)
        {
            throw new BixbiteException($"The option Time says {Time.GetUtcNow():u}: give a time after 1970-01-01.");
        }
        if (DataDirectory is { } folder)
        {
            options.Disk = new FolderDisk(Path.GetFullPath(folder));
        }
        else
        {
            options.Disk = new RamDisk();
            if (options.Settings.Table.Find("save") is { IsDefault: true })
            {
                options.Set("save", "");
            }
        }
        SetAddresses(options);
        options.Log = Logger is { } logger ? LoggerLog.Of(logger, options) : null;
        return options;
    }

    private void SetAddresses(ServerOptions options)
    {
        if (_hosts.Count > 0)
        {
            options.Set("bind", string.Join(' ', _hosts));
            options.Transport = _port == 0 ? Transport.SocketsOnFreePort : Transport.Sockets;
            options.Set("port", _port.ToString(CultureInfo.InvariantCulture));
            return;
        }
        if (!options.HasAddresses)
        {
            return;
        }
        options.Transport = Transport.Sockets;
        NetworkSettings network = options.Settings.Get<NetworkSettings>();
        if (network.Port.IsDefault && network.Bind.IsDefault)
        {
            // Another way in was named, and this one was not.
            options.Set("port", "0");
        }
    }

    private BixbiteOptions Do(Action<ServerOptions> step)
    {
        step(Checked);
        _steps.Add(step);
        return this;
    }

    private ServerOptions Repeat()
    {
        ServerOptions options = new();
        foreach (Action<ServerOptions> step in _steps)
        {
            step(options);
        }
        return options;
    }
}
