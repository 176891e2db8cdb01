using Bixbite.Engine.Sessions;
using Bixbite.Memory;
using Bixbite.Protocol;

namespace Bixbite.Engine.Execution;

/// <summary>
/// A command that goes on by itself while its client waits and all others run: its request, and a context and a reply of its own. Whoever
/// made it runs it, in slices under the execution lock, and disposes it.
/// </summary>
public sealed class SideCommand : IDisposable
{
    private const int ReplySizeInitial = 64;

    private readonly KeptRequest _request;
    private readonly RequestBatch _batch;
    private readonly NativeBuffer _reply;
    private readonly Session _session;

    /// <summary>Takes a command over from the context in which it began.</summary>
    public SideCommand(ContextFactory contexts, CommandContext command, Heap heap)
    {
        _session = command.Session;
        _request = new KeptRequest(heap, command.Arguments);
        _batch = new RequestBatch(heap);
        _batch.Add(_request.Arguments);
        _reply = new NativeBuffer(heap, ReplySizeInitial);
        Context = contexts.Create(new ReplyWriter(_reply));
        Context.Reply.Begin();
        Context.Begin(_session, _batch, 0);
        Context.Resolve(command.Command);
    }

    public CommandContext Context { get; }

    /// <summary>Sends what the command has answered; a reply that was too large ends the connection.</summary>
    public void SendReply()
    {
        _session.Link.Send(_reply.Written(0));
        if (Context.Reply.IsOverflown)
        {
            _session.Link.Abort();
        }
    }

    public void Dispose()
    {
        _batch.Dispose();
        _request.Dispose();
        _reply.Dispose();
    }
}
