using System.Globalization;
using System.Text;
using Bixbite.Keyspace;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Persistence.Saving;

/// <summary>
/// Jobs that overlap go to their targets each with the data as it was when it began; what fails, hangs or cancels one of them is nothing to
/// the others.
/// </summary>
public sealed class OverlappingJobTests : IDisposable
{
    private const int KeyCount = 1_000;
    private const int LongPatienceMs = 600_000;

    private static readonly byte[] s_mark = Encoding.Latin1.GetBytes(new string('m', 40));

    private readonly JobFixture _fixture = new();
    private readonly List<(Dictionary<string, string> Content, Func<byte[]?> Result)> _begun = [];
    private int _changeCount;

    public OverlappingJobTests() => _fixture.Fill(KeyCount);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Each_shows_the_data_of_its_beginning()
    {
        BeginFile("one");
        Change(300);
        BeginFile("two");
        Change(300);
        NotedSink sink = BeginStream(LongPatienceMs);
        Change(300);
        NotedSink second = BeginStream(LongPatienceMs);
        Assert.False(_fixture.Jobs.HasRoomForReceivers);
        RunToEndWithChanges();
        Assert.Equal(["whole", "whole"], [sink.End, second.End]);
        Assert.Equal(4, _fixture.Ends.Count);
        AssertAll();
    }

    [Fact]
    public void A_disk_that_fails_for_one_at_any_operation_is_nothing_to_the_others()
    {
        for (int number = 0; ; number++)
        {
            _begun.Clear();
            _fixture.Ends.Clear();
            _fixture.Disk.Files.Clear();
            BeginFile("whole");
            Change(50);
            var disk = new BrokenDisk(_fixture.Disk, "broken.temp", number);
            _fixture.Begin(new NewFile(disk, "broken", "broken.temp"));
            Change(50);
            NotedSink sink = BeginStream(LongPatienceMs);
            RunToEndWithChanges();
            Assert.Equal("whole", sink.End);
            Assert.Equal(disk.HasFailed ? 1 : 0, _fixture.Ends.Count(end => end.Problem is not null));
            string[] files = disk.HasFailed ? ["whole"] : ["broken", "whole"];
            Assert.Equal(files, _fixture.Disk.Files.Keys.Order(StringComparer.Ordinal));
            AssertAll();
            if (!disk.HasFailed)
            {
                Assert.True(number > 2);
                return;
            }
        }
    }

    [Fact]
    public void A_receiver_that_hangs_holds_up_nobody_else()
    {
        var stuck = new NotedSink("stuck") { FullAt = 10_000 };
        SnapshotJob hanging = _fixture.Begin(new SinkTarget([stuck], s_mark, static () => LongPatienceMs, SystemClock.Instance));
        Change(100);
        BeginFile("one");
        Change(100);
        NotedSink sink = BeginStream(LongPatienceMs);
        while (_fixture.Ends.Count < 2 || !stuck.IsAsked)
        {
            Change(1);
            _fixture.Jobs.Run(static () => true);
        }
        Assert.Equal("open", stuck.End);
        Assert.Equal("whole", sink.End);
        Assert.True(hanging.Memory.UsedBytes > 0);
        BeginFile("two");
        while (_fixture.Ends.Count < 3)
        {
            Change(1);
            _fixture.Jobs.Run(static () => true);
        }
        _fixture.Jobs.Cancel(hanging);
        Assert.Equal("it was cancelled", stuck.End);
        Assert.True(_fixture.Ends[^1].IsCancelled);
        AssertAll();
    }

