using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Connection;

/// <summary>
/// Once CLIENT KILL has answered, nothing of the killed client runs any more, also what was received before: whoever kills the holder of a
/// lock may rely on it.
/// </summary>
public sealed class FencingTests
{
    private const int CycleCount = 60;
    private const int RequestCount = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Nothing_of_a_killed_client_runs_after_the_answer(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", $"{threads}", "--enable-debug-command", "yes");
        using RespConnection pause = server.Connect();
        using RespConnection judge = server.Connect();
        byte[] requests = [.. Enumerable.Repeat(CommandLine.Encode("INCR fenced"), RequestCount).SelectMany(bytes => bytes)];
        for (int cycle = 0; cycle < CycleCount; cycle++)
        {
            using RespConnection killed = server.Connect();
            string id = killed.Call("CLIENT ID").Text;
            byte[] kill = [.. CommandLine.Encode($"CLIENT KILL ID {id}"), .. CommandLine.Encode("GET fenced")];
            // What comes during the pause is received in one round.
            pause.Send("DEBUG SLEEP 0.01");
            (cycle % 2 == 0 ? judge : killed).Send(cycle % 2 == 0 ? kill : requests);
            (cycle % 2 == 0 ? killed : judge).Send(cycle % 2 == 0 ? requests : kill);
            Assert.Equal(":1", judge.Read().ToString());
            string atKill = judge.Read().Text;
            Assert.Equal("OK", pause.Read().Text);
            killed.ReadToEnd();
            Assert.Equal(atKill, judge.Call("GET fenced").Text);
        }
    }

    /// <summary>Who was killed has left for everybody else, also in the same pipeline.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_killed_client_is_not_there_any_more(int threads)
    {
        using TestServer server = TestServer.Start("--io-threads", $"{threads}");
        using RespConnection judge = server.Connect();
        for (int cycle = 0; cycle < CycleCount; cycle++)
        {
            using RespConnection killed = server.Connect();
            string id = killed.Call("CLIENT ID").Text;
            judge.Send([
                .. CommandLine.Encode($"CLIENT KILL ID {id}"), .. CommandLine.Encode($"CLIENT KILL ID {id}"),
                .. CommandLine.Encode($"CLIENT LIST ID {id}"), .. CommandLine.Encode($"CLIENT UNBLOCK {id}"),
                .. CommandLine.Encode($"CLIENT TRACKING ON REDIRECT {id}"), .. CommandLine.Encode("CLIENT LIST"),
            ]);
            Assert.Equal(":1", judge.Read().ToString());
            Assert.Equal(":0", judge.Read().ToString());
            Assert.Equal("", judge.Read().Text);
            Assert.Equal(":0", judge.Read().ToString());
            Assert.Equal("ERR The client ID you want redirect to does not exist", judge.Read().Text);
            Assert.DoesNotContain($"id={id} ", judge.Read().Text, StringComparison.Ordinal);
        }
    }
}
