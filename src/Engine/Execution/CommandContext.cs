using System.Diagnostics;
using Bixbite.Engine.Observability;
using Bixbite.Engine.Propagation;
using Bixbite.Engine.Sessions;
using Bixbite.Keyspace;
using Bixbite.Memory;
using Bixbite.Protocol;
using Bixbite.Types;
using Bixbite.Types.Strings;

namespace Bixbite.Engine.Execution;

/// <summary>
/// The view of a command: its arguments, its client, the keys of the client's database and the reply. One context serves all commands of
/// a loop, one after the other; nothing of it may be kept after the handler returned.
/// </summary>
public sealed class CommandContext
{
    /// <summary>Fewer bytes are not looked at: the gate in front of the command has seen that memory is under its limit.</summary>
    private const long SurelyFitting = 16 * 1024;

    private readonly ContextFactory _shared;
    private readonly KeyAccess _keys;
    private readonly CommandTime _time;
    private readonly ChangeFeed _changes;
    private RequestBatch _batch = null!;
    private int _request;
    private int _first;
    private ulong _redacted;
    private long _errorMark;
    private AccessMode _access;
    private HashedKey _hashed;
    private CommandContext? _inner;

    internal CommandContext(ContextFactory shared, ReplyWriter reply)
    {
        _shared = shared;
        _keys = shared.Keys;
        _changes = shared.Changes;
        _time = shared.Time;
        Reply = reply;
    }

    /// <summary>The keys of all databases, as this command accesses them.</summary>
    public BoundKeys Keys => new(_keys, _access);

    public ReplyWriter Reply { get; }

    /// <summary>The requests propagated in place of this one, where repeating it would not repeat its change.</summary>
    public Effects Effects => _shared.Effects;

    public Session Session { get; private set; } = null!;

    /// <summary>The command that runs; for a container command, the subcommand.</summary>
    public Command Command { get; private set; } = null!;

    /// <summary>The keys as somebody else accesses them.</summary>
    internal BoundKeys KeysAs(AccessMode access) => new(_keys, access);

    /// <summary>A context with the same reply, for commands that run within this one.</summary>
    internal CommandContext Inner => _inner ??= _shared.Create(Reply);

    /// <summary>Who asked for the command to run.</summary>
    public Origin Origin { get; private set; }

    /// <summary>The request comes from a log or a primary: it was found right before, and is not judged again.</summary>
    public bool IsReplaying => Origin.IsRepetition;

    /// <summary>Whether the command may make its client wait; <see cref="Suspend"/> asks for it.</summary>
    public bool MayBlock => Origin.MayBlock;

    /// <summary>The client's reply that is being made in slices, and that the command goes on with; null otherwise.</summary>
    internal UnfinishedReply? Unfinished
    {
        get => Session.Has(SessionFlags.Unfinished) ? _shared.Unfinished.Of(Session) : null;
        set
        {
            Session.Set(SessionFlags.Unfinished, value is not null);
            _shared.Unfinished.Put(Session, value);
        }
    }

    /// <summary>
    /// For a command that runs others: whether one of them has read keys, so that its own count as read. Null for all other commands.
    /// </summary>
    public bool? HasReadKeys { get; set; }

    /// <summary>The reply shows what became of keys that are not among the arguments.</summary>
    public bool ShowsAnyKey { get; set; }

    /// <summary>The reply depends on records beside the keys.</summary>
    public bool ShowsRecords { get; set; }

    /// <summary>Replies to requests of the same client that came before have not left yet.</summary>
    public bool HasRepliesBefore => Reply.ClientSize > 0;

    /// <summary>The operation the command waits for; null where it has finished.</summary>
    internal BlockedOperation? Suspension { get; private set; }

    /// <summary>The wait whose command runs again; null in a command's first run.</summary>
    public BlockedOperation? Waiting { get; private set; }

    /// <summary>Bytes of its client's replies before its own.</summary>
    internal long ReplyMark { get; private set; }

