using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Bixbite.Engine.Execution;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Platform;

namespace Bixbite.Engine.Blocking;

/// <summary>
/// Commands that wait until a key has something for them. A waiting command is not a piece of code of its own: it is the request, kept,
/// and it runs again, whole, when one of its keys changed and has the wanted type. So a handler is written once, for both cases:
/// <code>
///   for each key: if there is something, take it, notify, reply, return;
///   if (!context.MayBlock) { reply null; return; }               // within MULTI or a script nobody waits
///   waits.Block(context, new WaitedKeys(KeyType.List, firstKey, keyCount), timeoutMs);
/// </code>
/// When the command runs again and still finds nothing, it calls <see cref="Block"/> again: it then keeps its place and its deadline.
/// <code>
///   (database, key) -> KeyQueue   the waits for the key, in the order in which they came, of all clients and loops
///   ready                         queues whose key changed, in the order in which they did, each once
/// </code>
/// Any change of a key makes it ready, whichever command made it; <see cref="WaitServer"/> serves after the command.
/// </summary>
public sealed class KeyWaits : IChangeSubscriber
{
    private readonly BlockedSessions _blocked;
    private readonly Heap _heap;
    private readonly IClock _clock;
    private readonly Dictionary<byte[], KeyQueue>[] _queues;
    private readonly Queue<KeyQueue> _ready = new();

    /// <param name="blocked">Knows all sessions that wait, for these keys or otherwise.</param>
    /// <param name="heap">Pays for the requests that are kept.</param>
    /// <param name="databaseCount">Count of databases.</param>
    /// <param name="clock">Tells when a wait began.</param>
    public KeyWaits(BlockedSessions blocked, Heap heap, int databaseCount, IClock clock)
    {
        _blocked = blocked;
        _heap = heap;
        _clock = clock;
        _queues = new Dictionary<byte[], KeyQueue>[databaseCount];
        for (int i = 0; i < databaseCount; i++)
        {
            _queues[i] = new Dictionary<byte[], KeyQueue>(KeyBytesComparer.Instance);
        }
    }

    /// <summary>Keys for which somebody waits: INFO's total_blocking_keys.</summary>
    public int KeyCount { get; private set; }

    /// <summary>Those of them where the key's removal ends a wait: total_blocking_keys_on_nokey.</summary>
    public int MissingKeyCount { get; private set; }

    internal bool HasReady => _ready.Count > 0;

    /// <summary>The wait whose command is running again, until it says that it has to go on waiting.</summary>
    internal KeyWait? Rerun { get; set; }

    /// <summary>
    /// Makes the command that is running wait for its keys; it must not have answered anything. A timeout of 0 is none. The reply, when
    /// the time is over, is the null array.
    /// </summary>
    public KeyWait Block(CommandContext context, in WaitedKeys keys, long timeoutMs)
    {
        Debug.Assert(context.MayBlock, "Whoever may not block answers at once.");
        if (Rerun is { } waiting)
        {
            Debug.Assert(waiting.Session == context.Session, "One command runs at a time.");
            Rerun = null;
            return waiting;
        }
        long deadlineMs = BlockedOperation.DeadlineAfter(_clock, timeoutMs);
        var request = new KeptRequest(_heap, context.Arguments);
        var wait = new KeyWait(this, context.Session, context.Command, request, keys, deadlineMs);
        for (int i = 0; i < keys.KeyCount; i++)
        {
            Join(wait, context.Database, context[keys.FirstKey + i]);
        }
        _blocked.Block(wait);
        return wait;
    }

    public void OnChange(in KeyChange change)
    {
        if (KeyCount > 0
            && _queues[change.Database.Number].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(change.Key, out KeyQueue? queue))
        {
            MarkReady(queue);
        }
    }

    public void OnContentReplaced(Database database)
    {
        foreach (KeyQueue queue in _queues[database.Number].Values)
        {
            MarkReady(queue);
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

    /// <summary>Takes a wait that is over out of the queues of its keys.</summary>
    internal void Leave(KeyWait wait)
    {
        foreach ((KeyQueue queue, LinkedListNode<KeyWait> node) in wait.Places)
        {
            queue.Waits.Remove(node);
            CountMissing(queue, wait, -1);
            if (queue.Waits.Count == 0)
            {
                _queues[queue.Database.Number].Remove(queue.Key);
                KeyCount--;
            }
        }
        wait.Places.Clear();
    }

    private void Join(KeyWait wait, Database database, ReadOnlySpan<byte> key)
    {
        Dictionary<byte[], KeyQueue> queues = _queues[database.Number];
        if (!queues.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out KeyQueue? queue))
        {
            queue = new KeyQueue(database, key.ToArray());
            queues.Add(queue.Key, queue);
            KeyCount++;
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
