using Bixbite.Engine.ClientTracking;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Protocol;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Runs commands again that waited for a key, when keys have changed: key by key in the order in which they became ready, and for each
/// those who wait in the order in which they came, as long as the key has something for them. What they change may make other keys ready
/// (BLMOVE feeds the next list), so it goes on until none is.
/// </summary>
public sealed class ReadyKeyDispatcher
{
    private const int ReplySizeKept = 64 * 1024;

    private readonly KeyWaits _waits;
    private readonly CommandContext _context;
    private readonly CommandRunner _runner;
    private readonly CommandRecorder _recorder;
    private readonly KeyTracking _tracking;
    private readonly RequestBatch _batch;
    private readonly RaisedConcerns _raised;

    /// <summary>The context, its reply buffer and the batch are the server's alone.</summary>
    public ReadyKeyDispatcher(
        KeyWaits waits, CommandContext context, RequestBatch batch, CommandRunner runner, CommandRecorder recorder, KeyTracking tracking,
        RaisedConcerns raised)
    {
        _raised = raised;
        _waits = waits;
        _context = context;
        _batch = batch;
        _runner = runner;
        _recorder = recorder;
        _tracking = tracking;
    }

    /// <summary>Somebody may be served: not while a command takes long, since it may take again what it has brought.</summary>
    public bool HasReady => _waits.HasReady && !_raised.Has(Concern.Busy);

    /// <summary>Serves whoever can be served; to be called after each command, under the execution lock.</summary>
    public void Run()
    {
        while (_waits.TryTakeReady(out KeyQueue? queue))
        {
            Serve(queue);
        }
    }

    /// <summary>As <see cref="Run"/>, for changes that no command made: keys that expired.</summary>
    public void RunBetweenRounds()
    {
        if (HasReady)
        {
            _recorder.BeginRound();
            Run();
        }
    }

    private void Serve(KeyQueue queue)
    {
        LinkedListNode<KeyWait>? next;
        for (LinkedListNode<KeyWait>? node = queue.Waits.First; node is not null; node = next)
        {
            next = node.Next;
            KeyRef at = _context.KeysAs(_runner.AccessBetween).Peek(queue.Database, queue.Key);
            if (!at.Exists && queue.MissingCount == 0)
            {
                return;
            }
            if (!node.Value.IsOver && node.Value.Suits(at))
            {
                RunAgain(node.Value);
            }
        }
    }

    private void RunAgain(KeyWait wait)
    {
        Session session = wait.Session;
        ReplyWriter reply = _context.Reply;
        reply.Begin();
        _batch.Add(wait.Arguments);
        _context.Begin(wait, _batch);
        if (_tracking.IsOn)
        {
            _tracking.BeginCommand(session);
        }
        Outcome outcome = _runner.Run(_context, Origin.Retry);
        bool isTelling = _tracking.HasMessages;
        if (_tracking.IsFollowing)
        {
            _tracking.EndCommand(_context);
        }
        if (outcome == Outcome.Done)
        {
            _waits.Finish(wait, reply.Buffer.Written(0));
            if (reply.IsOverflown)
            {
                session.Link.Abort();
            }
        }
        else if (isTelling)
        {
            session.Link.Send(reply.Buffer.Written(0));
        }
        reply.Buffer.Truncate(0);
        reply.Buffer.Shrink(ReplySizeKept);
        _batch.Clear();
    }
}
