using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Platform;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Commands that wait until a key has something for them. A waiting command is not a piece of code of its own: it is the request, kept,
/// and it runs again, whole, when one of its keys changed and has the wanted type. So a handler is written once, for both cases:
/// <code>
///   for each key: if there is something, take it, notify, reply, return;
///   waits.Block(context, new WaitedKeys(KeyType.List, firstKey, keyCount), timeoutMs);
/// </code>
/// When the command runs again and still finds nothing, it calls <see cref="Block"/> again: it then keeps its place and its deadline.
/// <code>
///   (database, key) -> KeyQueue   the waits for the key, in the order in which they came, of all clients and loops
///   ready                         queues whose key changed, in the order in which they did, each once
/// </code>
/// Any change of a key makes it ready, whichever command made it; <see cref="ReadyKeyDispatcher"/> serves after the command.
/// </summary>
public sealed class KeyWaits : IChangeSubscriber
{
    private readonly BlockedSessions _blocked;
    private readonly LazyRemoval _removal;
    private readonly IClock _clock;
    private readonly KeyTable<KeyQueue> _queues = new();
    private readonly Queue<KeyQueue> _ready = new();

    /// <param name="blocked">Knows all sessions that wait, for these keys or otherwise.</param>
    /// <param name="removal">Takes waits that are over out of the queues.</param>
    /// <param name="clock">Tells when a wait began.</param>
    public KeyWaits(BlockedSessions blocked, LazyRemoval removal, IClock clock)
    {
        _blocked = blocked;
        _removal = removal;
        _clock = clock;
    }

    /// <summary>Keys for which somebody waits: INFO's total_blocking_keys.</summary>
    public int KeyCount => _queues.Count;

    /// <summary>Those of them where the key's removal ends a wait: total_blocking_keys_on_nokey.</summary>
    public int MissingKeyCount { get; private set; }

    internal bool HasReady => _ready.Count > 0;

    /// <summary>
    /// Makes the command that is running wait for its keys; it must not have answered anything. A timeout of 0 is none. The reply, when
    /// the time is over, is the null array. Null where it may not wait, and was answered.
    /// </summary>
    public KeyWait? Block(CommandContext context, in WaitedKeys keys, long timeoutMs)
    {
        KeyWait wait = (KeyWait?)context.Waiting
            ?? new KeyWait(this, context.Session, keys, BlockedOperation.DeadlineAfter(_clock, timeoutMs));
        return context.Suspend(wait) ? wait : null;
    }

    public void OnChange(in KeyChange change)
    {
        if (_queues.TryGet(change.Database.Number, change.Key, out KeyQueue? queue))
        {
            MarkReady(queue);
        }
    }

    /// <summary>Of a database that is empty now only those can be served who wait for a key to be gone.</summary>
    public void OnContentReplaced(Database database)
    {
        if (database.Count == 0 && MissingKeyCount == 0)
        {
            return;
        }
        foreach (KeyQueue queue in _queues.In(database.Number))
        {
            if (database.Count > 0 || queue.MissingCount > 0)
            {
                MarkReady(queue);
            }
        }
    }

    internal bool TryTakeReady([MaybeNullWhen(false)] out KeyQueue queue)
    {
        if (!_ready.TryDequeue(out queue))
        {
            return false;
        }
        queue.IsReady = false;
        return true;
    }

    internal void Finish(KeyWait wait, ReadOnlySpan<byte> reply) => _blocked.Finish(wait, reply);

    /// <summary>Takes a wait that is over out of the queues of its keys, in slices where they are many.</summary>
    internal void Leave(KeyWait wait) => _removal.Add(wait);

    /// <summary>Takes a wait that is over out of the queue of one of its keys.</summary>
    internal void Leave(KeyWait wait, KeyPlace place)
    {
        (KeyQueue queue, LinkedListNode<KeyWait> node) = place;
        queue.Waits.Remove(node);
        CountMissing(queue, wait, -1);
        if (queue.Waits.Count == 0)
        {
            _queues.Remove(queue.Database.Number, queue.Key);
        }
    }

    /// <summary>Puts a wait that begins into the queues of its keys.</summary>
    internal void Join(KeyWait wait, CommandContext context)
    {
        for (int i = 0; i < wait.Keys.KeyCount; i++)
        {
            Join(wait, context.Database, context[wait.Keys.FirstKey + i]);
        }
    }

    private void Join(KeyWait wait, Database database, ReadOnlySpan<byte> key)
    {
        if (!_queues.TryGet(database.Number, key, out KeyQueue? queue))
        {
            queue = new KeyQueue(database, key.ToArray());
            _queues.Add(database.Number, queue.Key, queue);
        }
        if (queue.Waits.Last?.Value != wait)
        {
            wait.Places.Add(new KeyPlace(queue, queue.Waits.AddLast(wait)));
            CountMissing(queue, wait, 1);
        }
    }

    private void CountMissing(KeyQueue queue, KeyWait wait, int change)
    {
        if (wait.Keys.WantsMissing)
        {
            MissingKeyCount -= queue.MissingCount > 0 ? 1 : 0;
            queue.MissingCount += change;
            MissingKeyCount += queue.MissingCount > 0 ? 1 : 0;
        }
    }

    private void MarkReady(KeyQueue queue)
    {
        if (!queue.IsReady)
        {
            queue.IsReady = true;
            _ready.Enqueue(queue);
        }
    }
}
