using System.Net.Sockets;
using Bixbite.Crash.Disk;
using Bixbite.Engine.Modules;
using Bixbite.Hosting;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Servers;

/// <summary>
/// The whole server within this process, on a simulated disk and a Unix socket. Disposing stops it without saving, as if its machine went
/// off.
/// </summary>
internal sealed class LocalServer : IDisposable
{
    /// <summary>Time for replies that were on their way when the disk stopped.</summary>
    private const int GraceMs = 20;

    private static readonly string[] s_standardOptions =
        ["--port", "0", "--save", "", "--enable-debug-command", "yes", "--auto-aof-rewrite-percentage", "0", "--io-threads", "1"];

    private readonly TempFolder _folder = new();
    private readonly SimulatedDisk _disk;
    private readonly HostedServer _server;
    private readonly ServerAddress _address;
    private readonly RespConnection _connection;

    private LocalServer(
        SimulatedDisk disk, IClock clock, string[] options, Action<ServerOptions>? change = null, params IReadOnlyList<Module> modules)
    {
        _disk = disk;
        _address = new ServerAddress(0, _folder.File("s"));
        string[] arguments = [.. s_standardOptions, "--unixsocket", _address.UnixPath!, .. options];
        _server = new HostedServer(_folder, disk, clock, arguments, change, modules);
        Assert.Null(_server.Problem);
        // Before it runs, since it may end at once.
        _connection = RespConnection.OpenUnix(_address);
        _server.Run();
    }

    /// <summary>What it told about itself.</summary>
    public string Log => _server.Log;

    /// <summary>It ended by itself.</summary>
    public bool HasEnded => _server.HasEnded;

    public static LocalServer Start(SimulatedDisk disk, params string[] options) => new(disk, SystemClock.Instance, options);

    /// <summary>Starts it and waits until its data is there.</summary>
    public static LocalServer StartReady(SimulatedDisk disk, params string[] options) => StartReady(disk, SystemClock.Instance, options);

    /// <summary>As <see cref="StartReady(SimulatedDisk, string[])"/>, with a time of its own.</summary>
    public static LocalServer StartReady(SimulatedDisk disk, IClock clock, params string[] options) =>
        Ready(new LocalServer(disk, clock, options));

    /// <summary>As <see cref="StartReady(SimulatedDisk, string[])"/>, with other options.</summary>
    public static LocalServer StartReady(SimulatedDisk disk, Action<ServerOptions> change, params string[] options) =>
        Ready(new LocalServer(disk, SystemClock.Instance, options, change));

    /// <summary>As <see cref="StartReady(SimulatedDisk, string[])"/>, with a module of its own.</summary>
    public static LocalServer StartReady(SimulatedDisk disk, Module module, params string[] options) =>
        StartReady(disk, SystemClock.Instance, module, options);

    /// <summary>As <see cref="StartReady(SimulatedDisk, Module, string[])"/>, with a time of its own.</summary>
    public static LocalServer StartReady(SimulatedDisk disk, IClock clock, Module module, params string[] options) =>
        Ready(new LocalServer(disk, clock, options, change: null, module));

    public RespConnection Connect() => RespConnection.OpenUnix(_address);

    /// <summary>Waits until its data is there; false if it ended instead.</summary>
    public bool IsReadyInTime()
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (Environment.TickCount64 < deadline)
        {
            if (Try("PING") is not { } reply)
            {
                return false;
            }
            if (!reply.IsError)
            {
                return true;
            }
            Thread.Sleep(1);
        }

        return false;
    }

    /// <summary>Sends a command and reads its reply; null if the server or its disk stopped before it answered.</summary>
    public Reply? Try(string commandLine) => TrySend(commandLine) ? TryRead() : null;

    /// <summary>A reply that must come.</summary>
    public Reply Call(string commandLine) => Try(commandLine) ?? throw new EndOfStreamException($"no reply to {commandLine}:\n{Log}");

    /// <summary>As <see cref="Call(string)"/>, with arguments of any bytes.</summary>
    public Reply Call(params byte[][] arguments)
    {
        _connection.Send(CommandLine.Encode(arguments));
        return TryRead() ?? throw new EndOfStreamException($"no reply:\n{Log}");
    }

    /// <summary>Sends a command; false if the server is gone.</summary>
    public bool TrySend(string commandLine)
    {
        try
        {
            _connection.Send(commandLine);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next reply; null if the server or its disk stopped before it came.</summary>
    public Reply? TryRead()
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (_connection.IsSilent(2))
        {
            Assert.True(Environment.TickCount64 < deadline, $"no reply in time:\n{Log}");
            bool isOver = HasEnded || _disk.IsCrashed;
            if (isOver && _connection.IsSilent(GraceMs))
            {
                return null;
            }
        }

        try
        {
            return _connection.Read();
        }
        catch (Exception exception) when (exception is EndOfStreamException or SocketException)
        {
            return null;
        }
    }

    /// <summary>A field of INFO.</summary>
    public string Info(string field) => InfoText.Field(Call("INFO everything").Text, field);

    /// <summary>Waits until a field of INFO has that value.</summary>
    public void AwaitInfo(string field, string value)
    {
        string actual = "";
        Patience.Until(() => (actual = Info(field)) == value, () => $"{field} is {actual}, not {value}:\n{Log}");
    }

    /// <summary>Waits until no snapshot and no rewrite is under way or wanted.</summary>
    public void AwaitRest() => Patience.UntilAtRest(() => Call("INFO persistence").Text);

    /// <summary>Bytes that its loop's thread has allocated on the managed heap so far.</summary>
    public long AllocatedBytes()
    {
        long bytes = 0;
        using ManualResetEventSlim done = new();
        _server.Server.Post(() =>
        {
            bytes = GC.GetAllocatedBytesForCurrentThread();
            done.Set();
        });
        Assert.True(done.Wait(RespConnection.PatienceMs), $"the loop does not answer:\n{Log}");
        return bytes;
    }

    /// <summary>The digest of all that it holds, and its libraries of functions.</summary>
    public string Digest() => $"{Call("DEBUG DIGEST").Text} {Convert.ToHexString(Call("FUNCTION DUMP").Bytes)}";

    public void Dispose()
    {
        _server.Dispose();
        _connection.Dispose();
        _folder.Dispose();
    }

    private static LocalServer Ready(LocalServer started)
    {
        if (started.IsReadyInTime())
        {
            return started;
        }
        string told = started.Log;
        started.Dispose();
        throw new InvalidOperationException($"the server did not start:\n{told}");
    }
}
