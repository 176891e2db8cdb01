using Bixbite.Engine.Execution;
using Bixbite.Engine.Lifecycle;
using Bixbite.Keyspace;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Runs commands again that waited for a key, when keys have changed: key by key in the order in which they became ready, and for each
/// those who wait in the order in which they came, as long as the key has something for them. What they change may make other keys ready
/// (BLMOVE feeds the next list), so it goes on until none is.
/// </summary>
public sealed class ReadyKeyDispatcher
{
    private readonly KeyWaits _waits;
    private readonly WaitReruns _reruns;
    private readonly CommandContext _context;
    private readonly CommandRunner _runner;
    private readonly CommandRecorder _recorder;
    private readonly RaisedConcerns _raised;

    /// <param name="waits">Those who wait for keys.</param>
    /// <param name="reruns">Run their commands again.</param>
    /// <param name="context">Looks at keys.</param>
    /// <param name="runner">Tells how keys are accessed between commands.</param>
    /// <param name="recorder">Told of what runs between rounds.</param>
    /// <param name="raised">Whether a command takes long.</param>
    public ReadyKeyDispatcher(
        KeyWaits waits, WaitReruns reruns, CommandContext context, CommandRunner runner, CommandRecorder recorder, RaisedConcerns raised)
    {
        _waits = waits;
        _reruns = reruns;
        _context = context;
        _runner = runner;
        _recorder = recorder;
        _raised = raised;
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
                _reruns.Run(node.Value);
            }
        }
    }
}
