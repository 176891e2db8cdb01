using System.Text;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Execution;
using Bixbite.Net;
using Bixbite.Net.Channels;

namespace Bixbite.Hosting;

/// <summary>
/// A server within this process. <see cref="Start"/> opens its addresses, if it is to have any, <see cref="Run"/> serves on the calling
/// thread until <see cref="Stop"/>, <see cref="Connect"/> makes a connection without a socket; disposing gives all memory back. A process
/// may have many: each takes a thread for every loop (<c>io-threads</c>), and two descriptors a loop.
/// </summary>
public sealed class BixbiteServer : IDisposable
{
    private readonly LoopSet _loops;
    private readonly Listening _listening;
    private readonly CommandTable _table;
    private readonly Lifetime _lifetime;
    private readonly IDisposable[] _memory;

    internal BixbiteServer(LoopSet loops, Listening listening, CommandTable table, Lifetime lifetime, IDisposable[] memory)
    {
        _loops = loops;
        _listening = listening;
        _table = table;
        _lifetime = lifetime;
        _memory = memory;
        _lifetime.Shutdown.Requested += _loops.Stop;
    }

    /// <summary>How clients reach it.</summary>
    public Transport Transport { get; internal init; } = Transport.Sockets;

    /// <summary>The TCP port; 0 where the server listens only on a Unix socket.</summary>
    public int Port => _listening.Port;

    /// <summary>Connections now open.</summary>
    public int ConnectionCount => _loops.ConnectionCount;

    /// <summary>Lets clients call a command by another name, or by none; null, or why that cannot be. Before <see cref="Start"/>.</summary>
    public string? Rename(string name, string newName) =>
        _table.Rename(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(newName)) switch
        {
            RenameResult.NoSuchCommand => "No such command in rename-command",
            RenameResult.NameTaken => "Target command name already exists",
            _ => null,
        };

    /// <summary>The exit code after <see cref="Run"/>: 0, or 1 if the data could not be loaded.</summary>
    public int ExitCode => _lifetime.Shutdown.ExitCode;

    /// <summary>
    /// Opens the addresses and begins to load; null, or why an address cannot be had. Clients are let in at once, and served when
    /// <paramref name="ready"/> was called.
    /// </summary>
    public string? Start(Action? ready = null)
    {
        if (Transport == Transport.Sockets && _listening.Open() is { } problem)
        {
            return problem;
        }
        _lifetime.Begin(ready ?? (static () => { }));
        return null;
    }

    /// <summary>
    /// Makes a connection within the process and returns its client's end, over which RESP is spoken as over a socket. It counts as a
    /// client of this machine, with an address <c>pipe:number</c> and the descriptor -1, and all rules for clients hold:
    /// <c>maxclients</c>, output limits, <c>CLIENT KILL</c>. At most 64 KiB are on their way in each direction; a client that does not
    /// read makes writes wait. Served from <see cref="Run"/> on; closed at once if the server has stopped. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">The server has no transport.</exception>
    public InProcessStream Connect() => Transport == Transport.None
        ? throw new InvalidOperationException("The server has no transport.")
        : _loops.Clients.Connect();

    /// <summary>Serves until <see cref="Stop"/> or a client's SHUTDOWN; call it once, after <see cref="Start"/>.</summary>
    public void Run() => _loops.Run();

    /// <summary>Ends <see cref="Run"/> after the rounds under way, without saving. Any thread.</summary>
    public void Stop() => _lifetime.Shutdown.Request();

    /// <summary>Saves what is to be saved, then ends <see cref="Run"/>; goes on where saving fails, unless forced. Any thread.</summary>
    public void Terminate(SignalShutdown options)
    {
        _lifetime.Announce();
        EventLoop first = _loops.Loops[0];
        first.Post(() => first.RunLocked(() => _lifetime.End(options)));
    }

    /// <summary><see cref="Terminate"/> was asked for and is under way. Any thread.</summary>
    public bool IsTerminating => _lifetime.IsEnding;

    /// <summary>Before the process ends without waiting for <see cref="Terminate"/>: leaves no unfinished file. Any thread.</summary>
    public void DropUnfinished() => _lifetime.DropUnfinished();

    /// <summary>Serves clients, whoever accepts them.</summary>
    internal Service Clients => _loops.Clients;

    /// <summary>Serves another kind of connections beside the clients, with a handler on each loop. Before <see cref="Run"/>.</summary>
    internal Service Serve(Func<EventLoop, IConnectionHandler> createHandler) => new(_loops.Loops, createHandler);

    /// <summary>Runs the action on the first loop's thread, between its rounds. Any thread; for tests.</summary>
    internal void Post(Action action) => _loops.Loops[0].Post(action);

    public void Dispose()
    {
        _listening.Dispose();
        // Before the loops, which hear from the log's thread.
        _lifetime.Dispose();
        _loops.Dispose();
        foreach (IDisposable memory in _memory)
        {
            memory.Dispose();
        }
    }
}
