using System.Globalization;
using System.Text;
using Bixbite.Configuration.Kinds;
using Bixbite.Engine.Blocking;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence;
using Bixbite.Persistence.Receiving;
using Bixbite.Protocol;
using Bixbite.Replication.History;
using Bixbite.Replication.Links;
using Bixbite.Replication.Streaming;

namespace Bixbite.Replication.Following;

/// <summary>
/// Makes this server a replica of a primary, and keeps it one: connects, and again whenever the connection ends, with a pause between two
/// attempts. Owns the connection, and the files of snapshots on their way. Under the execution lock; what happens by itself, on the first
/// loop.
/// <code>
///   Follow ── Waiting ── PrimaryConnection ... ends ── Waiting ── PrimaryConnection ...
///   Lead ── None: a primary, whose history goes on where the one ended that was followed
/// </code>
/// </summary>
public sealed class Follower : IDisposable
{
    private const long SecondMs = 1000;
    private const long Unknown = -1;

    /// <summary>Two attempts begin so far apart at least.</summary>
    private const long AttemptPeriodMs = 1000;

    private readonly FollowerTools _tools;
    private readonly FollowingSettings _settings;
    private readonly ReplicationSettings _replication;
    private readonly ServerRole _role;
    private readonly BlockedSessions _blocked;
    private readonly List<ReceivedFile> _files = [];
    private Takeover? _takeover;
    private bool _isReady;
    private long _beganMs = long.MinValue / 2;
    private long _downSinceMs = Unknown;
    private long _secondMs;

    /// <param name="tools">The needs of its connections.</param>
    /// <param name="settings">Whom to follow, and how.</param>
    /// <param name="replication">How patient it is.</param>
    /// <param name="role">The role is what it says.</param>
    /// <param name="blocked">Those who wait are dismissed by another role.</param>
    internal Follower(
        FollowerTools tools, FollowingSettings settings, ReplicationSettings replication, ServerRole role, BlockedSessions blocked)
    {
        _tools = tools;
        _settings = settings;
        _replication = replication;
        _role = role;
        _blocked = blocked;
        tools.Applier.AcknowledgementWanted = () => Connection?.Acknowledge();
        if (Address is not null)
        {
            role.Become(isReplica: true);
            tools.Stream.BeginRepeating();
        }
    }

    /// <summary>The primary; null if this server is one.</summary>
    public PrimaryAddress? Address => _settings.Primary.Value;

    public FollowState State => !_role.IsReplica ? FollowState.None : Connection?.State ?? FollowState.Waiting;

    /// <summary>The position behind all of the primary's stream that was applied; -1 if there is none of it.</summary>
    public long End => _role.IsReplica && _tools.Stream.IsOn ? _tools.Stream.End : Unknown;

    /// <summary>Where the stream goes on after the data as it is now; null where there is none, or a command is half done.</summary>
    public StreamPlace? Place
    {
        get
        {
            ReplicationStream stream = _tools.Stream;
            int database = _role.IsReplica ? Connection?.Session?.Database.Number ?? Database : stream.Database;
            return stream.HasPlace ? new StreamPlace(database, _tools.History.Id, stream.End) : null;
        }
    }

    /// <summary>Bytes that came from primaries.</summary>
    public long ReadBytes { get; internal set; }

    /// <summary>The port where clients reach this server; whoever listens says so.</summary>
    public Func<int> Port { private get; set; } = static () => 0;

    /// <summary>Makes connections; whoever has loops gives it.</summary>
    public IPeerLinks Links
    {
        set => _tools.Links = value;
    }

    internal PrimaryConnection? Connection { get; private set; }

    /// <summary>The database that the primary has selected, also while there is no connection.</summary>
    internal int Database { get; set; }

    /// <summary>
    /// A request, or a transaction, of more bytes ends the connection, and all data is asked for. It has nothing to do with the limit for
    /// clients: what the primary has taken from its own is to be taken here.
    /// </summary>
    public long RequestSizeMax { get; set; } = int.MaxValue / 2;

    /// <summary>When a snapshot is loaded while it comes.</summary>
    internal DisklessLoad DirectLoading => _settings.Intake.LoadsDirectly.Value;

    /// <summary>The memory of old data is given back in slices.</summary>
    internal bool FlushesLazily => _settings.Intake.FlushesLazily.Value;

    /// <summary>A file that is not wanted any more, and that the disk has not let go of.</summary>
    internal bool HasUnfinishedFile => _files.Count > 0;

