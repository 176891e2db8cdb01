using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Faults;

/// <summary>Somebody sets the system's time, back or forth: nothing but what is dated moves with it.</summary>
public sealed class ClockTests
{
    private const long DayMs = 24 * 60 * 60 * 1000;

    private readonly SimulatedDisk _disk = new();
    private readonly ManualClock _clock = new();

    public static TheoryData<long> Jumps => [-DayMs, DayMs, -30 * 365 * DayMs];

    [Theory]
    [MemberData(nameof(Jumps))]
    public void UptimeGoesOn(long jumpMs)
    {
        using LocalServer server = Start();
        _clock.AdvanceMs(90_000);
        _clock.SetUnixMs(_clock.UnixMs + jumpMs);
        Assert.Equal("90", server.Info("uptime_in_seconds"));
        _clock.AdvanceMs(2 * DayMs);
        Assert.Equal("2", server.Info("uptime_in_days"));
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void SavePointsFireWhenTheirTimeHasPassedAndNotBefore(long jumpMs)
    {
        using LocalServer server = Start("--save", "60 1");
        server.Call("SET k v");
        _clock.AdvanceMs(30_000);
        _clock.SetUnixMs(_clock.UnixMs + jumpMs);
        AwaitTick(server);
        Assert.Equal("0", server.Info("rdb_saves"));
        _clock.AdvanceMs(31_000);
        long earliest = _clock.UnixMs / 1000;
        AwaitSave(server);
        Assert.InRange(server.Call("LASTSAVE").Integer, earliest, _clock.UnixMs / 1000);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void KeysAndClientsAreIdleForAsLongAsTheyWere(long jumpMs)
    {
        using LocalServer server = Start();
        using RespConnection idle = server.Connect();
        idle.Call("SET k v");
        string id = idle.Call("CLIENT ID").Text;
        _clock.AdvanceMs(20_000);
        _clock.SetUnixMs(_clock.UnixMs + jumpMs);
        Assert.Equal("20", server.Call("OBJECT IDLETIME k").Text);
        Assert.Contains(" age=20 idle=20 ", server.Call("CLIENT LIST ID " + id).Text, StringComparison.Ordinal);

        server.Call("CONFIG SET maxmemory-policy allkeys-lfu");
        server.Call("SET often v");
        server.Call("CONFIG SET lfu-log-factor 0");
        for (int i = 0; i < 100; i++)
        {
            server.Call("GET often");
        }
        _clock.SetUnixMs(_clock.UnixMs - jumpMs);
        Assert.Equal("105", server.Call("OBJECT FREQ often").Text);
        _clock.AdvanceMs(5 * 60_000);
        Assert.Equal("100", server.Call("OBJECT FREQ often").Text);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public void WaitsAndPausesEndInTheirTime(long jumpMs)
    {
        using LocalServer server = Start();
        using RespConnection waiting = server.Connect();
        using RespConnection held = server.Connect();
        waiting.Send("BLPOP nothing 100");
        server.AwaitInfo("blocked_clients", "1");
        server.Call("CLIENT PAUSE 50000 WRITE");
        held.Send("SET k v");
        server.AwaitInfo("blocked_clients", "2");
        _clock.SetUnixMs(_clock.UnixMs + jumpMs);
        AwaitTick(server);
        Assert.Equal("2", server.Info("blocked_clients"));
        _clock.AdvanceMs(50_001);
        Assert.Equal("OK", held.Read().Text);
        Assert.True(waiting.IsSilent(20));
        _clock.AdvanceMs(50_000);
        Assert.True(waiting.Read().IsNull);
    }

    [Fact]
    public void IdleClientsAreClosedInTheirTime()
    {
        using LocalServer server = Start("--timeout", "100", "--loglevel", "verbose");
        using RespConnection idle = server.Connect();
        idle.Call("PING");
        _clock.SetUnixMs(_clock.UnixMs + DayMs);
        AwaitTick(server);
        Assert.Equal("PONG", idle.Call("PING").Text);
        _clock.AdvanceMs(60_000);
        server.Call("PING");
        _clock.SetUnixMs(_clock.UnixMs - (2 * DayMs));
        _clock.AdvanceMs(60_000);
        Assert.Empty(idle.ReadToEnd());
        Assert.Contains("Closing idle client", server.Log, StringComparison.Ordinal);
    }

    private LocalServer Start(params string[] options) => LocalServer.StartReady(_disk, _clock, options);

    /// <summary>Time for what the server does by itself: the next round finds that its time has come.</summary>
    private void AwaitTick(LocalServer server)
    {
        for (int i = 0; i < 3; i++)
        {
            _clock.AdvanceMs(100);
            server.Call("PING");
        }
    }

    private void AwaitSave(LocalServer server)
    {
        long deadline = Environment.TickCount64 + RespConnection.PatienceMs;
        while (server.Info("rdb_saves") != "1")
        {
            Assert.True(Environment.TickCount64 < deadline, $"nothing is saved:\n{server.Log}");
            _clock.AdvanceMs(10);
        }
    }
}
