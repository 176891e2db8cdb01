using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Chaos;

/// <summary>A server process that is killed and comes back with what its disk holds.</summary>
internal sealed class Node : IDisposable
{
    private readonly string _program;
    private readonly string[] _options;
    private readonly TempFolder _folder = new();
    private ServerProcess _process;

    public Node(string name, string program, params string[] options)
        : this(name, program, entry: null, hasSmallDisk: false, options)
    {
    }

    private Node(string name, string program, Link? entry, bool hasSmallDisk, string[] options)
    {
        Name = name;
        _program = program;
        _options = options;
        Disk = hasSmallDisk ? SmallDisk.TryMount(_folder) : null;
        _process = ServerProcess.StartIn(_folder, program, options);
        Link = new Link(_process.Address.Tcp);
        Entry = entry ?? new Link(_process.Address.Tcp);
        Entry.LeadTo(_process.Address.Tcp);
    }

    public string Name { get; }

    public bool IsRedis => _program == Programs.RedisServer;

    public ServerAddress Address => _process.Address;

    /// <summary>Leads to whom it follows.</summary>
    public Link Link { get; }

    /// <summary>Leads to it; a replica's primary knows it by this address, if it was made so.</summary>
    public Link Entry { get; }

    /// <summary>The disk that holds its files, if that is one of its own.</summary>
    public SmallDisk? Disk { get; }

    public string Log => _process.Output;

    /// <summary>One that announces its entry as its address; if wanted with a disk of its own.</summary>
    public static Node WithEntry(string name, string program, bool hasSmallDisk, params string[] options)
    {
        Link entry = new(new IPEndPoint(IPAddress.Loopback, 1));
        string[] announced =
        [
            .. options, "--replica-announce-ip", "127.0.0.1",
            "--replica-announce-port", entry.Port.ToString(CultureInfo.InvariantCulture),
        ];
        return new Node(name, program, entry, hasSmallDisk, announced);
    }

    public RespConnection Connect() => _process.Connect();

    public void Kill()
    {
        _process.Kill();
        _process.Dispose();
    }

    /// <summary>It ends as it should, with a snapshot.</summary>
    public void Stop()
    {
        Ask("SHUTDOWN SAVE");
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>Comes back after it has ended.</summary>
    public void Restart()
    {
        Disk?.Free();
        _process = ServerProcess.StartAgain(_process, _program, _options);
    }

    /// <summary>It stands still, as on a machine that is too busy.</summary>
    public void Freeze() => _process.Signal("STOP");

    public void Thaw() => _process.Signal("CONT");

    /// <summary>The reply to one command, by a connection of its own; null if it is not there.</summary>
    public string? Ask(string command)
    {
        try
        {
            using RespConnection connection = Connect();
            return connection.Call(command).Text;
        }
        catch (Exception exception) when (exception is SocketException or EndOfStreamException)
        {
            return null;
        }
    }

    /// <summary>A field of INFO; empty if it has none, or is not there.</summary>
    public string Field(string name) => InfoText.Find(Ask("INFO everything") ?? "", name) ?? "";

    public long Number(string name) => long.TryParse(Field(name), CultureInfo.InvariantCulture, out long number) ? number : -1;

    /// <summary>Waits until so many replicas get its stream, and have said so: FAILOVER asks for that.</summary>
    public void AwaitOnline(int count) =>
        Patience.Until(() => Ask("INFO replication")?.Split("state=online").Length == count + 1, () => Log);

    public void Follow(Node primary)
    {
        Link.LeadTo(primary.Address.Tcp);
        Patience.Until(
            () => Ask($"REPLICAOF 127.0.0.1 {Link.Port}")?.StartsWith("OK", StringComparison.Ordinal) == true,
            () => $"{Name} does not follow {primary.Name}:\n{Log}");
    }

    public void Dispose()
    {
        Link.Dispose();
        Entry.Dispose();
        _process.Dispose();
        Disk?.Dispose();
        _folder.Dispose();
    }
}