    /// <summary>Seconds since the primary was lost; -1 if there was none.</summary>
    internal long DownSeconds => _downSinceMs < 0 ? Unknown : (_tools.NowMs - _downSinceMs) / SecondMs;

    private string AddressText => Address is { } address
        ? string.Create(CultureInfo.InvariantCulture, $"{address.Host}:{address.Port}")
        : "";

    /// <summary>The data is there: from now on it connects.</summary>
    /// <param name="place">Where the stream goes on after the data; null if that is not known.</param>
    public void Start(StreamPlace? place)
    {
        _isReady = true;
        if (place is { } known && ReplicationHistory.IsName(Encoding.ASCII.GetBytes(known.Id)))
        {
            GoOnFrom(known);
        }
        _tools.Alarm.RingWithin(0);
    }

    /// <summary>Follows this primary from now on.</summary>
    public void Follow(PrimaryAddress address)
    {
        LeavePrimary();
        if (!_role.IsReplica)
        {
            _role.Become(isReplica: true);
            _tools.Stream.BeginRepeating();
        }
        if (!_tools.Stream.IsOn)
        {
            // There is nothing that they could go on with.
            _tools.Replicas.DisconnectAll();
        }
        _settings.Primary.Set([address.Host, address.Port.ToString(CultureInfo.InvariantCulture)]);
        _blocked.Dismiss(ErrorText.UnblockedByRoleChange);
        _beganMs = long.MinValue / 2;
        NoteState();
        _tools.Alarm.RingWithin(0);
    }

    /// <summary>This primary becomes a replica of one of its replicas, and asks it to be a primary.</summary>
    /// <param name="address">Where the replica is.</param>
    /// <param name="takeover">Told how it ends, unless another role is taken before.</param>
    public void HandOver(PrimaryAddress address, Takeover takeover)
    {
        Follow(address);
        _takeover = takeover;
    }

    /// <summary>Follows nobody any more: this server's history branches off, and its replicas come again and are told.</summary>
    public void Lead()
    {
        if (!_role.IsReplica)
        {
            return;
        }
        LeavePrimary();
        _settings.Primary.Set(["no", "one"]);
        _role.Become(isReplica: false);
        _downSinceMs = Unknown;
        _tools.History.Branch(_tools.Stream.End);
        _tools.Stream.EndRepeating();
        _tools.Replicas.DisconnectAll();
        _tools.Replicas.NoteAlone();
        _tools.Receiver.ResumeLog();
        NoteState();
    }

    /// <summary>Does what is due; returns the milliseconds until something is again.</summary>
    public long Run(long nowUs)
    {
        long nowMs = nowUs / 1000;
        Collect();
        if (!_role.IsReplica || !_isReady)
        {
            return CronTask.Never;
        }
        // A replica is asked to take over also by one that could not apply what it says then.
        if (Connection is null && nowMs - _beganMs >= AttemptPeriodMs && (_takeover is not null || _tools.Disk.Refusal is null))
        {
            Connect(nowMs);
        }
        Connection?.Tick(nowMs, TimeoutMs);
        if (nowMs - _secondMs >= SecondMs)
        {
            _secondMs = nowMs;
            Connection?.GiveSign();
            Connection?.Acknowledge();
            if (State == FollowState.Connected)
            {
                _tools.Receiver.ResumeLog();
            }
        }
        return Connection is null ? Math.Max(_beganMs + AttemptPeriodMs - nowMs, 1) : CronTask.Never;
    }

    public void Dispose()
    {
        if (Connection is { IsFinal: false } connection)
        {
            connection.Abandon();
        }
        foreach (ReceivedFile file in _files)
        {
            file.GiveUp("the server ends");
            file.Dispose();
        }
        _tools.Applier.Dispose();
    }

    /// <summary>The state has changed: what clients may do depends on it.</summary>
    internal void NoteState()
    {
        _tools.Raised.Set(Concern.ReadOnlyReplica, _role.IsReplica && _settings.IsReadOnly.Value);
        bool isStale = _role.IsReplica && State != FollowState.Connected;
        _tools.Raised.Set(Concern.StaleData, isStale && !_settings.ServesStaleData.Value);
        if (State == FollowState.Connected)
        {
            _downSinceMs = Unknown;
        }
    }

    /// <summary>A file begins.</summary>
    internal void Add(ReceivedFile file) => _files.Add(file);

    internal void Load(ReceivedFile file, Action<string?> ended) => _tools.Receiver.Load(file, FlushesLazily, BeginningLog(ended));

