using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Tools;

/// <summary>The load generator of the tool: it sends what it says, and tells what was answered.</summary>
public sealed class BenchTests : IDisposable
{
    private readonly TestServer _server = TestServer.Start();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void Every_test_sends_all_its_requests()
    {
        string[] tests = ToolRun.Of("bench", "--help").Output.Split("Tests: ")[1].Trim().Split(' ');
        Assert.Contains("lrange_100", tests);
        ToolRun run = Bench("-n", "1003", "-c", "5", "-P", "10", "--csv");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string[][] rows = [.. run.Output.TrimEnd().Split('\n').Select(line => line.Trim('"').Split("\",\""))];
        Assert.Equal(["test", .. tests], rows.Select(row => row[0]));
        double[][] figures =
            [.. rows[1..].Select(row => row[1..].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())];
        Assert.All(figures, row => Assert.All(row, figure => Assert.True(figure > 0)));
        Assert.All(figures, row => Assert.Equal(row[2..].Order(), row[2..]));
        using RespConnection connection = _server.Connect();
        string calls = connection.Call("INFO commandstats").Text;
        foreach (string test in tests)
        {
            Assert.Contains($"cmdstat_{test.Split('_')[0]}:calls=1003,", calls, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_command_of_ones_own_has_random_numbers_and_values()
    {
        ToolRun run = Bench("-n", "500", "-c", "3", "-r", "50", "-d", "20", "SADD", "numbers:__rand_int__", "__data__");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        using RespConnection connection = _server.Connect();
        Assert.InRange(connection.Call("DBSIZE").Integer, 2, 50);
        Assert.Equal($"*[\"{new string('x', 20)}\"]", connection.Call("SMEMBERS " + connection.Call("RANDOMKEY").Text).ToString());
    }

    [Fact]
    public void What_the_server_refuses_is_told_once()
    {
        ToolRun run = Bench("-n", "100", "-P", "7", "INCR");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("The server answers INCR with an error: ERR wrong number of arguments for 'incr' command\n", run.Error);
    }

    [Theory]
    [InlineData("-t sett", "did you mean 'set'?")]
    [InlineData("-n 0", "from 1 to")]
    [InlineData("-d 1000000 -P 1000", "fewer at once")]
    [InlineData("-P many", "'many'")]
    public void Mistakes_are_named(string options, string told)
    {
        ToolRun run = Bench(options.Split(' '));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_is_not_there_is_named()
    {
        ToolRun run = ToolRun.Of("bench", "-p", $"{FreePorts.Next()}", "-t", "ping");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("nobody listens there", run.Error, StringComparison.Ordinal);
    }

    private ToolRun Bench(params string[] arguments) => ToolRun.Of(["bench", "-p", $"{_server.Address.Port}", .. arguments]);
}
