using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>When snapshots are written, by whom, and what is told about it.</summary>
public sealed class SavingTests : IDisposable
{
    private static readonly string[] s_facts =
    [
        "loading", "async_loading", "rdb_changes_since_last_save", "rdb_bgsave_in_progress", "rdb_last_save_time", "rdb_last_bgsave_status",
        "rdb_last_bgsave_time_sec", "rdb_current_bgsave_time_sec", "rdb_saves", "rdb_last_load_keys_expired", "rdb_last_load_keys_loaded",
    ];

    private readonly TempFolder _folder;

    public SavingTests()
    {
        _folder = new TempFolder();
    }

    private string DumpPath => _folder.File("dump.rdb");

    [Fact]
    public void Requests_and_their_errors_are_those_of_Redis() => Compare.SameReplies(
        """
        SAVE
        SAVE now
        ~LASTSAVE
        LASTSAVE x
        BGSAVE x
        BGSAVE SCHEDULE x
        SET k v
        MULTI
        SAVE
        EXEC
        MULTI
        LASTSAVE
        DISCARD
        CONFIG SET dir /no/such/folder
        CONFIG SET dbfilename a/b
        CONFIG SET save "1"
        CONFIG SET save "x y"
        CONFIG SET save "900 1 300 10"
        CONFIG GET save
        CONFIG SET save ""
        CONFIG GET save
        CONFIG SET rdbcompression perhaps
        CONFIG SET stop-writes-on-bgsave-error no
        CONFIG GET stop-writes-on-bgsave-error
        """);

