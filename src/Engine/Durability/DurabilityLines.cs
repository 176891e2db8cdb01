using Bixbite.Engine.Commands;
using Bixbite.Engine.Execution;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Memory;

namespace Bixbite.Engine.Durability;

/// <summary>
/// The promises that output waits for before it leaves. Nothing that tells of a change, or shows data as a change has made it, goes to
/// anybody before each line that concerns him has reached the change's position; docs/DURABILITY.md tells the rule and why it holds.
/// <code>
///   ChangeFeed ── which keys change ──────────────────> ChangedKeys, one for each line in use
///   CommandRunner ── what a command changed or read ──> AwaitedEnds of its session
///   EndTurn ── the lines: which position? ──┬─────────> ILink.Hold: the replies of those who have changed or seen something
///                                           └─────────> returned: everything that was sent to others in the turn
/// </code>
/// While no line is in use, nobody tells this of changes or commands; of changes only where a line holds readers. Under the execution lock.
/// </summary>
public sealed class DurabilityLines : IChangeSubscriber, ISessionPart, IRunObserver
{
    /// <summary>A server has at most so many lines.</summary>
    public const int CountMax = 12;

    /// <summary>Records beside the keys wait together, as a key of this hash would.</summary>
    private const ulong RecordsHash = 0;

    private readonly ChangeFeed _changes;
    private readonly Propagator _propagator;
    private readonly CommandRunner _runner;
    private readonly SessionSlot<AwaitedEnds> _slot;
    private readonly List<DurabilityLine> _lines = [];
    private readonly ChangedKeys?[] _keys = new ChangedKeys?[CountMax];
    private readonly List<Session> _risen = [];
    private readonly List<KeyPosition> _found = [];
    private readonly long[] _sent = new long[CountMax];
    private readonly long[] _ends = new long[CountMax];
    private long _handedOverCount;
    private bool _hasUntold;

    /// <param name="changes">Tells which keys change.</param>
    /// <param name="propagator">Hands over what repeats a change: to whoever keeps the promises.</param>
    /// <param name="runner">Tells which commands have run.</param>
    /// <param name="parts">Give a place in each session.</param>
    public DurabilityLines(ChangeFeed changes, Propagator propagator, CommandRunner runner, SessionParts parts)
    {
        _changes = changes;
        _propagator = propagator;
        _runner = runner;
        _slot = parts.Slot<AwaitedEnds>();
    }

    /// <summary>Told, on any thread, that a line has reached a position.</summary>
    public Action<int, long>? Advanced { get; set; }

    /// <summary>Some line is in use.</summary>
    public bool IsOn => _runner.ChangeObserver is not null;

    /// <summary>It is told of changes, for the lines that hold readers.</summary>
    private bool IsFollowing => Array.Exists(_keys, static keys => keys is not null);

    private ReadOnlySpan<ChangedKeys?> Keys => _keys.AsSpan(0, _lines.Count);

    /// <summary>Adds a line.</summary>
    public void Add(DurabilityLine line)
    {
        Invariant.Require(_lines.Count < CountMax, "There are more lines than output can wait for.");
        line.Number = _lines.Count;
        line.Owner = this;
        _lines.Add(line);
        NoteUse(line);
    }

    /// <summary>
    /// The client's output waits for the line from this turn on, or does not any longer. Whoever asks for a client sees to its RESET.
    /// </summary>
    public static void Ask(Session session, DurabilityLine line, bool isWanted)
    {
        int bit = 1 << line.Number;
        bool concerns = isWanted || line.ConcernsAll;
        session.Link.Lines = concerns ? session.Link.Lines | bit : session.Link.Lines & ~bit;
    }

    /// <summary>Something that the client is to be told waits for the line. Not for what it has changed in this turn.</summary>
    public bool IsAwaiting(Session session, DurabilityLine line) =>
        _slot.Of(session) is { } awaited && awaited[line.Number] > line.ReachedEnd;

