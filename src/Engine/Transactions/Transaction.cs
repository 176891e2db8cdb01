using Bixbite.Engine.Blocking;
using Bixbite.Engine.Commands;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Transactions;

/// <summary>The requests that a client has sent since MULTI, kept until EXEC or DISCARD.</summary>
public sealed class Transaction : IDisposable
{
    private readonly List<(Command Command, KeptRequest Request)> _requests = [];

    /// <summary>A request was refused while it was to be queued: EXEC will run none.</summary>
    public bool IsSpoiled { get; set; }

    /// <summary>The flags of all the commands together: what EXEC is about to do.</summary>
    public CommandFlags Flags { get; private set; }

    public int Count => _requests.Count;

    /// <summary>The bytes of the arguments.</summary>
    public long Size { get; private set; }

    public Command CommandAt(int index) => _requests[index].Command;

    public ReadOnlySpan<Argument> ArgumentsAt(int index) => _requests[index].Request.Arguments;

    /// <summary>Keeps a copy of a request.</summary>
    public void Add(Heap heap, Command command, ReadOnlySpan<Argument> arguments)
    {
        Flags |= command.Flags;
        _requests.Add((command, new KeptRequest(heap, arguments)));
        foreach (Argument argument in arguments)
        {
            Size += argument.Length;
        }
    }

    public void Dispose()
    {
        foreach ((_, KeptRequest request) in _requests)
        {
            request.Dispose();
        }
        _requests.Clear();
    }
}
