using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Structures.Hashing;
using Bixbite.Types;

namespace Bixbite.Engine.ClientTracking;

/// <summary>
/// Keeps the caches of clients true (CLIENT TRACKING): remembers what they read, and tells them when it is no longer so.
/// <code>
///   a client's command has run ──> Remember ──> TrackedKeys
///   ChangeFeed ── OnChange ──┬ who has read the key: TrackedKeys ──────────────> InvalidationSender, and the key is forgotten
///                            └ who wants all with its prefix: BroadcastPrefixes ── EndRound ──> InvalidationSender
/// </code>
/// A message goes out when its change happens, before any later reply to the same client; what a client is to hear of its own command
/// comes right behind that command's reply, or in front of it where a gate made the change (eviction, a table that is too large). While no
/// client tracks, nobody tells this of changes, the table does not exist, and a command costs a branch.
/// </summary>
public sealed class KeyTracking : IChangeSubscriber, ISessionPart, IRunObserver
{
    /// <summary>Keys that a command forgets at most while the table is too large, times the commands that found it so.</summary>
    private const int ForgettingEffort = 100;

    private readonly ChangeFeed _changes;
    private readonly SessionSlot<SessionTracking> _slot;
    private readonly InvalidationSender _sender;
    private readonly BroadcastPrefixes _prefixes;
    private readonly TrackedKeys _keys;
    private readonly Dictionary<long, Session> _clients = [];
    private readonly List<KeyPosition> _found = [];
    private readonly Random _random = new();
    private int _futility;
    private bool _isFlushTold;
    private bool _hasEvicted;

    /// <param name="changes">Tells what changed.</param>
    /// <param name="sessions">Where clients are found to which others redirect.</param>
    /// <param name="parts">Give a place in each session.</param>
    /// <param name="keys">The table.</param>
    /// <param name="heap">Pays for messages.</param>
    public KeyTracking(
        ChangeFeed changes, SessionTable sessions, SessionParts parts, TrackedKeys keys, Heap heap)
    {
        _changes = changes;
        _slot = parts.Slot<SessionTracking>();
        _sender = new InvalidationSender(sessions, _slot, heap);
        _prefixes = new BroadcastPrefixes(_sender, _slot, heap);
        _keys = keys;
    }

    /// <summary>More keys than this are not remembered (tracking-table-max-keys); 0 for any number.</summary>
    public long KeyCountMax { get; set; }

    /// <summary>Told how much of what clients hold comes of evicted keys.</summary>
    public required MemoryGauge Memory { private get; init; }

    /// <summary>Clients that track, in whatever mode.</summary>
    public int ClientCount => _clients.Count;

    /// <summary>Keys that were read and have not changed since.</summary>
    public long KeyCount => _keys.Count;

    /// <summary>Pairs of such a key and a client.</summary>
    public long ItemCount => _keys.ItemCount;

    /// <summary>Different prefixes of clients in broadcasting mode.</summary>
    public int PrefixCount => _prefixes.Count;

    /// <summary>Bytes of the table.</summary>
    public long MemoryBytes => _keys.MemoryBytes;

    internal bool IsOn => _clients.Count > 0;

    /// <summary>A command runs whose client may have to hear of it.</summary>
    internal bool IsFollowing => _sender.Caller is not null;

    internal bool HasMessages => _sender.HasDeferred;

    /// <summary>How what a session reads is tracked; null while it is not.</summary>
    public SessionTracking? Of(Session session) => _slot.Of(session);

    /// <summary>Tracks for the session from now on, or in another way than before. Prefixes are added to those that it has.</summary>
    public void Start(Session session, TrackingModes modes, long redirectId, IReadOnlyCollection<byte[]> prefixes)
    {
        if (!IsOn)
        {
            _changes.SubscribeFirst(this);
        }
        _clients.TryAdd(session.Id, session);
        _sender.Caller = session;
        if (Of(session) is not { } tracking)
        {
            _slot.Put(session, tracking = new SessionTracking());
            session.Set(SessionFlags.Caching, true);
        }
        tracking.Modes = modes;
        tracking.RedirectId = redirectId;
        tracking.IsRedirectBroken = false;
        foreach (byte[] prefix in prefixes)
        {
            if (tracking.Prefixes.Add(prefix))
            {
                _prefixes.Add(session, prefix);
            }
        }
    }

    /// <summary>Tracks no longer; with the last client the table goes. Nothing happens where the session did not track.</summary>
    public void Stop(Session session)
    {
        if (Of(session) is not { } tracking)
        {
            return;
        }
        foreach (byte[] prefix in tracking.Prefixes)
        {
            _prefixes.Remove(session, prefix);
        }
        _slot.Put(session, null);
        session.Set(SessionFlags.Caching, false);
        _clients.Remove(session.Id);
        if (!IsOn)
        {
            _changes.Unsubscribe(this);
            _keys.Clear();
        }
    }

