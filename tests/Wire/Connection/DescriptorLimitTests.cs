using System.Runtime.Versioning;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Connection;

/// <summary>
/// A process that has no descriptor left serves those whom it has, and does not spin; whoever waits is served when one comes free.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class DescriptorLimitTests
{
    private const string Complaint = "Accepting client connection: accept: Too many open files";
    private const int ClientCount = 12;
    private const int RoomCount = 4;

    [Theory]
    [InlineData("epoll", false)]
    [InlineData("epoll", true)]
    [InlineData("portable", false)]
    [InlineData("portable", true)]
    public void Clients_wait_until_a_descriptor_comes_free(string transport, bool isUnix)
    {
        DescriptorRoom.Require();
        using ServerProcess server = ServerProcess.Start(Programs.Server, "--socket-transport", transport);
        RespConnection Open() => isUnix ? RespConnection.OpenUnix(server.Address) : server.Connect();
        using RespConnection control = Open();
        // What a program needs for the first time (assemblies, where they are not compiled into it) is there before the limit.
        Assert.Equal("OK", control.Call("SET key value").Text);
        Open().Dispose();

        DescriptorRoom.Set(server, RoomCount);
        List<RespConnection> waiting = [.. Enumerable.Range(0, ClientCount).Select(_ => Open())];
        waiting.ForEach(static client => client.Send("PING\r\n"u8));
        server.WaitForLine(Complaint);
        AssertRests(control);

        int servedAtOnce = 0;
        while (waiting.Count > 0)
        {
            List<RespConnection> served = [];
            Patience.Until(() => (served = waiting.FindAll(static client => !client.IsSilent(1))).Count > 0, () => server.Output);
            servedAtOnce = Math.Max(servedAtOnce, served.Count);
            foreach (RespConnection client in served)
            {
                Assert.Equal("PONG", client.Read().Text);
                client.Dispose();
                waiting.Remove(client);
            }
        }
        Assert.True(servedAtOnce <= ClientCount - 1, "the limit was none");
        Assert.InRange(server.Output.Split(Complaint).Length - 1, 1, 2 * ClientCount);

        DescriptorRoom.Set(server, 100);
        using RespConnection late = Open();
        Assert.Equal("PONG", late.Call("PING").Text);
        Assert.Equal("PONG", control.Call("PING").Text);
    }

    /// <summary>A loop that spun would make a hundred times as many rounds.</summary>
    private static void AssertRests(RespConnection control)
    {
        long rounds = InfoText.Number(control, "eventloop_cycles", "stats");
        long startedMs = Environment.TickCount64;
        Thread.Sleep(1000);
        long moreRounds = InfoText.Number(control, "eventloop_cycles", "stats") - rounds;
        Assert.InRange(moreRounds, 1, ((Environment.TickCount64 - startedMs) / 5) + 100);
    }
}