    internal DirectLoad LoadDirectly(ComingSnapshot snapshot, Action replacing, Action<string?> ended) =>
        _tools.Receiver.LoadDirectly(snapshot, replacing, BeginningLog(ended));

    /// <summary>Whoever is followed is a primary, also if it was to become one first.</summary>
    internal void NoteTakenOver() => EndTakeover(problem: null);

    /// <summary>
    /// The connection has ended. A replica that was to take over and refuses, or was not reached, does not; one that was asked, and has not
    /// answered, is asked again.
    /// </summary>
    internal void NoteEnd(PrimaryConnection connection, string reason)
    {
        if (_takeover is { } takeover && (takeover.IsRefused || !takeover.IsAsked))
        {
            Connection = null;
            EndTakeover(reason);
            return;
        }
        _tools.Log.Write(
            connection.State == FollowState.Connected ? LogLevel.Notice : LogLevel.Warning,
            $"Following {AddressText} ended while {Describe(connection)}: {reason}");
        Connection = null;
        if (connection.State == FollowState.Connected)
        {
            _downSinceMs = _tools.NowMs;
        }
        NoteState();
        _tools.Alarm.RingWithin(0);
    }

    /// <summary>The log of new data begins when it is there.</summary>
    private Action<string?> BeginningLog(Action<string?> ended) => problem =>
    {
        ended(problem);
        if (problem is null)
        {
            _tools.Receiver.ResumeLog();
        }
    };

    /// <summary>
    /// The data is that of a history up to a position: a replica asks for what follows, and a primary's replicas are told, if they have no
    /// more than that, how it goes on.
    /// </summary>
    private void GoOnFrom(StreamPlace place)
    {
        _tools.History.Adopt(place.Id);
        if (_role.IsReplica)
        {
            Database = place.Database;
            _tools.Stream.RepeatFrom(place.End);
        }
        else
        {
            _tools.History.Branch(place.End);
            _tools.Stream.Resume(place.End);
            _tools.Replicas.NoteAlone();
        }
        _tools.Log.Write(
            LogLevel.Notice,
            string.Create(
                CultureInfo.InvariantCulture, $"The data is that of history {place.Id} up to byte {place.End}: it goes on there"));
    }

    private int TimeoutMs => (int)Math.Min(_replication.TimeoutSeconds.Value * SecondMs, int.MaxValue);

    private static string Describe(PrimaryConnection connection) => connection.State switch
    {
        FollowState.Connecting => "connecting",
        FollowState.Handshake => "in handshake",
        FollowState.Receiving when connection.Reception is { HasBegun: true } reception => string.Create(
            CultureInfo.InvariantCulture, $"receiving a snapshot, of which {reception.ReadSize} bytes had come"),
        FollowState.Receiving => "waiting for a snapshot",
        _ => "connected",
    };

    private void Connect(long nowMs)
    {
        _beganMs = nowMs;
        bool mayContinue = _tools.Stream.IsOn;
        string position = mayContinue
            ? string.Create(CultureInfo.InvariantCulture, $"to go on from {_tools.History.Id}:{_tools.Stream.End + 1}")
            : "for all data";
        _tools.Log.Write(LogLevel.Notice, $"Connecting to MASTER {AddressText}, {position}");
        Connection = new PrimaryConnection(this, _tools, new HandshakeOptions
        {
            User = _settings.User.Bytes.ToArray(),
            Password = _settings.Password.Bytes.ToArray(),
            Port = _settings.AnnouncedPort.Value > 0 ? _settings.AnnouncedPort.Value : Port(),
            Address = _settings.AnnouncedAddress.Value,
            Version = ServerIdentity.RedisVersion,
            Id = mayContinue ? _tools.History.Id : "?",
            Offset = mayContinue ? _tools.Stream.End + 1 : -1,
            Takeover = _takeover,
        });
        Connection.Connect(Address!, TimeoutMs);
        NoteState();
    }

    private void EndTakeover(string? problem)
    {
        Takeover? takeover = _takeover;
        _takeover = null;
        takeover?.End(problem);
    }

    private void LeavePrimary()
    {
        Connection?.Abandon();
        Connection = null;
        _takeover = null;
    }

    /// <summary>Frees the files that are over and not wanted any more.</summary>
    private void Collect()
    {
        for (int i = _files.Count - 1; i >= 0; i--)
        {
            ReceivedFile file = _files[i];
            if (file.IsOver && Connection?.Uses(file) != true)
            {
                _files.RemoveAt(i);
                file.Delete();
                file.Dispose();
            }
        }
    }
}