    /// <summary>
    /// The execution lock is about to be given back: asks the lines how far the changes since the last call reach, and has the output of
    /// those wait who changed or saw something. Returns what everything waits for that was sent meanwhile outside of replies: a position of
    /// each line, 0 for none; empty where nothing waits.
    /// </summary>
    public ReadOnlySpan<long> EndTurn()
    {
        _handedOverCount = _propagator.HandedOverCount;
        if (_hasUntold)
        {
            _hasUntold = false;
            NoteAll();
        }
        for (int i = 0; i < _lines.Count; i++)
        {
            _ends[i] = _lines[i].EndTurn();
            Send(i, _ends[i]);
        }
        HoldReplies();
        bool isWaiting = false;
        for (int i = 0; i < _lines.Count; i++)
        {
            _keys[i]?.EndTurn(_ends[i], _lines[i].End);
            _ends[i] = _sent[i];
            _sent[i] = 0;
            isWaiting |= _ends[i] > 0;
        }
        return isWaiting ? _ends.AsSpan(0, _lines.Count) : default;
    }

    /// <summary>A change of a key: who reads it from now on waits as its author does.</summary>
    public void OnChange(in KeyChange change) => Note(change.Database.HashOf(change.Key));

    public void OnContentReplaced(Database database) => NoteAll();

    void IChangeSubscriber.OnUntoldChange() => _hasUntold = true;

    void IChangeSubscriber.OnRecordsChanged() => Note(RecordsHash);

    void IRunObserver.Ran(CommandContext context)
    {
        Session session = context.Session;
        if (_slot.Of(session) is { } awaited)
        {
            Send(awaited);
        }
        if (_hasUntold)
        {
            _hasUntold = false;
            NoteKeys(context);
        }
        if (_propagator.HandedOverCount != _handedOverCount)
        {
            _handedOverCount = _propagator.HandedOverCount;
            AwaitTurn(context);
        }
        else if (IsUnsettled())
        {
            AwaitRead(context);
        }
    }

    void ISessionPart.Opened(Session session)
    {
        session.Link.Lines = 0;
        foreach (DurabilityLine line in _lines)
        {
            Ask(session, line, isWanted: false);
        }
    }

    void ISessionPart.End(Session session) => _slot.Put(session, null);

    void ISessionPart.Describe(ClientText text)
    {
    }

    /// <summary>Changes are followed for each line in use that holds readers.</summary>
    internal void NoteUse(DurabilityLine line)
    {
        bool wasFollowing = IsFollowing;
        _keys[line.Number] = line is { IsInUse: true, HoldsReaders: true } ? new ChangedKeys() : null;
        bool isOn = _lines.Exists(static each => each.IsInUse);
        if (isOn != IsOn)
        {
            _runner.ChangeObserver = isOn ? this : null;
            _handedOverCount = _propagator.HandedOverCount;
        }
        if (IsFollowing && !wasFollowing)
        {
            _changes.Subscribe(this);
        }
        else if (wasFollowing && !IsFollowing)
        {
            _changes.Unsubscribe(this);
        }
    }

    /// <summary>Everything that was sent in this turn waits for this position too, unless the line is there.</summary>
    private void Send(int line, long end)
    {
        if (end > _sent[line] && end > _lines[line].ReachedEnd)
        {
            _sent[line] = end;
        }
    }

    private void Send(AwaitedEnds awaited)
    {
        for (int i = 0; i < _lines.Count; i++)
        {
            Send(i, awaited[i]);
        }
    }

    private void HoldReplies()
    {
        foreach (Session session in _risen)
        {
            if (_slot.Of(session) is not { } awaited)
            {
                continue;
            }
            awaited.HasRisen = false;
            for (int i = 0; i < _lines.Count; i++)
            {
                awaited.EndTurn(i, _ends[i]);
                if (awaited[i] > _lines[i].ReachedEnd)
                {
                    session.Link.Hold(i, awaited[i]);
                }
            }
            Send(awaited);
        }
        _risen.Clear();
    }

