using Bixbite.Configuration;
using Bixbite.Configuration.ConfigFiles;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Modules;
using Bixbite.Http;
using Bixbite.Logging;
using Bixbite.Persistence.Values;
using Bixbite.Platform;
using Bixbite.Tls;

namespace Bixbite.Hosting;

/// <summary>
/// Everything that a server is given when it is made: settings by the names that they have in a configuration file, and the world around
/// it. Belongs to one server, whose settings go on living in it.
/// </summary>
public sealed class ServerOptions
{
    private readonly ConfigLoader _loader;
    private bool _isTaken;

    /// <param name="modules">The capabilities of this server beside those of every server; their settings may be set.</param>
    public ServerOptions(params IReadOnlyList<Module> modules)
    {
        Modules = [.. Composition.CreateModules(), .. modules];
        Settings = Composition.SettingsOf(Modules);
        _loader = new ConfigLoader(Settings, new DiskConfigStore());
    }

    /// <summary>The settings, with typed access to their values.</summary>
    public Settings Settings { get; }

    /// <summary>How clients reach the server; at first only within the process.</summary>
    public Transport Transport { get; set; } = Transport.InProcess;

    /// <summary>The only source of time.</summary>
    public IClock Clock { get; set; } = SystemClock.Instance;

    /// <summary>Where everything is kept that must survive; a <see cref="FolderDisk"/> has a folder of its own.</summary>
    public IDisk Disk { get; set; } = SystemDisk.Instance;

    /// <summary>
    /// Where the server tells what happens to it; stays the caller's. Null for the setting <c>logfile</c>, and for none if that is empty.
    /// </summary>
    public ServerLog? Log { get; set; }

    /// <summary>The report of a process that dies, which is told of this server; null where the process has none.</summary>
    public CrashReport? Crash { get; set; }

    /// <summary>Who has started the process, for INFO: whoever starts the server tells it when that is ready.</summary>
    public Supervisor Supervisor { get; set; }

    /// <summary>The types that values may have, and how they are written and read.</summary>
    public ValueCodecs Codecs { get; set; } = ValueCodecs.BuiltIn;

    /// <summary>The settings name a port, or the path of a socket.</summary>
    public bool HasAddresses => Settings.Get<NetworkSettings>() is var network
        && ((network.Port.Value != 0 && !(network.Port.IsDefault && network.Bind.IsDefault))
            || !network.UnixSocket.IsDefault || !Settings.Get<TlsSettings>().Port.IsDefault
            || !Settings.Get<HttpSettings>().Port.IsDefault);

    /// <summary>The modules of this server, each with its settings declared.</summary>
    internal IReadOnlyList<Module> Modules { get; }

    /// <summary>The configuration file that CONFIG REWRITE writes; empty where there is none.</summary>
    internal string ConfigPath { get; private set; } = "";

    /// <summary>Commands that are to be called by other names.</summary>
    internal IReadOnlyList<RenamedCommand> RenamedCommands => _loader.RenamedCommands;

    /// <summary>The users that the configuration declares.</summary>
    internal IReadOnlyList<DirectiveLine> UserLines => _loader.UserLines;

    /// <summary>Said in the log when the server starts.</summary>
    internal IEnumerable<string> Warnings => _loader.Warnings;

    /// <summary>
    /// Sets a setting, or gives another directive of a configuration file: <c>Set("maxmemory", "64mb")</c>, <c>Set("save", "")</c>,
    /// <c>Set("rename-command", "flushall \"\"")</c>. The value needs no quotes, whatever it contains.
    /// </summary>
    /// <exception cref="ArgumentException">There is no such setting, or it cannot have that value.</exception>
    public ServerOptions Set(string name, string value)
    {
        if (name.Equals("dir", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "The setting 'dir' moves the whole process: give this server a folder of its own by Disk = new FolderDisk(path).",
                nameof(name));
        }
        if (_loader.Set(name, value) is not { } reason)
        {
            return this;
        }
        if (Settings.Table.Find(name) is not { } setting)
        {
            string given = name.Equals("user", StringComparison.OrdinalIgnoreCase) ? "..." : value;
            throw new ArgumentException(
                $"'{name} {given}' is no line of a configuration: {reason}; docs/SETTINGS.md lists what may be set.", nameof(name));
        }
        string shown = setting.Has(SettingFlags.Sensitive) ? "..." : value;
        throw new ArgumentException(
            $"The setting '{name}' cannot be '{shown}': {reason}; it accepts {setting.Range}.", nameof(value));
    }

    /// <summary>Sets what a configuration file says.</summary>
    /// <exception cref="ArgumentException">It cannot be read, or a line of it is wrong.</exception>
    public ServerOptions LoadFile(string path)
    {
        if (Load(StartOptions.Parse([Paths.Full(path)]), Stream.Null) is not { } error)
        {
            return this;
        }
        string place = error.Place.Line == 0 ? "" : $"{error.Place.Source}, line {error.Place.Line}: ";
        throw new ArgumentException($"{place}{error.Reason}; correct it, or do not load it.", nameof(path));
    }

    /// <summary>Sets what a command line says, and the file that it names; null, or what is wrong.</summary>
    public ConfigError? Load(StartOptions commandLine, Stream standardInput)
    {
        ConfigPath = commandLine.ConfigPath ?? ConfigPath;
        return _loader.Load(commandLine, standardInput);
    }

    /// <summary>The server is made from them, and from now on they are its.</summary>
    internal void Take()
    {
        if (_isTaken)
        {
            throw new InvalidOperationException("These options belong to a server already: make new ones for another server.");
        }
        _isTaken = true;
        if (Log is null && _loader.CheckLogFile() is { } error)
        {
            throw new ServerStartException(error.Reason + ": set 'logfile' to a file that can be written.", error);
        }
        if (Transport < Transport.Sockets && HasAddresses)
        {
            throw new ServerStartException(
                "An address is set, and the server is to open none: set Transport to Sockets, or neither 'port', 'bind' nor 'unixsocket'.");
        }
    }
}
