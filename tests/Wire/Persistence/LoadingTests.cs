using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>What clients see while a server loads its data. key-load-delay makes that as long as a test needs.</summary>
public sealed class LoadingTests : IDisposable
{
    private const string LoadingReply = "-LOADING Redis is loading the dataset in memory";

    private readonly TempFolder _folder;

    public LoadingTests()
    {
        _folder = new TempFolder();
    }

    [Fact]
    public void Only_what_needs_no_data_runs_meanwhile()
    {
        WriteFile(50_000);
        long size = new FileInfo(_folder.File("dump.rdb")).Length;
        using StoppableServer ours = StoppableServer.OursLoading(_folder, "--key-load-delay", "10000", "--save", "3600 1");
        foreach (string command in (string[])["GET key:1", "SET k v", "PING", "DBSIZE", "KEYS *", "SAVE", "BGSAVE", "FLUSHALL"])
        {
            Assert.Equal(LoadingReply, ours.Client.Call(command).ToString());
        }
        foreach (string command in (string[])["HELLO 3", "HELLO 2", "CONFIG GET port", "CLIENT ID", "SELECT 1", "LASTSAVE"])
        {
            Assert.False(ours.Client.Call(command).IsError, command);
        }
        Assert.Equal("1", ours.Info("loading"));
        Assert.Equal($"{size}", ours.Info("loading_total_bytes"));
        Assert.NotEqual("0", ours.Info("loading_start_time"));
        foreach (string fact in (string[])["loading_loaded_bytes", "loading_loaded_perc", "loading_eta_seconds", "loading_rdb_used_mem"])
        {
            Assert.NotEqual("", ours.Info(fact));
        }

        // What is not loaded must not replace what is on the disk.
        Assert.Equal(0, ours.End());
        Assert.Equal(size, new FileInfo(_folder.File("dump.rdb")).Length);
    }

    [Fact]
    public void A_transaction_that_was_begun_meanwhile_is_refused()
    {
        WriteFile(50_000);
        using StoppableServer ours = StoppableServer.OursLoading(_folder, "--key-load-delay", "10000");
        Expect.Replies(
            ours.Client,
            $"""
            MULTI => +OK
            GET key:1 => {LoadingReply}
            EXEC => -EXECABORT Transaction discarded because of previous errors.
            """);
    }

    [Fact]
    public void It_can_be_told_to_end_without_saving()
    {
        WriteFile(50_000);
        using StoppableServer ours = StoppableServer.OursLoading(_folder, "--key-load-delay", "10000");
        ours.Client.Send("SHUTDOWN NOSAVE");
        Assert.Empty(ours.Client.ReadToEnd());
        Assert.Equal(0, ours.Process.WaitForExit());
    }

    [Fact]
    public void Afterwards_everything_is_there()
    {
        WriteFile(300);
        using StoppableServer ours = StoppableServer.OursLoading(_folder, "--key-load-delay", "1000");
        ours.AwaitInfo("loading", "0");
        Assert.Equal(300, ours.Client.Call("DBSIZE").Integer);
        Assert.Equal("value:299", ours.Client.Call("GET key:299").Text);
        Assert.Equal("0", ours.Info("rdb_changes_since_last_save"));
        Assert.Equal("300", ours.Info("rdb_last_load_keys_loaded"));
        ours.Process.WaitForLine("Ready to accept connections");
    }

    public void Dispose() => _folder.Dispose();

    private void WriteFile(int keyCount)
    {
        using StoppableServer ours = StoppableServer.Ours(_folder);
        ours.Do($"DEBUG POPULATE {keyCount}");
        ours.Do("SAVE");
    }
}