    private void Note(ulong hash)
    {
        foreach (ChangedKeys? keys in Keys)
        {
            keys?.Note(hash);
        }
    }

    private void NoteAll()
    {
        foreach (ChangedKeys? keys in Keys)
        {
            keys?.NoteAll();
        }
    }

    /// <summary>The context's command has changed what nobody was told of: some of its keys, or any.</summary>
    private void NoteKeys(CommandContext context)
    {
        if (!TryFindKeys(context))
        {
            NoteAll();
            return;
        }
        foreach (KeyPosition key in _found)
        {
            Note(context.Database.HashOf(context[key.Index]));
        }
    }

    /// <summary>Some change is where a line is not yet.</summary>
    private bool IsUnsettled()
    {
        for (int i = 0; i < _lines.Count; i++)
        {
            if (_keys[i] is { } keys && keys.LatestEnd > _lines[i].ReachedEnd)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>
    /// The context's command has seen what it was asked for: its keys, or data that its arguments do not name. All others see no data; what
    /// the server tells of itself is of the moment.
    /// </summary>
    private void AwaitRead(CommandContext context)
    {
        Command command = context.Command;
        if (context.ShowsRecords)
        {
            AwaitKey(context.Session, RecordsHash);
        }
        bool readsKeys = command.Has(CommandFlags.ReadOnly | CommandFlags.Write);
        if (context.ShowsAnyKey || command.Has(CommandFlags.Protected) || (readsKeys && !TryFindKeys(context)))
        {
            AwaitLatest(context.Session);
        }
        else if (readsKeys)
        {
            foreach (KeyPosition key in _found)
            {
                AwaitKey(context.Session, context.Database.HashOf(context[key.Index]));
            }
        }
    }

    private bool TryFindKeys(CommandContext context) =>
        context.Command.Keys.TellAllKeys && context.Command.Keys.Find(context.Arguments, _found);

    private void AwaitTurn(CommandContext context)
    {
        Session session = context.Session;
        bool isNoted = false;
        int asked = session.Link.Lines;
        for (int i = 0; i < _lines.Count; i++)
        {
            if (_keys[i] is not null)
            {
                Await(session, i, ChangedKeys.ThisTurn);
            }
            else if ((asked & (1 << i)) != 0 && _lines[i].IsInUse)
            {
                Await(session, i, ChangedKeys.ThisTurn);
                _lines[i].NoteAwaited();
                isNoted = true;
            }
        }
        if (isNoted && !_propagator.IsWithinCommand && session.ReplyMode == ReplyMode.On)
        {
            long size = context.Reply.ClientSize - context.ReplyMark;
            session.Set(SessionFlags.Unconfirmed, !session.Link.TryNoteReply(context.Reply.ClientStart, size));
        }
    }

    private void AwaitLatest(Session session)
    {
        for (int i = 0; i < _lines.Count; i++)
        {
            if (_keys[i] is { } keys)
            {
                Await(session, i, keys.LatestEnd);
            }
        }
    }

    private void AwaitKey(Session session, ulong hash)
    {
        for (int i = 0; i < _lines.Count; i++)
        {
            if (_keys[i] is { } keys)
            {
                Await(session, i, keys.EndOf(hash));
            }
        }
    }

    /// <summary>Everything that the session is to get waits for this position of the line, unless the line is there.</summary>
    private void Await(Session session, int line, long end)
    {
        if (end <= _lines[line].ReachedEnd)
        {
            return;
        }
        if (_slot.Of(session) is not { } awaited)
        {
            _slot.Put(session, awaited = new AwaitedEnds());
        }
        if (!awaited.HasRisen)
        {
            awaited.HasRisen = true;
            _risen.Add(session);
        }
        awaited.Raise(line, end);
    }
}
