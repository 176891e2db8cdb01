using System.Text;
using Bixbite.Engine.Commands;
using Bixbite.Engine.Lifecycle;
using Bixbite.Memory;

namespace Bixbite.Server;

/// <summary>
/// A server within this process. <see cref="Start"/> opens its addresses, <see cref="Run"/> serves on the calling thread until
/// <see cref="Stop"/>; disposing gives all memory back.
/// </summary>
public sealed class BixbiteServer : IDisposable
{
    private readonly LoopSet _loops;
    private readonly Listening _listening;
    private readonly CommandTable _table;
    private readonly ShutdownSignal _shutdown;
    private readonly Heap _heap;

    internal BixbiteServer(LoopSet loops, Listening listening, CommandTable table, ShutdownSignal shutdown, Heap heap)
    {
        _loops = loops;
        _listening = listening;
        _table = table;
        _shutdown = shutdown;
        _heap = heap;
        _shutdown.Requested += _loops.Stop;
    }

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

    /// <summary>Opens the addresses; null, or why one cannot be had.</summary>
    public string? Start() => _listening.Open();

    /// <summary>Serves until <see cref="Stop"/> or a client's SHUTDOWN; call it once, after <see cref="Start"/>.</summary>
    public void Run() => _loops.Run();

    /// <summary>Ends <see cref="Run"/> after the rounds under way. Any thread.</summary>
    public void Stop() => _shutdown.Request();

    public void Dispose()
    {
        _listening.Dispose();
        _loops.Dispose();
        _heap.Dispose();
    }
}
