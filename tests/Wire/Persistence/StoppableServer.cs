using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>A server with its files in a folder that stays when it goes, and one connection to it.</summary>
internal sealed class StoppableServer : IDisposable
{
    private readonly ServerProcess _process;

    private StoppableServer(ServerProcess process)
    {
        _process = process;
        Client = process.Connect();
    }

    public RespConnection Client { get; }

    public ServerProcess Process => _process;

    public static StoppableServer Ours(TempFolder folder, params string[] options) =>
        new(ServerProcess.StartIn(folder, Programs.Server, WithDebug(options)));

    /// <summary>One that may still be loading: it answers, be it LOADING.</summary>
    public static StoppableServer OursLoading(TempFolder folder, params string[] options) =>
        new(ServerProcess.StartLoadingIn(folder, Programs.Server, WithDebug(options)));

    /// <summary>A redis-server of this machine's. Where there is none, the test is skipped with that reason.</summary>
    public static StoppableServer Redis(TempFolder folder, params string[] options)
    {
        string? path = Programs.RedisServer;
        Assert.SkipWhen(path is null, "needs redis-server on the PATH to exchange files with (on Debian: apt-get install redis-server)");
        return new(ServerProcess.StartIn(folder, path!, WithDebug(options)));
    }

    /// <summary>A field of INFO.</summary>
    public string Info(string field) => InfoText.Field(Client.Call("INFO everything").Text, field);

    /// <summary>Waits until a field of INFO has that value.</summary>
    public void AwaitInfo(string field, string value)
    {
        long deadline = Environment.TickCount64 + (3 * RespConnection.PatienceMs);
        while (Info(field) is var actual && actual != value)
        {
            Assert.True(Environment.TickCount64 < deadline, $"{field} is {actual}, not {value}:\n{_process.Output}");
            Thread.Sleep(5);
        }
    }

    /// <summary>Waits until no snapshot and no rewrite is under way or wanted.</summary>
    public void AwaitRest() => Patience.UntilAtRest(() => Client.Call("INFO persistence").Text);

    /// <summary>Waits until the server has said so many times that it cannot end.</summary>
    public void AwaitRefusals(int count) =>
        Patience.Until(() => _process.Output.Split("can't exit").Length > count, "it does not refuse to end");

    /// <summary>Runs a command that must answer OK, or what it says.</summary>
    public void Do(string command, string expected = "OK") => Assert.Equal(expected, Client.Call(command).Text);

    /// <summary>Writes the snapshot; returns the digest of what is in it.</summary>
    public string Save()
    {
        string digest = SampleData.Digest(Client);
        Do("SAVE");
        return digest;
    }

    /// <summary>Ends it by a signal and waits for that; returns its exit code.</summary>
    public int End(string signal = "TERM")
    {
        _process.Signal(signal);
        return _process.WaitForExit();
    }

    /// <summary>Ends it at once, wherever it is.</summary>
    public void Kill() => _process.Kill();

    public void Dispose()
    {
        Client.Dispose();
        _process.Dispose();
    }

    private static string[] WithDebug(string[] options) => ["--enable-debug-command", "yes", .. options];
}