    [Fact]
    public void They_may_be_cancelled_in_any_order()
    {
        foreach (int[] order in (int[][])[[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
        {
            foreach (bool isLastCancelled in (bool[])[true, false])
            {
                _begun.Clear();
                SnapshotJob[] jobs = new SnapshotJob[3];
                for (int i = 0; i < jobs.Length; i++)
                {
                    jobs[i] = BeginFile(string.Create(CultureInfo.InvariantCulture, $"file {i}"));
                    GoOn();
                }
                foreach (int index in isLastCancelled ? order : order[..^1])
                {
                    _fixture.Jobs.Cancel(jobs[index]);
                    Assert.True(_fixture.Ends[^1].IsCancelled);
                    GoOn();
                }
                RunToEndWithChanges();
                if (!isLastCancelled)
                {
                    (Dictionary<string, string> content, Func<byte[]?> result) = _begun[order[^1]];
                    Assert.Equal(content, JobFixture.ContentOf(result()!));
                }
                _begun.Clear();
                AssertAll();
            }
        }
    }

    [Fact]
    public void The_peak_is_never_less_than_what_is_in_use()
    {
        BeginFile("one");
        BeginFile("two");
        for (int i = 0; i < 200; i++)
        {
            Change(1);
            Assert.True(_fixture.Jobs.CowPeakBytes >= _fixture.Jobs.CowBytes);
        }
        RunToEndWithChanges();
    }

    /// <summary>What cancelled snapshots leave in the segments keeps none of them from joining once another snapshot is whole.</summary>
    [Fact]
    public void Segments_join_after_a_snapshot_that_follows_cancelled_ones()
    {
        const int Count = 20_000;
        _fixture.Fill(Count);
        long usual = SegmentsLeft(Count);
        _fixture.Fill(Count);
        SnapshotJob[] jobs = [_fixture.Begin(_fixture.File("a")), _fixture.Begin(_fixture.File("b"))];
        for (int i = 0; i < 8; i++)
        {
            _fixture.Jobs.Run(static () => true);
        }
        Array.ForEach(jobs, _fixture.Jobs.Cancel);
        _fixture.Begin(_fixture.File("a"));
        _fixture.Begin(_fixture.File("b"));
        _fixture.RunToEnd();
        Assert.Equal(usual, SegmentsLeft(Count));
    }

    /// <summary>Removes nearly all keys; the segments that are there then.</summary>
    private long SegmentsLeft(int count)
    {
        for (int i = 10; i < count; i++)
        {
            Database database = _fixture.Keyspace.Databases[i % 2];
            KeyRef at = database.Find(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"key:{i}")));
            database.Remove(ref at);
        }
        return _fixture.Keyspace.Databases[0].Index.SegmentCount + _fixture.Keyspace.Databases[1].Index.SegmentCount;
    }

    /// <summary>After the greatest number comes 1 again: numbers of earlier snapshots are no visits of later ones.</summary>
    [Fact]
    public void Numbers_may_begin_again()
    {
        foreach (uint first in (uint[])[int.MaxValue - 3, uint.MaxValue - 4])
        {
            _fixture.Memory.LastNumber = first;
            for (int round = 0; round < 4; round++)
            {
                _begun.Clear();
                BeginFile("one");
                Change(100);
                SnapshotJob cancelled = _fixture.Begin(_fixture.File("cancelled"));
                GoOn();
                BeginFile("two");
                Change(100);
                _fixture.Jobs.Cancel(cancelled);
                NotedSink sink = BeginStream(LongPatienceMs);
                RunToEndWithChanges();
                Assert.Equal("whole", sink.End);
                AssertAll();
            }
        }
        Assert.InRange(_fixture.Memory.LastNumber, 1U, 20U);
    }

    private SnapshotJob BeginFile(string name)
    {
        _begun.Add((JobFixture.ContentOf(_fixture.Keyspace), () => _fixture.Disk.Files.GetValueOrDefault(name)));
        return _fixture.Begin(_fixture.File(name));
    }

    private NotedSink BeginStream(int patienceMs)
    {
        var sink = new NotedSink("sink");
        _begun.Add((JobFixture.ContentOf(_fixture.Keyspace), () => [.. sink.Bytes.Skip(s_mark.Length + 7).SkipLast(s_mark.Length)]));
        _fixture.Begin(new SinkTarget([sink], s_mark, () => patienceMs, SystemClock.Instance));
        return sink;
    }

    /// <summary>Overwrites, adds and removes strings of all sizes.</summary>
    private void Change(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _changeCount++;
            string key = string.Create(CultureInfo.InvariantCulture, $"key:{_changeCount * 7 % KeyCount}");
            if (_changeCount % 5 == 0)
            {
                Database database = _fixture.Keyspace.Databases[_changeCount % 2];
                KeyRef at = database.Find(Encoding.ASCII.GetBytes(key));
                if (at.Exists)
                {
                    database.Remove(ref at);
                }
                continue;
            }
            string value = new((char)('a' + (_changeCount % 26)), _changeCount % 40 == 1 ? 50_000 : 20);
            _fixture.Keyspace.Put(key, value, database: _changeCount % 2);
        }
    }

    private void GoOn()
    {
        for (int i = 0; i < 5; i++)
        {
            Change(5);
            _fixture.Jobs.Run(static () => true);
        }
    }

    private void RunToEndWithChanges()
    {
        while (_fixture.Jobs.IsRunning)
        {
            Change(1);
            if (!_fixture.Jobs.Run(static () => true))
            {
                Thread.Sleep(1);
            }
        }
    }

    /// <summary>All that are over and whole have what was there, and nothing is left of any.</summary>
    private void AssertAll()
    {
        foreach ((Dictionary<string, string> content, Func<byte[]?> result) in _begun)
        {
            Assert.Equal(content, JobFixture.ContentOf(result()!));
        }
        Assert.Equal(0, _fixture.Memory.AsideHeapBytes);
        Assert.Equal(0, _fixture.Memory.UsedBytes);
        Assert.False(_fixture.Memory.IsActive);
        Assert.Equal(0, _fixture.Keyspace.Databases.Values.Pinned.Count);
    }
}