    /// <summary>How large request and reply are, where a client sent the request.</summary>
    internal MessageSizes Sizes => new(_batch.SizeBound(_request), Reply.ClientSize - ReplyMark);

    /// <summary>When the command began, by the monotonic clock.</summary>
    internal long BeganUs { get; private set; }

    /// <summary>The command has answered an error of its own.</summary>
    internal bool HasFailed => Reply.ErrorCount != _errorMark;

    /// <summary>The arguments, the command's own name included.</summary>
    public int Count { get; private set; }

    public Database Database => Session.Database;

    /// <summary>The command's time: Unix milliseconds, the same for all it does.</summary>
    public long NowMs => _time.UnixMs;

    /// <summary>The argument at this position; 0 is the command's name. The bytes are valid while the command runs.</summary>
    public ReadOnlySpan<byte> this[int index] => _batch.ArgumentAt(_first + index).Bytes;

    /// <summary>The arguments as addresses, for those who must hand them on (MONITOR, the slow log, key specs).</summary>
    public ReadOnlySpan<Argument> Arguments => _batch.Arguments(_request);

    /// <summary>Where the arguments are listed.</summary>
    internal RequestBatch Batch => _batch;

    /// <summary>
    /// The argument at this position as a string to be stored at one key of the client's database. A large one that has a block of its own
    /// is not copied: the form gives its block away and must be stored.
    /// </summary>
    public StringForm Text(int index)
    {
        ref readonly Argument argument = ref _batch.ArgumentAt(_first + index);
        return _batch.LooseBlockOf(argument) is { } block ? Database.Take(block) : StringForm.Of(argument.Bytes);
    }

    /// <summary>The request as it may be shown to others.</summary>
    public LoggedRequest Logged => new(Arguments, _redacted);

    /// <summary>The positions that are kept out, a bit each.</summary>
    internal ulong Redacted => _redacted;

    /// <summary>Keeps the argument at this position (a password) out of MONITOR and the slow log.</summary>
    public void Redact(int index) => _redacted |= 1UL << Math.Min(index, LoggedRequest.LastPosition);

    /// <summary>The key at this argument for reading its value.</summary>
    public KeyRef KeyToRead(int index) => _keys.Read(Database, HashOf(index), this[index], _access);

    /// <summary>The key at this argument for looking at it without using it.</summary>
    public KeyRef KeyToInspect(int index) => _keys.Inspect(Database, HashOf(index), this[index], _access);

    /// <summary>The key at this argument for changing it.</summary>
    public KeyRef KeyToWrite(int index) => _keys.Write(Database, HashOf(index), this[index], _access);

    /// <summary>
    /// Makes the command's client wait; the command must not have answered anything. Where nobody may wait (in a transaction, in a log) it
    /// is answered at once as if the time were over, and this is false: the one place where waiting is refused. A command that takes long
    /// asks <see cref="Origin.MayTakeLong"/> before; in a transaction EXEC waits for it.
    /// </summary>
    public bool Suspend(BlockedOperation operation)
    {
        bool isLong = operation is LongOperation;
        if (!(isLong ? Origin.MayTakeLong : Origin.MayBlock))
        {
            operation.AnswerRefusal(Reply);
            return false;
        }
        Invariant.Require(Suspension is null, "A command waits for one thing at a time.");
        Suspension = operation;
        if (isLong)
        {
            if (Origin.MayBlock)
            {
                _shared.Long.Begin(operation, this);
            }
            return true;
        }
        if (!ReferenceEquals(operation, Waiting))
        {
            _shared.Blocked.Begin(operation, this);
        }
        return true;
    }

    /// <summary>True if the key holds a value of another type, which is answered with WRONGTYPE. A missing key is of any type.</summary>
    public bool IsWrongType(in KeyRef at, KeyType type)
    {
        if (!at.Exists || at.Record.Type == type)
        {
            return false;
        }
        Reply.Error(ErrorText.WrongType);
        return true;
    }

