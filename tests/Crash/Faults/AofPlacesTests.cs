using Bixbite.Configuration;
using Bixbite.Crash.Disk;
using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Propagation;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Persistence.Aof;
using Bixbite.Persistence.Saving;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>
/// Where the log says that a request lies it does, whatever the disk refuses meanwhile; of what may not be there it says so.
/// </summary>
public sealed class AofPlacesTests : IDisposable, IAofWatcher
{
    private readonly SimulatedDisk _disk = new();
    private readonly ManualClock _clock = new();
    private readonly TempFolder _folder = new();
    private readonly Heap _heap = new();
    private readonly AofSettings _settings = new(new Settings());
    private readonly DataState _state = new(new RaisedConcerns());
    private readonly ServerLog _serverLog;
    private readonly AofWriter _log;
    private readonly Random _random = Seed.NewRandom();
    private readonly List<AofPlace> _files = [];
    private readonly List<(long Place, byte[] Request)> _requests = [];
    private long _lostEnd;

    public AofPlacesTests()
    {
        _serverLog = new ServerLog(_clock, _folder.File("log"));
        _log = new AofWriter(_heap, _settings, _state, new SavingTools(_disk, _clock, _serverLog, new UnlimitedMemory()))
        {
            Bounds = new AofBounds(
                WaitingSize: 10_000, RefusingSize: 20_000, WritingSize: 40_000, LosingSize: 80_000, LargeSizeMin: 8000),
        };
        _log.Places.Watcher = this;
        Assert.True(TryContinue());
    }

    public void Dispose()
    {
        _disk.Faults.Heal();
        _log.Dispose();
        _heap.Dispose();
        _serverLog.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("no")]
    [InlineData("everysec")]
    [InlineData("always")]
    public void RandomSteps(string policy)
    {
        Assert.Null(_settings.Fsync.Set([policy]));
        int checkedCount = 0;
        for (int step = 0; step < 4000; step++)
        {
            switch (_random.Next(20))
            {
                case < 9:
                    Append();
                    break;
                case < 13:
                    _log.EndRound();
                    break;
                case 13:
                    _clock.AdvanceMs(_random.Next(1500));
                    _log.Tick();
                    break;
                case 14 when _random.Next(4) == 0:
                    Refuse();
                    break;
                case 15:
                    _disk.Faults.Heal();
                    break;
                case 16 when _random.Next(3) == 0 && _log.IsReadyToContinue():
                    if (TryContinue() && _random.Next(2) == 0)
                    {
                        _log.NoteRewritten(0, _files[^1].Path);
                    }
                    break;
                case 17 when _random.Next(20) == 0:
                    _log.Close();
                    Assert.True(TryContinue());
                    break;
                default:
                    checkedCount += Check();
                    break;
            }
        }
        Assert.True(checkedCount > 1000, $"{checkedCount} requests were there");
    }

    void IAofWatcher.Begun(in AofPlace file) => _files.Add(file);

    void IAofWatcher.Ended()
    {
    }

    void IAofWatcher.Lost(long end)
    {
        _lostEnd = end;
        _requests.Clear();
    }

    void IAofWatcher.Replaced(long position)
    {
        int index = _files.FindLastIndex(file => file.From <= position);
        _files.RemoveRange(0, index);
        _requests.RemoveAll(request => request.Place < _files[0].From);
    }

    private bool TryContinue()
    {
        string path = $"increment{_random.NextInt64()}";
        Func<DiskOperation, int> errnoOf = _disk.Faults.ErrnoOf;
        _disk.Faults.ErrnoOf = _ => 0;
        Assert.Equal(0, _disk.Append(path, out IDiskFile? file));
        _disk.Faults.ErrnoOf = errnoOf;
        if (_log.TryContinue(file!, path, size: 0, sizeBefore: 0))
        {
            return true;
        }
        file!.Dispose();
        return false;
    }

    /// <summary>A request, of which a part may come by itself.</summary>
    private void Append()
    {
        byte[] request = new byte[_random.Next(30) == 0 ? 30_000 : _random.Next(1, 2000)];
        _random.NextBytes(request);
        int first = _random.Next(1, request.Length + 1);
        bool isForReplicas = _random.Next(5) > 0;
        long count = _log.Places.RequestCount;
        _log.Append(_random.Next(2), request.AsSpan(0, first), isForReplicas ? PropagationTargets.All : PropagationTargets.Log);
        if (first < request.Length)
        {
            _log.Continue(request.AsSpan(first));
        }
        Assert.Equal(isForReplicas ? count + 1 : count, _log.Places.RequestCount);
        if (isForReplicas && _log.Places.RequestStart >= _lostEnd)
        {
            _requests.Add((_log.Places.RequestStart, request));
        }
    }

    private void Refuse()
    {
        int kind = _random.Next(3);
        _disk.Faults.ErrnoOf = operation => kind switch
        {
            0 => operation.IsSync ? Errno.EIO : 0,
            1 => operation.Action == DiskAction.Write ? Errno.ENOSPC : 0,
            _ => Errno.EROFS,
        };
    }

    /// <summary>Looks at all requests that are written; returns how many are whole.</summary>
    private int Check()
    {
        int count = 0;
        foreach ((long place, byte[] request) in _requests)
        {
            long end = Math.Min(_log.Places.WrittenEnd, place + request.Length);
            if (end <= place)
            {
                break;
            }
            AofPlace file = _files.FindLast(each => each.From <= place);
            byte[] content = _disk.Content(file.Path)!;
            Assert.True(
                content.AsSpan((int)(place - file.Start), (int)(end - place)).SequenceEqual(request.AsSpan(0, (int)(end - place))),
                $"what is at {place} is not what was appended");
            count += end == place + request.Length ? 1 : 0;
        }
        _requests.RemoveRange(0, Math.Max(_requests.Count - 50, 0));
        return count;
    }
}