    public void OnChange(in KeyChange change)
    {
        Session? author = change.IsSpontaneous ? null : _sender.Caller;
        _hasEvicted |= change.EventClass == KeyEventClass.Evicted;
        _prefixes.Note(change.Key, author);
        IndexPosition at = _keys.Find(change.Key);
        if (at.IsFound)
        {
            Invalidate(at, author);
        }
    }

    /// <summary>Clients know no databases: whichever was emptied, none of their keys can be trusted. Once a command is enough.</summary>
    public void OnContentReplaced(Database database)
    {
        if (_isFlushTold)
        {
            return;
        }
        _isFlushTold = true;
        _keys.Clear();
        foreach (Session client in _clients.Values)
        {
            _sender.SendAll(client);
        }
    }

    /// <summary>A client's command is about to pass the gates.</summary>
    internal void BeginCommand(Session session)
    {
        _sender.Caller = session;
        LimitKeys();
    }

    /// <summary>Makes a lower limit hold also while no command comes.</summary>
    internal void LimitKeys()
    {
        if (KeyCountMax > 0 && _keys.Count > KeyCountMax)
        {
            ForgetSome();
        }
    }

    /// <summary>Writes what the client is to hear so far.</summary>
    internal void WriteMessages(ReplyWriter reply) => _sender.TakeDeferred(reply);

    /// <summary>The command that began is not run now.</summary>
    internal void PostponeCommand() => _sender.Caller = null;

    /// <summary>The command that began takes long: what its client is to hear of it so far waits.</summary>
    internal void LeaveCommand()
    {
        _sender.SetDeferredAside();
        _sender.Caller = null;
    }

    /// <summary>The command that began is over, and its reply written: what the client is to hear of it follows.</summary>
    internal void EndCommand(CommandContext context)
    {
        _sender.Caller = null;
        _isFlushTold = false;
        Session session = context.Session;
        if (Of(session) is { IsCachingGiven: true } tracking && IsCachingOver(session, tracking, context.Command))
        {
            tracking.IsCachingGiven = false;
        }
        if (_sender.HasDeferred)
        {
            _sender.TakeDeferred(context.Reply);
        }
    }

    /// <summary>A round is over: tells what changed in it to the clients in broadcasting mode.</summary>
    internal void EndRound()
    {
        _isFlushTold = false;
        if (!_hasEvicted)
        {
            _prefixes.Send();
            return;
        }
        _hasEvicted = false;
        Memory.IsExcusing = true;
        _prefixes.Send();
        Memory.IsExcusing = false;
    }

    void ISessionPart.End(Session session) => Stop(session);

    void ISessionPart.Describe(ClientText text)
    {
        text.Add("redir", session => Of(session)?.RedirectId ?? -1);
        text.AddFlag('t', static session => session.Has(SessionFlags.Caching));
        text.AddFlag('R', session => Of(session) is { IsRedirectBroken: true });
        text.AddFlag('B', session => Of(session)?.Has(TrackingModes.Broadcast) ?? false);
    }

    void IRunObserver.Ran(CommandContext context)
    {
        bool hasRead = context.HasReadKeys ?? context.Command.Has(CommandFlags.ReadOnly);
        if (hasRead && Of(context.Session)!.WantsReads)
        {
            Remember(context);
        }
    }

    /// <summary>Remembers the keys of the context's request for its client.</summary>
    private void Remember(CommandContext context)
    {
        ReadOnlySpan<Argument> arguments = context.Arguments;
        context.Command.Keys.Find(arguments, _found);
        foreach (KeyPosition key in _found)
        {
            _keys.Add(arguments[key.Index].Bytes, context.Session.Id);
        }
    }

    /// <summary>Tells those who have read the key, but not its author where that does not want to know, and forgets it.</summary>
    private void Invalidate(IndexPosition at, Session? author)
    {
        TrackedKey key = _keys.At(at);
        foreach (long id in key.Clients)
        {
            if (_clients.TryGetValue(id, out Session? client)
                && Of(client) is { } tracking
                && !tracking.Has(TrackingModes.Broadcast)
                && !(client == author && tracking.Has(TrackingModes.NoLoop)))
            {
                _sender.SendKey(client, key.Key);
            }
        }
        _keys.Remove(at);
    }

    /// <summary>Forgets keys at random until the table is small enough again, the more the longer it takes.</summary>
    private void ForgetSome()
    {
        for (int i = ForgettingEffort * (_futility + 1); i > 0; i--)
        {
            Invalidate(_keys.Sample(_random), author: null);
            if (_keys.Count <= KeyCountMax)
            {
                _futility = 0;
                return;
            }
        }
        _futility++;
    }

    /// <summary>
    /// CLIENT CACHING holds for the next command, as which no CLIENT command counts; for a whole transaction; and for a command that waits
    /// until it has run again.
    /// </summary>
    private static bool IsCachingOver(Session session, SessionTracking tracking, Command? command) =>
        !session.Has(SessionFlags.InTransaction)
        && !(session.Has(SessionFlags.Blocked) && tracking.Has(TrackingModes.OptIn))
        && command?.Container?.Has(CommandFlags.KeepsCaching) != true;
}
