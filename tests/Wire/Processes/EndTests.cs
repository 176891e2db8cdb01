using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Processes;

/// <summary>What is acknowledged while a server ends, and what of it is there after the next start.</summary>
public sealed class EndTests
{
    private const int WriterCount = 20;

    [Theory]
    [InlineData("1", "--save", "3600 1")]
    [InlineData("4", "--save", "3600 1")]
    [InlineData("1", "--appendonly", "yes")]
    [InlineData("4", "--appendonly", "yes")]
    public void What_is_acknowledged_beside_SHUTDOWN_is_saved(string threadCount, string name, string value)
    {
        string[] options = ["--io-threads", threadCount, name, value];
        ServerProcess server = ServerProcess.Start(Programs.Server, options);
        List<RespConnection> writers = [];
        try
        {
            using RespConnection ending = server.Connect();
            Assert.Equal("PONG", ending.Call("PING").Text);
            for (int i = 0; i < WriterCount; i++)
            {
                writers.Add(server.Connect());
                Assert.Equal("PONG", writers[i].Call("PING").Text);
            }
            // All of it waits for one round.
            server.Signal("STOP");
            ending.Send("SHUTDOWN");
            for (int i = 0; i < WriterCount; i++)
            {
                writers[i].Send($"SET key:{i} value");
            }
            server.Signal("CONT");
            bool[] acknowledged = [.. writers.Select(static writer => writer.ReadToEnd().Length > 0)];
            Assert.Equal(0, server.WaitForExit());
            server = ServerProcess.StartAgain(server, Programs.Server, options);
            using RespConnection client = server.Connect();
            for (int i = 0; i < WriterCount; i++)
            {
                bool isThere = client.Call($"EXISTS key:{i}").Text == "1";
                Assert.True(isThere || !acknowledged[i], $"key:{i} was acknowledged, and is gone");
            }
        }
        finally
        {
            writers.ForEach(static writer => writer.Dispose());
            server.Dispose();
        }
    }
}
