using System.Globalization;
using Bixbite.Engine.Lifecycle;
using Bixbite.Logging;
using Bixbite.Persistence.Receiving;
using Bixbite.Replication.Links;

namespace Bixbite.Replication.Following;

/// <summary>
/// A snapshot on its way from a primary's connection, which owns this, to its place as this server's data. It says once how that ends. On
/// the first loop, with the lock.
/// <code>
///   header ─┬─ file ── whole, synced ── the old data goes ── loaded         repl-diskless-load disabled; on-empty-db, and there are keys
///           └─ parser ─┬─ the old data goes ── loaded                       flush-before-load; on-empty-db, and there are none
///                      └─ loaded beside the old data ── the old data goes   swapdb
/// </code>
/// </summary>
/// <param name="follower">Says how it is loaded.</param>
/// <param name="tools">What else it needs.</param>
/// <param name="wire">Brings it; read no further while there is no room, and from its end on until it is loaded.</param>
/// <param name="id">The primary's history; null if it has none.</param>
/// <param name="ended">Told that it is loaded, which is null, or why it is not.</param>
internal sealed class SnapshotIntake(
    Follower follower, FollowerTools tools, IPeerWire wire, string? id, Action<string?> ended)
{
    private const int LineSizeMax = 4096;
    private const string Lost = "connection with primary lost";

    private ReceivedFile? _file;
    private DirectLoad? _direct;
    private volatile bool _isBlocked;
    private bool _isOver;

    public SnapshotReception Reception { get; } = new();

    /// <summary>It is being loaded, directly or from its file.</summary>
    public bool IsLoading { get; private set; }

    /// <summary>The connection is gone, and it goes on without.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Bytes that have come after the mark, before they were asked for.</summary>
    public long ExcessSize { get; private set; }

    /// <summary>It is loaded from a file, and that cannot be given up: there is no other data.</summary>
    public bool IsFinal => IsLoading && _direct is null;

    /// <summary>The primary may be silent: this server is busy with what has come, or its disk is not needed any more.</summary>
    public bool IsBusy => IsFinal || _direct is { IsStarved: false };

    /// <summary>The disk has not taken what has come.</summary>
    public bool WaitsForDisk => _file is not null && (Reception.IsComplete || Reception.IsBlocked);

    /// <summary>The file is that of this snapshot, and is needed.</summary>
    public bool Uses(ReceivedFile file) => !_isOver && file == _file;

    /// <summary>Takes some of the bytes that have come, and returns how many.</summary>
    public int Take(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        if (!Reception.HasHeader)
        {
            taken = Reception.TakeHeader(bytes, LineSizeMax);
        }
        if (Reception is { HasHeader: true, HasBegun: false })
        {
            Begin();
        }
        if (!_isOver && Reception.HasBegun && !Reception.IsComplete)
        {
            taken += Reception.Take(bytes[taken..]);
        }
        if (Reception.Problem is { } problem)
        {
            End(_file?.Problem ?? problem);
        }
        else if (!_isOver && Reception.HasBegun)
        {
            Hold();
        }
        return taken;
    }

    /// <summary>Loads the file if it is whole, and ends if it has failed.</summary>
    public void Tick()
    {
        // Nothing is replaced while a command is half done.
        if (_isOver || IsLoading || _file is not { IsOver: true } file)
        {
            return;
        }
        if (file.Problem is { } problem)
        {
            End(problem);
        }
        else if (!tools.Raised.Has(Concern.Busy) && !tools.Receiver.IsBusy)
        {
            Note(string.Create(CultureInfo.InvariantCulture, $"{Reception.ReadSize} bytes received; flushing old data"));
            IsLoading = true;
            Replace();
            Note("Loading DB in memory");
            follower.Load(file, loadProblem => End(loadProblem is null
                ? null
                : $"loading failed: {loadProblem}; the half-loaded data is discarded"));
        }
    }

    /// <summary>The connection is gone; false if there is nothing to be done without it.</summary>
    public bool GoOnWithoutPrimary()
    {
        if (_direct is null && !Reception.IsComplete)
        {
            return false;
        }
        IsLost = true;
        if (!Reception.IsComplete)
        {
            // All of it may be in the pipe: the parser knows.
            _direct!.Pipe.Close(Lost);
        }
        return true;
    }

    /// <summary>It is not wanted any more, and nobody is told of an end. Not while it is final.</summary>
    public void Abandon()
    {
        if (_isOver)
        {
            return;
        }
        _isOver = true;
        _file?.GiveUp("it was given up");
        if (_direct is { } direct)
        {
            direct.Cancel();
            direct.Dispose();
        }
    }

    private LoadPlace? DirectPlace() => follower.DirectLoading switch
    {
        DisklessLoad.OnEmptyDb when !tools.Receiver.HasKeys => LoadPlace.Live,
        DisklessLoad.FlushFirst => LoadPlace.Live,
        DisklessLoad.SwapDb when id == tools.History.Id => LoadPlace.Aside,
        DisklessLoad.SwapDb => LoadPlace.AsideHoldingClients,
        _ => null,
    };

    private void Begin()
    {
        if (DirectPlace() is not { } place)
        {
            BeginFile();
        }
        else if (tools.Raised.Has(Concern.Busy))
        {
            // Nothing is replaced while a command is half done.
            wire.Pause();
            tools.LongCommand.WhenOver(wire.Resume);
        }
        else if (tools.Receiver.IsBusy)
        {
            End("something else is being loaded");
        }
        else
        {
            BeginDirect(place);
        }
    }

    private void BeginFile()
    {
        if (follower.HasUnfinishedFile)
        {
            End("the disk has not taken the snapshot before this one");
            return;
        }
        Note($"receiving {Reception.Form} to disk");
        wire.ReceivesBulk = true;
        _file = tools.Receiver.Receive(() => tools.Alarm.RingWithin(0));
        follower.Add(_file);
        _file.Pipe.RoomMade = Unblock;
        Reception.Begin(_file.Pipe, findsMark: true);
    }

    private void BeginDirect(LoadPlace place)
    {
        Note($"receiving {Reception.Form} to parser");
        wire.ReceivesBulk = true;
        if (place == LoadPlace.Live)
        {
            Note("Flushing old data");
        }
        IsLoading = true;
        var snapshot = new ComingSnapshot
        {
            Sender = "the primary's snapshot",
            Size = Reception.Mark.Length > 0 ? ComingSnapshot.UnknownSize : Reception.TotalSize,
            Mark = Reception.Mark,
            Place = place,
            IsLazy = follower.FlushesLazily,
        };
        _direct = follower.LoadDirectly(snapshot, () => ReplaceDirectly(place), problem => EndDirect(place, problem));
        Note("Loading DB in memory");
        _direct.Pipe.RoomMade = Unblock;
        _direct.Pipe.Filled = () => tools.Alarm.RingWithin(0);
        Reception.Begin(_direct.Pipe, findsMark: false);
    }

    private void ReplaceDirectly(LoadPlace place)
    {
        if (place != LoadPlace.Live)
        {
            Note("Swapping active DB with loaded DB");
        }
        Replace();
    }

    /// <summary>The old data goes, and its stream with it.</summary>
    private void Replace()
    {
        tools.Replicas.DisconnectAll();
        tools.Stream.Leave();
    }

    private void EndDirect(LoadPlace place, string? problem)
    {
        if (_isOver)
        {
            return;
        }
        if (place != LoadPlace.Live)
        {
            Note(problem is null ? "Discarding old DB in background" : "Discarding temporary DB in background");
        }
        DirectLoad direct = _direct!;
        _direct = null;
        long excess = Reception.ReadSize - direct.ReadSize;
        direct.Dispose();
        string rest = place == LoadPlace.Live ? "the half-loaded data is discarded" : "the old data stays";
        End(problem is null ? null : $"loading failed: {problem}; {rest}", excess);
    }

    /// <summary>Has the connection read no further than there is room.</summary>
    private void Hold()
    {
        if (Reception.IsComplete)
        {
            _file?.Pipe.Close(problem: null);
            wire.Pause();
        }
        else if (Reception.IsBlocked)
        {
            // The reader of the pipe may have made room before it could know that somebody waits for it.
            _isBlocked = true;
            wire.Pause();
            if (_file?.HasRoom ?? _direct!.HasRoom)
            {
                Unblock();
            }
        }
    }

    /// <summary>There is room in the pipe. By the thread that reads it, or by the loop.</summary>
    private void Unblock()
    {
        if (_isBlocked)
        {
            _isBlocked = false;
            wire.Resume();
        }
    }

    private void Note(string what) => tools.Log.Write(LogLevel.Notice, $"MASTER <-> REPLICA sync: {what}");

    private void End(string? problem, long excess = 0)
    {
        if (_isOver)
        {
            return;
        }
        _isOver = problem is null;
        wire.ReceivesBulk = false;
        IsLoading = false;
        ExcessSize = excess;
        ended(problem);
    }
}
