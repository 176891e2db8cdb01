using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Clients;

/// <summary>PHP's sessions under the lock of its extension: requests of one visitor run one after the other.</summary>
public sealed class PhpSessionTests : IDisposable
{
    private const string Story = "session.php";
    private const int ProcessCount = 8;
    private const int RequestCount = 10;

    private readonly string _php = Interpreters.Php();
    private readonly TestServer _server = TestServer.Start();

    [Fact]
    public void No_request_loses_what_another_one_wrote()
    {
        ClientProgram[] programs = [.. Enumerable.Range(0, ProcessCount).Select(_ => Start("alice", "visit", $"{RequestCount}"))];
        int[] visits = [.. programs.Select(program => int.Parse(program.End(), CultureInfo.InvariantCulture))];
        Assert.Equal(ProcessCount * RequestCount, visits.Max());
        using RespConnection reader = _server.Connect();
        Assert.Equal(1, reader.Call("DBSIZE").Integer);
        Assert.InRange(reader.Call("TTL session:alice").Integer, 1, 1000);
        Array.ForEach(programs, program => program.Dispose());
    }

    [Fact]
    public void The_lock_of_a_process_that_died_ends()
    {
        using ClientProgram dies = Start("bob", "hold");
        dies.WaitForLine("held");
        dies.Kill();
        using ClientProgram next = Start("bob", "visit");
        Assert.Equal("1", next.End());
    }

    [Fact]
    public void Who_has_lost_the_lock_writes_nothing()
    {
        using ClientProgram late = Start("carol", "late");
        late.WaitForLine("held");
        using ClientProgram next = Start("carol", "visit", "3");
        Assert.Equal("3", next.End());
        late.SayLine();
        Assert.Contains("lock", late.End(), StringComparison.Ordinal);
        using ClientProgram last = Start("carol", "visit");
        Assert.Equal("4", last.End());
    }

    public void Dispose() => _server.Dispose();

    private ClientProgram Start(string session, params string[] arguments) =>
        ClientProgram.Start(_php, Story, [$"{_server.Address.Port}", session, .. arguments]);
}
