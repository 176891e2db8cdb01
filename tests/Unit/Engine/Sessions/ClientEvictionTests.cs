using Bixbite.Engine.Lifecycle;
using Bixbite.Engine.Sessions;
using Bixbite.Engine.Statistics;
using Bixbite.Keyspace;
using Bixbite.Logging;
using Bixbite.Memory;
using Bixbite.Platform;
using Bixbite.Types;
using Xunit;

namespace Bixbite.Unit.Engine.Sessions;

/// <summary>Who is closed when clients hold more than they may.</summary>
public sealed class ClientEvictionTests : IDisposable
{
    private const long Mebi = 1 << 20;

    private readonly TempDirectory _directory = new();
    private readonly Heap _heap = new();
    private readonly ServerStatistics _statistics = new();
    private readonly SessionTable _sessions = new();
    private readonly List<Session> _connected = [];
    private readonly Databases _databases;
    private readonly ServerLog _log;
    private readonly ClientEviction _eviction;

    public ClientEvictionTests()
    {
        var clock = new ManualClock();
        var access = new AccessClock(new CommandTime());
        _databases = new Databases(1, new ValueContext(_heap, 1), access, new LazyFree());
        _log = new ServerLog(clock, LogPath);
        var gauge = new MemoryGauge(_heap, new RaisedConcerns());
        gauge.AddClients(() => _sessions.StateBytes);
        gauge.AddClients(() => _connected.Sum(session => session.Link.InputMemory + session.Link.OutputMemory));
        _eviction = new ClientEviction(_sessions, new ClientText(), gauge, _statistics, _log, clock);
    }

    private string LogPath => Path.Combine(_directory.Path, "log");

    public void Dispose()
    {
        _log.Dispose();
        _heap.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void The_largest_go_until_the_rest_fits()
    {
        Session small = Connect(input: Mebi / 2);
        Session large = Connect(output: 4 * Mebi);
        Session middle = Connect(input: Mebi, output: Mebi);
        _eviction.LimitBytes = 7 * Mebi;
        _eviction.RunInRound();
        Assert.Equal(0, _statistics.ClientsEvicted);
        _eviction.LimitBytes = 3 * Mebi;
        _eviction.RunInRound();
        Assert.Equal([large], Cut());
        _eviction.LimitBytes = Mebi;
        _eviction.Run();
        Assert.Equal([large, middle], Cut());
        Assert.Equal(2, _statistics.ClientsEvicted);
        Assert.False(small.Has(SessionFlags.Gone));
    }

    [Fact]
    public void Of_equals_no_more_go_than_needed()
    {
        for (int i = 0; i < 10; i++)
        {
            Connect(input: Mebi);
        }
        _eviction.LimitBytes = (5 * Mebi) + (10 * 1000);
        _eviction.RunInRound();
        Assert.Equal(5, Cut().Count);
        _eviction.RunInRound();
        Assert.Equal(5, Cut().Count);
    }

    /// <summary>Connections of other loops take a while to close; what they hold meanwhile counts as gone.</summary>
    [Fact]
    public void Who_is_being_closed_is_not_made_up_for_by_others()
    {
        Session first = Connect(input: 3 * Mebi);
        Connect(input: 2 * Mebi);
        _eviction.LimitBytes = 3 * Mebi;
        _eviction.RunInRound();
        _eviction.Run();
        Assert.Equal([first], Cut());
        Assert.InRange(_sessions.LeavingBytes, 3 * Mebi, 4 * Mebi);
        _sessions.Remove(first);
        Assert.Equal(0, _sessions.LeavingBytes);
    }

    [Fact]
    public void Who_asked_not_to_be_closed_is_counted_and_stays()
    {
        Session kept = Connect(input: 8 * Mebi);
        kept.Set(SessionFlags.NoEvict, true);
        Session other = Connect();
        _eviction.LimitBytes = Mebi;
        _eviction.RunInRound();
        Assert.Equal([other], Cut());
        _eviction.RunInRound();
        _eviction.Run();
        Session late = Connect();
        _eviction.RunInRound();
        Assert.Equal([other, late], Cut());
        _log.Dispose();
        string[] lines = File.ReadAllLines(LogPath);
        Assert.Single(lines, line => line.Contains("Over client maxmemory after evicting all evictable clients", StringComparison.Ordinal));
        Assert.Equal(2, lines.Count(line => line.Contains($"Evicting client: id=", StringComparison.Ordinal)));
        kept.Set(SessionFlags.NoEvict, false);
        _eviction.Run();
        Assert.Equal([kept, other, late], Cut());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whoever_stays_is_no_larger_than_whoever_goes_and_the_rest_fits(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 50; round++)
        {
            for (int i = random.Next(100); i > 0; i--)
            {
                Connect(input: (long)Math.Pow(2, random.NextDouble() * 24), output: random.Next(3) == 0 ? random.Next(5000) : 0);
            }
            long held = _sessions.All.Sum(session => session.MemoryBytes);
            _eviction.LimitBytes = Math.Max(random.NextInt64(held + 1), ClientEviction.LimitMin);
            _eviction.RunInRound();
            List<Session> gone = Cut();
            List<Session> kept = [.. _sessions.All];
            Assert.InRange(kept.Sum(session => session.MemoryBytes), 0, _eviction.LimitBytes);
            if (gone.Count > 0 && kept.Count > 0)
            {
                long smallest = gone.Min(session => session.MemoryBytes);
                Assert.InRange(kept.Max(session => session.MemoryBytes), 0, smallest + (smallest / 8) + 1);
                Assert.True(kept.Sum(session => session.MemoryBytes) + gone.Max(session => session.MemoryBytes) > _eviction.LimitBytes);
            }
            Leave(gone);
        }
    }

    private Session Connect(long input = 0, long output = 0)
    {
        var link = new CollectingLink { InputMemory = input, OutputMemory = output };
        var session = new Session(_sessions.NextId(), link, _databases[0], 0);
        _sessions.Add(session);
        _connected.Add(session);
        return session;
    }

    /// <summary>Those whose connections are being cut; the table shows the others only.</summary>
    private List<Session> Cut()
    {
        List<Session> cut = [.. _connected.Where(session => ((CollectingLink)session.Link).IsAborted)];
        Assert.All(cut, session => Assert.True(session.Has(SessionFlags.Gone)));
        Assert.All(cut, session => Assert.Null(_sessions.Find(session.Id)));
        Assert.Equal(_connected.Except(cut), _sessions.All);
        return cut;
    }

    private void Leave(List<Session> gone)
    {
        foreach (Session session in gone)
        {
            _connected.Remove(session);
            _sessions.Remove(session);
        }
    }
}