    [Fact]
    public void Saving_clears_the_count_of_changes()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder);
        long started = ours.Client.Call("LASTSAVE").Integer;
        ours.Do("SET a 1");
        ours.Client.Call("RPUSH list a");
        Assert.Equal("2", ours.Info("rdb_changes_since_last_save"));
        ours.Do("SAVE");
        Assert.Equal("0", ours.Info("rdb_changes_since_last_save"));
        Assert.Equal("1", ours.Info("rdb_saves"));
        Assert.True(ours.Client.Call("LASTSAVE").Integer >= started);
        Assert.Equal(ours.Info("rdb_last_save_time"), ours.Client.Call("LASTSAVE").Text);
        Assert.Equal(["dump.rdb"], Directory.GetFiles(_folder.Path, "*rdb*").Select(Path.GetFileName));
    }

    [Fact]
    public void The_facts_have_the_names_that_tools_read()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder);
        foreach (string fact in s_facts)
        {
            Assert.NotEqual("", ours.Info(fact));
        }
        Assert.Equal("-1", ours.Info("rdb_last_bgsave_time_sec"));
        Assert.Equal("-1", ours.Info("rdb_current_bgsave_time_sec"));
        Assert.Equal("ok", ours.Info("rdb_last_bgsave_status"));
    }

    [Fact]
    public void A_background_save_can_be_cancelled()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder, "--rdb-key-save-delay", "100000");
        ours.Do("DEBUG POPULATE 1000");
        ours.Do("BGSAVE", "Background saving started");
        Assert.Equal("1", ours.Info("rdb_bgsave_in_progress"));
        ours.Do("BGSAVE", "ERR Background save already in progress");
        ours.Do("SAVE", "ERR Background save already in progress");
        ours.Do("BGSAVE CANCEL", "Background saving cancelled");
        ours.AwaitInfo("rdb_bgsave_in_progress", "0");
        ours.Do("BGSAVE CANCEL", "ERR Background saving is currently not in progress or scheduled");
        Assert.Empty(Directory.GetFiles(_folder.Path, "*rdb*"));
        ours.Do("CONFIG SET rdb-key-save-delay 0");
        ours.Do("SAVE");
        Assert.True(File.Exists(DumpPath));
    }

    [Fact]
    public void Background_saving_and_rewriting_wait_for_each_other()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder, "--save", "", "--rdb-key-save-delay", "100000");
        ours.Do("DEBUG POPULATE 1000");
        ours.Do("BGREWRITEAOF", "Background append only file rewriting started");
        ours.Do("BGREWRITEAOF", "ERR Background append only file rewriting already in progress");
        ours.Do(
            "BGSAVE",
            "ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE "
            + "whenever possible.");
        ours.Do("BGSAVE SCHEDULE", "Background saving scheduled");
        Assert.Equal("0", ours.Info("rdb_bgsave_in_progress"));
        Assert.Equal("1", ours.Info("aof_rewrite_in_progress"));
        ours.Do("CONFIG SET rdb-key-save-delay 0");
        ours.AwaitInfo("rdb_saves", "1");
        ours.AwaitInfo("aof_rewrites", "1");

        ours.Do("CONFIG SET rdb-key-save-delay 100000");
        ours.Do("BGSAVE", "Background saving started");
        ours.Do("BGREWRITEAOF", "Background append only file rewriting scheduled");
        Assert.Equal("1", ours.Info("aof_rewrite_scheduled"));
        Assert.Equal("0", ours.Info("aof_rewrite_in_progress"));
        ours.Do("CONFIG SET rdb-key-save-delay 0");
        ours.AwaitInfo("aof_rewrites", "2");
    }

    [Fact]
    public void A_save_point_saves_by_itself()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder, "--save", "1 3");
        ours.Do("MSET a 1 b 2");
        Assert.Equal("2", ours.Info("rdb_changes_since_last_save"));
        ours.Do("SET c 3");
        ours.AwaitInfo("rdb_changes_since_last_save", "0");
        ours.AwaitInfo("rdb_bgsave_in_progress", "0");
        ours.Kill();
        using StoppableServer again = StoppableServer.Ours(_folder);
        Assert.Equal(3, again.Client.Call("DBSIZE").Integer);
    }

    [Theory]
    [InlineData("SHUTDOWN", "", false)]
    [InlineData("SHUTDOWN", "3600 1", true)]
    [InlineData("SHUTDOWN SAVE", "", true)]
    [InlineData("SHUTDOWN NOSAVE", "3600 1", false)]
    public void The_end_by_a_command_saves_as_configured_or_told(string command, string save, bool isSaved)
    {
        using (StoppableServer ours = StoppableServer.Ours(_folder, "--save", save))
        {
            ours.Do("SET k v");
            ours.Client.Send(command);
            Assert.Empty(ours.Client.ReadToEnd());
            Assert.Equal(0, ours.Process.WaitForExit());
        }

        Assert.Equal(isSaved, File.Exists(DumpPath));
    }

    [Theory]
    [InlineData("", "default", false)]
    [InlineData("3600 1", "default", true)]
    [InlineData("", "save", true)]
    [InlineData("3600 1", "nosave", false)]
    public void The_end_by_a_signal_saves_as_configured(string save, string onSignal, bool isSaved)
    {
        using (StoppableServer ours = StoppableServer.Ours(_folder, "--save", save, "--shutdown-on-sigterm", onSignal))
        {
            ours.Do("SET k v");
            Assert.Equal(0, ours.End());
        }

        Assert.Equal(isSaved, File.Exists(DumpPath));
    }

    [Fact]
    public void A_disk_that_refuses_stops_writing_until_it_is_back()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder, "--save", "3600 1");
        ours.Do("SET k v");
        // Where the new file would be written, a folder is in its way.
        string obstacle = _folder.File($"temp-{ours.Process.Id}.rdb");
        Directory.CreateDirectory(obstacle);
        ours.Do("BGSAVE", "Background saving started");
        ours.AwaitInfo("rdb_last_bgsave_status", "err");
        Reply refused = ours.Client.Call("SET k w");
        Assert.StartsWith("MISCONF Redis is configured to save RDB snapshots", refused.Text, StringComparison.Ordinal);
        Assert.Equal("v", ours.Client.Call("GET k").Text);
        Assert.True(ours.Client.Call("SAVE").IsError);
        Assert.StartsWith("ERR Errors trying to SHUTDOWN", ours.Client.Call("SHUTDOWN").Text, StringComparison.Ordinal);
        ours.Do("CONFIG SET stop-writes-on-bgsave-error no");
        ours.Do("SET k x");
        ours.Do("CONFIG SET stop-writes-on-bgsave-error yes");
        Directory.Delete(obstacle);
        ours.Do("BGSAVE", "Background saving started");
        ours.AwaitInfo("rdb_last_bgsave_status", "ok");
        ours.Do("SET k y");
    }

    [Fact]
    public void Its_folder_and_name_can_be_changed_while_it_runs()
    {
        using TempFolder other = new();
        using (StoppableServer ours = StoppableServer.Ours(_folder, "--enable-protected-configs", "yes"))
        {
            ours.Do("SET k v");
            ours.Do($"CONFIG SET dir {other.Path} dbfilename other.rdb");
            ours.Do("SAVE");
            Assert.Equal($"*[\"dir\", \"{other.Path}\"]", ours.Client.Call("CONFIG GET dir").ToString());
        }

        Assert.False(File.Exists(DumpPath));
        Assert.True(File.Exists(other.File("other.rdb")));
        using StoppableServer again = StoppableServer.Ours(other, "--dbfilename", "other.rdb");
        Assert.Equal("v", again.Client.Call("GET k").Text);
    }

    [Fact]
    public void A_file_begins_and_ends_as_it_should()
    {
        using StoppableServer ours = StoppableServer.Ours(_folder, "--rdbchecksum", "no");
        ours.Do("SET k v");
        ours.Do("SAVE");
        byte[] plain = File.ReadAllBytes(DumpPath);
        Assert.StartsWith("REDIS00", Encoding.Latin1.GetString(plain), StringComparison.Ordinal);
        Assert.Equal([0xFF, 0, 0, 0, 0, 0, 0, 0, 0], plain[^9..]);
        ours.Do("CONFIG SET rdbcompression no");
        ours.Do($"SET long {new string('x', 10_000)}");
        ours.Do("SAVE");
        Assert.True(new FileInfo(DumpPath).Length > 10_000);
        ours.Do("CONFIG SET rdbcompression yes");
        ours.Do("SAVE");
        Assert.True(new FileInfo(DumpPath).Length < 1000);
    }

    public void Dispose() => _folder.Dispose();
}
