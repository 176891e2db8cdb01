using Bixbite.Crash.Disk;
using Bixbite.Engine.Propagation;
using Bixbite.Persistence.Aof;
using Bixbite.Platform;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>
/// Where the log says that a request lies it does, whatever the disk refuses meanwhile; of what may not be there it says so.
/// </summary>
public sealed class AofPlacesTests : IDisposable, IAofWatcher
{
    private readonly FaultyLog _log = new(new AofBounds(
        WaitingSize: 10_000, RefusingSize: 20_000, WritingSize: 40_000, LosingSize: 80_000, LargeSizeMin: 8000));

    private readonly Random _random = Seed.NewRandom();
    private readonly List<AofPlace> _files = [];
    private readonly List<(long Place, byte[] Request)> _requests = [];
    private long _lostEnd;

    public AofPlacesTests()
    {
        _log.Writer.Places.Watcher = this;
        Assert.True(TryContinue());
    }

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData("no")]
    [InlineData("everysec")]
    [InlineData("always")]
    public void RandomSteps(string policy)
    {
        Assert.Null(_log.Settings.Fsync.Set([policy]));
        int checkedCount = 0;
        for (int step = 0; step < 4000; step++)
        {
            switch (_random.Next(20))
            {
                case < 9:
                    Append();
                    break;
                case < 13:
                    _log.Writer.EndRound();
                    break;
                case 13:
                    _log.Clock.AdvanceMs(_random.Next(1500));
                    _log.Writer.Tick();
                    break;
                case 14 when _random.Next(4) == 0:
                    Refuse();
                    break;
                case 15:
                    _log.Disk.Faults.Heal();
                    break;
                case 16 when _random.Next(3) == 0 && _log.Writer.IsReadyToContinue():
                    if (TryContinue() && _random.Next(2) == 0)
                    {
                        _log.Writer.NoteRewritten(0, _files[^1].Path);
                    }
                    break;
                case 17 when _random.Next(20) == 0:
                    _log.Writer.Close();
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
        Func<DiskOperation, int> errnoOf = _log.Disk.Faults.ErrnoOf;
        _log.Disk.Faults.ErrnoOf = _ => 0;
        Assert.Equal(0, _log.Disk.Append(path, out IDiskFile? file));
        _log.Disk.Faults.ErrnoOf = errnoOf;
        if (_log.Writer.TryContinue(file!, path, size: 0, sizeBefore: 0))
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
        long count = _log.Writer.Places.RequestCount;
        _log.Writer.Append(_random.Next(2), request.AsSpan(0, first), isForReplicas ? PropagationTargets.All : PropagationTargets.Log);
        if (first < request.Length)
        {
            _log.Writer.Continue(request.AsSpan(first));
        }
        Assert.Equal(isForReplicas ? count + 1 : count, _log.Writer.Places.RequestCount);
        if (isForReplicas && _log.Writer.Places.RequestStart >= _lostEnd)
        {
            _requests.Add((_log.Writer.Places.RequestStart, request));
        }
    }

    private void Refuse()
    {
        int kind = _random.Next(3);
        _log.Disk.Faults.ErrnoOf = operation => kind switch
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
            long end = Math.Min(_log.Writer.Places.WrittenEnd, place + request.Length);
            if (end <= place)
            {
                break;
            }
            AofPlace file = _files.FindLast(each => each.From <= place);
            byte[] content = _log.Disk.Content(file.Path)!;
            Assert.True(
                content.AsSpan((int)(place - file.Start), (int)(end - place)).SequenceEqual(request.AsSpan(0, (int)(end - place))),
                $"what is at {place} is not what was appended");
            count += end == place + request.Length ? 1 : 0;
        }
        _requests.RemoveRange(0, Math.Max(_requests.Count - 50, 0));
        return count;
    }
}
