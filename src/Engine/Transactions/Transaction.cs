using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Transactions;

/// <summary>The requests that a client has sent since MULTI, kept until EXEC or DISCARD. Made and taken back by the queue.</summary>
public sealed class Transaction
{
    private const int ArgumentCountUsual = 32;
    private const int RequestCountUsual = 8;

    /// <summary>Bytes of a request, and of an argument, beside the arguments' own, estimated.</summary>
    private const long RequestSize = 48;
    private const long ArgumentSize = 16;

    private readonly List<Command> _commands = new(RequestCountUsual);

    internal Transaction(Heap heap) => Requests = new RequestBatch(heap, ArgumentCountUsual, RequestCountUsual);

    /// <summary>A request was refused while it was to be queued: EXEC will run none.</summary>
    public bool IsSpoiled { get; set; }

    /// <summary>The flags of all the commands together: what EXEC is about to do.</summary>
    public CommandFlags Flags { get; private set; }

    /// <summary>The flags that all the commands have: what EXEC may be allowed.</summary>
    public CommandFlags CommonFlags { get; private set; } = ~CommandFlags.None;

    public int Count => _commands.Count;

    /// <summary>The bytes of the arguments.</summary>
    public long Size { get; private set; }

    /// <summary>All bytes that are held for the requests.</summary>
    public long MemoryBytes => Size + (RequestSize * Count) + (ArgumentSize * Requests.ArgumentCount);

    /// <summary>Copies of the requests.</summary>
    internal RequestBatch Requests { get; }

    /// <summary>It holds no more than most do, and may be used again as it is.</summary>
    internal bool IsUsual => Requests.ArgumentCount <= ArgumentCountUsual && Count <= RequestCountUsual;

    public Command CommandAt(int index) => _commands[index];

    /// <summary>The request's arguments, its command's name first.</summary>
    public ReadOnlySpan<Argument> ArgumentsAt(int index) => Requests.Arguments(index);

    /// <summary>Keeps a copy of a request of this batch.</summary>
    internal void Add(Command command, CommandFlags flags, RequestBatch batch, ReadOnlySpan<Argument> arguments)
    {
        Flags |= flags;
        CommonFlags &= flags;
        _commands.Add(command);
        Requests.AddCopy(batch, arguments);
        foreach (Argument argument in arguments)
        {
            Size += argument.Length;
        }
    }

    /// <summary>Gives back the requests.</summary>
    internal void Clear()
    {
        Requests.Clear();
        _commands.Clear();
        Flags = CommandFlags.None;
        CommonFlags = ~CommandFlags.None;
        IsSpoiled = false;
        Size = 0;
    }
}
