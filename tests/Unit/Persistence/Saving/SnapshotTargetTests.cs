using System.Text;
using Bixbite.Memory;
using Bixbite.Persistence.Saving;
using Bixbite.Persistence.Transfer;
using Bixbite.Platform;
using Xunit;

namespace Bixbite.Unit.Persistence.Saving;

/// <summary>A snapshot goes to a file, or to one receiver or several, whole or not at all, and leaves nothing.</summary>
public sealed class SnapshotTargetTests : IDisposable
{
    private const int KeyCount = 1_000;
    private const int LongPatienceMs = 600_000;

    private static readonly byte[] s_mark = Encoding.Latin1.GetBytes(new string('m', 40));

    private readonly JobFixture _fixture = new();

    public SnapshotTargetTests() => _fixture.Fill(KeyCount);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_file_appears_whole()
    {
        _fixture.Begin(_fixture.File("dump.rdb"));
        _fixture.RunToEnd();
        Assert.Equal(JobFixture.ContentOf(_fixture.Keyspace), JobFixture.ContentOf(_fixture.Disk.Files["dump.rdb"]));
        Assert.Equal(["dump.rdb"], _fixture.Disk.Files.Keys);
        AssertEnded(isWhole: true);
    }

    [Fact]
    public void A_cancelled_file_does_not_appear()
    {
        SnapshotJob job = _fixture.Begin(_fixture.File("dump.rdb"));
        _fixture.Jobs.Run(static () => true);
        job.Cancel();
        _fixture.RunToEnd();
        Assert.Empty(_fixture.Disk.Files);
        Assert.True(_fixture.Ends.Single().IsCancelled);
        AssertEnded(isWhole: false);
    }

    [Fact]
    public void Receivers_get_the_bytes_of_a_file_between_the_marks()
    {
        _fixture.Begin(_fixture.File("dump.rdb"));
        _fixture.RunToEnd();
        NotedSink[] sinks = [new("a"), new("b"), new("c")];
        _fixture.Begin(Target(sinks, LongPatienceMs));
        _fixture.RunToEnd();
        byte[] wanted = [.. "$EOF:"u8, .. s_mark, .. "\r\n"u8, .. _fixture.Disk.Files["dump.rdb"], .. s_mark];
        foreach (NotedSink sink in sinks)
        {
            Assert.Equal(wanted, sink.Bytes);
            Assert.Equal("whole", sink.End);
        }
        AssertEnded(isWhole: true);
    }

    [Fact]
    public void A_pipe_hands_on_all_bytes_however_they_are_read()
    {
        var random = new Random(7);
        using var heap = new Heap();
        using var pipe = new BytePipe(heap, 1000, "pipe");
        var whole = new NotedSink("whole");
        _fixture.Begin(Target([pipe, whole], LongPatienceMs));
        var read = new List<byte>();
        byte[] room = new byte[1500];
        while (_fixture.Jobs.IsRunning || pipe.ReadableCount > 0)
        {
            _fixture.Jobs.Run(static () => true);
            int count = pipe.Read(room.AsSpan(0, random.Next(room.Length) + 1));
            read.AddRange(room.AsSpan(0, count));
        }
        Assert.True(pipe.IsClosed);
        Assert.Null(pipe.Problem);
        Assert.Equal(whole.Bytes, read);
        AssertEnded(isWhole: true);
    }

    [Fact]
    public void One_that_fails_or_takes_nothing_is_dropped_without_harm_to_the_others()
    {
        NotedSink whole = new("whole");
        NotedSink broken = new("broken") { FailureAt = 5_000 };
        NotedSink stuck = new("stuck") { FullAt = 70_000 };
        _fixture.Begin(Target([broken, whole, stuck], patienceMs: 20));
        _fixture.RunToEnd();
        Assert.Equal("whole", whole.End);
        Assert.Equal(Errno.Text(Errno.EPIPE), broken.End);
        Assert.Equal("it took nothing for 20 ms", stuck.End);
        byte[] file = [.. whole.Bytes.Skip(s_mark.Length + 7).SkipLast(s_mark.Length)];
        Assert.Equal(JobFixture.ContentOf(_fixture.Keyspace), JobFixture.ContentOf(file));
        Assert.Equal(whole.Bytes.Take(70_000), stuck.Bytes);
        AssertEnded(isWhole: true);
    }

    [Fact]
    public void Less_patience_holds_at_once()
    {
        int patienceMs = LongPatienceMs;
        NotedSink stuck = new("stuck") { FullAt = 10_000 };
        _fixture.Begin(new SinkTarget([stuck], s_mark, () => Volatile.Read(ref patienceMs), SystemClock.Instance));
        while (!stuck.IsAsked)
        {
            _fixture.Jobs.Run(static () => true);
        }
        Volatile.Write(ref patienceMs, 20);
        _fixture.RunToEnd();
        Assert.Equal("it took nothing for 20 ms", stuck.End);
        AssertEnded(isWhole: false);
    }

    [Fact]
    public void It_fails_when_nobody_is_left()
    {
        NotedSink[] sinks = [new("a") { FailureAt = 0 }, new("b") { FailureAt = 100_000 }];
        _fixture.Begin(Target(sinks, LongPatienceMs));
        _fixture.RunToEnd();
        Assert.Equal("nobody takes it any more", _fixture.Ends.Single().Problem);
        AssertEnded(isWhole: false);
    }

    [Fact]
    public void Cancelling_ends_the_wait_for_a_receiver()
    {
        NotedSink stuck = new("stuck") { FullAt = 10_000 };
        SnapshotJob job = _fixture.Begin(Target([stuck], LongPatienceMs));
        while (!stuck.IsAsked)
        {
            _fixture.Jobs.Run(static () => true);
        }
        job.Cancel();
        _fixture.RunToEnd();
        Assert.Equal("it was cancelled", stuck.End);
        Assert.True(_fixture.Ends.Single().IsCancelled);
        AssertEnded(isWhole: false);
    }

    [Fact]
    public void A_receiver_that_is_gone_is_noticed()
    {
        using var heap = new Heap();
        using var pipe = new BytePipe(heap, 1000, "pipe");
        _fixture.Begin(Target([pipe], LongPatienceMs));
        while (pipe.ReadableCount < 1000)
        {
            _fixture.Jobs.Run(static () => true);
        }
        pipe.Refuse();
        _fixture.RunToEnd();
        Assert.Equal(Errno.Text(Errno.EPIPE), pipe.Problem);
        AssertEnded(isWhole: false);
    }

    private SinkTarget Target(IEnumerable<IByteSink> sinks, int patienceMs) =>
        new(sinks, s_mark, () => patienceMs, SystemClock.Instance);

    private void AssertEnded(bool isWhole)
    {
        Assert.Equal(isWhole, _fixture.Ends[^1].Problem is null);
        Assert.Equal(0, _fixture.Memory.AsideHeapBytes);
        Assert.Equal(0, _fixture.Memory.UsedBytes);
        Assert.False(_fixture.Memory.IsActive);
        Assert.Equal(0, _fixture.Keyspace.Databases.Values.Pinned.Count);
    }
}