    /// <summary>
    /// True if so many bytes may be added to the data; otherwise answers that they do not fit. To be asked by a command that knows what it
    /// needs, before it looks up what it changes. A little always fits, as it does in Redis.
    /// </summary>
    public bool HasRoomFor(long bytes)
    {
        if (bytes < SurelyFitting || IsReplaying || _keys.HasRoom(bytes))
        {
            return true;
        }
        Reply.Error(ErrorText.OutOfMemory);
        return false;
    }

    /// <summary>Whether a deadline has passed, so that what gets it goes at once. Nothing does where somebody else says when.</summary>
    public bool HasPassed(long deadlineMs) => deadlineMs <= NowMs && !_access.KeepsPast;

    /// <summary>
    /// Tells that a key of the client's database changed, after it did. It counts for so many changes, as Redis counts them: one for each
    /// element of a collection; 0 for what only tells more about a change that was told.
    /// </summary>
    public void Changed(ReadOnlySpan<byte> key, KeyEventClass eventClass, ReadOnlySpan<byte> name, long count = 1) =>
        Changed(Database, key, eventClass, name, count);

    /// <summary>Tells that a key of another database changed, after it did.</summary>
    public void Changed(Database database, ReadOnlySpan<byte> key, KeyEventClass eventClass, ReadOnlySpan<byte> name, long count = 1) =>
        _changes.Publish(new KeyChange(database, key, eventClass, name, count));

    /// <summary>Counts changes that nobody is told of: what consumer groups remember.</summary>
    public void CountDirty(long count) => _changes.CountDirty(count);

    /// <summary>Tells that the command has changed records beside the keys.</summary>
    public void RecordsChanged() => _changes.PublishRecordsChanged();

    internal void Begin(Session session, RequestBatch batch, int request)
    {
        Session = session;
        Command = null!;
        Suspension = null;
        Waiting = null;
        Origin = Origin.Client;
        _errorMark = Reply.ErrorCount;
        _redacted = 0;
        ShowsAnyKey = false;
        HasReadKeys = null;
        ShowsRecords = false;
        _hashed = default;
        _batch = batch;
        _request = request;
        _first = batch[request].FirstArgument;
        Count = batch[request].ArgumentCount;
        Reply.Version = session.ProtocolVersion;
    }

    internal void Resolve(Command command, HashedKey hashed = default)
    {
        Command = command;
        _hashed = hashed;
    }

    /// <summary>The request begins that has waited so far.</summary>
    internal void Begin(BlockedOperation wait, RequestBatch batch) => Begin(wait, batch, 0, wait.Command);

    /// <summary>The same for one of several requests.</summary>
    internal void Begin(BlockedOperation wait, RequestBatch batch, int request, Command command)
    {
        Begin(wait.Session, batch, request);
        Command = command;
        Waiting = wait;
    }

    /// <summary>Tells the gates who asks, where that is no client.</summary>
    internal void Approach(Origin origin) => Origin = origin;

    internal void Enter(Origin origin, AccessMode access, long nowUs)
    {
        Origin = origin;
        _access = access;
        BeganUs = nowUs;
        ReplyMark = Reply.ClientSize;
    }

    /// <summary>The errors answered so far are those of commands within this one.</summary>
    internal void ForgetErrors() => _errorMark = Reply.ErrorCount;

    /// <summary>
    /// The hash of the key at this argument. All databases hash a key alike, so it stays good whatever the client selects meanwhile. Where
    /// no key's is known yet, it is kept.
    /// </summary>
    public ulong HashOf(int index)
    {
        if (index != _hashed.Position)
        {
            ulong hash = Database.HashOf(this[index]);
            _hashed = _hashed.Position == 0 ? new HashedKey(index, hash) : _hashed;
            return hash;
        }
        Debug.Assert(_hashed.Hash == Database.HashOf(this[index]), "What was found ahead is of this request.");
        return _hashed.Hash;
    }
}
