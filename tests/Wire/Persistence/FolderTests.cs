using System.Globalization;
using System.Text;
using Bixbite.Platform;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>The folders that the server works in: taken by another, deleted, or with a manifest that would destroy data.</summary>
public sealed class FolderTests : IDisposable
{
    private const string Manifest = "appendonlydir/appendonly.aof.manifest";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_servers_do_not_write_one_log()
    {
        using StoppableServer first = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", "always");
        first.Do("SET k v");
        // Only Linux' own calls tell whose a lock is.
        string holder = Portability.IsOn ? "" : string.Create(CultureInfo.InvariantCulture, $"(process {first.Process.Id})");
        using (ServerProcess second = StartRaw("--appendonly", "yes"))
        {
            Assert.Equal(1, second.WaitForExit());
            Assert.Contains("another server", second.Output, StringComparison.Ordinal);
            Assert.Contains(holder, second.Output, StringComparison.Ordinal);
            Assert.Contains(_folder.File("appendonlydir"), second.Output, StringComparison.Ordinal);
        }

        using var elsewhere = new TempFolder();
        using (StoppableServer third = StoppableServer.Ours(elsewhere, "--save", "", "--dir", _folder.Path))
        {
            Assert.True(third.Client.Call("CONFIG SET appendonly yes").IsError);
            Assert.True(third.Client.Call("BGREWRITEAOF").IsError);
            first.Do("CONFIG SET appendonly no");
            AwaitOk(third, "CONFIG SET appendonly yes");
            Assert.True(first.Client.Call("CONFIG SET appendonly yes").IsError);
        }

        AwaitOk(first, "CONFIG SET appendonly yes");
    }

    [Fact]
    public void Logs_of_different_names_lie_beside_each_other()
    {
        using StoppableServer first = StoppableServer.Ours(_folder, "--appendonly", "yes");
        using var elsewhere = new TempFolder();
        using StoppableServer second = StoppableServer.Ours(
            elsewhere, "--dir", _folder.Path, "--appendonly", "yes", "--appendfilename", "other.aof", "--dbfilename", "other.rdb");
        first.Do("SET k 1");
        second.Do("SET k 2");
        Assert.Equal(0, first.End());
        Assert.Equal(0, second.End());
    }

    [Fact]
    public void A_killed_server_leaves_its_folder_to_the_next()
    {
        for (int i = 0; i < 5; i++)
        {
            using StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", "always");
            server.Do("INCR n", (i + 1).ToString(CultureInfo.InvariantCulture));
            server.Process.Signal("KILL");
        }
    }

    [Fact]
    public void A_log_in_use_is_not_repaired()
    {
        using StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", "always");
        server.Do("SET k v");
        server.Do("CONFIG SET aof-timestamp-enabled yes");
        server.Do("SET k w");
        string before = Content();
        using ServerProcess tool = ServerProcess.StartRaw(
            Programs.Server, new TempFolder(), 0, "--check-aof", "--truncate-to-timestamp", "1", _folder.File(Manifest));
        Assert.Equal(1, tool.WaitForExit());
        Assert.True(tool.Output.Contains("another server", StringComparison.Ordinal), tool.Output);
        Assert.Equal(before, Content());
    }

    [Fact]
    public void The_log_follows_the_directory_when_it_is_switched_on_anew()
    {
        using StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--enable-protected-configs", "yes");
        Directory.CreateDirectory(_folder.File("other"));
        server.Do("CONFIG SET appendonly no");
        server.Do($"CONFIG SET dir {_folder.File("other")}");
        AwaitOk(server, "CONFIG SET appendonly yes");
        server.AwaitRest();
        Assert.True(File.Exists(_folder.File("other/appendonlydir/appendonly.aof.manifest")));
    }

    /// <summary>A log that is being written is complete in one place, whatever is asked of it after the directory has changed.</summary>
    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    public void The_log_stays_where_it_is_though_the_directory_changes(string policy)
    {
        string other = _folder.File("other");
        Directory.CreateDirectory(other);
        using (StoppableServer server = StoppableServer.Ours(
            _folder, "--appendonly", "yes", "--appendfsync", policy, "--enable-protected-configs", "yes"))
        {
            server.Do("SET before 1");
            server.Do($"CONFIG SET dir {other}");
            server.Do("SET between 2");
            Assert.False(server.Client.Call("BGREWRITEAOF").IsError);
            server.AwaitRest();
            server.AwaitInfo("aof_last_bgrewrite_status", "ok");
            server.Do("SET after 3");
            Assert.True(server.Client.Call($"CONFIG SET dir {_folder.File("nowhere")}").IsError);
            Assert.Equal(other, server.Client.Call("CONFIG GET dir").Items[1].Text);
            Assert.Equal("1", server.Client.Call("WAITAOF 1 0 0").Items[0].Text);
            server.Kill();
        }

        Assert.False(Directory.Exists(Path.Combine(other, "appendonlydir")));
        using StoppableServer again = StoppableServer.Ours(_folder, "--appendonly", "yes");
        again.Do("DBSIZE", "3");
    }

    [Theory]
    [InlineData("no")]
    [InlineData("yes")]
    public void A_deleted_directory_ends_nothing(string hasLog)
    {
        string gone = _folder.File("gone");
        Directory.CreateDirectory(gone);
        using StoppableServer server = StoppableServer.Ours(
            _folder, "--appendonly", hasLog, "--dir", gone, "--save", "3600 1000", "--enable-protected-configs", "yes");
        server.Do("SET k v");
        Directory.Delete(gone, recursive: true);
        Assert.Equal("*[\"dir\", \"\"]", server.Client.Call("CONFIG GET dir").ToString());
        Assert.True(server.Client.Call("SAVE").IsError);
        server.Client.Call("BGSAVE");
        server.AwaitInfo("rdb_last_bgsave_status", "err");
        server.Do("CONFIG SET stop-writes-on-bgsave-error no");
        server.Client.Call("BGREWRITEAOF");
        server.Client.Call("CONFIG SET appendonly no");
        server.Client.Call("CONFIG SET appendonly yes");
        server.Client.Call("DEBUG LOADAOF");
        server.Client.Call("DEBUG RELOAD");
        Assert.True(server.Client.Call("CONFIG REWRITE").IsError);
        Assert.True(server.Client.Call("CONFIG SET dir nowhere").IsError);
        Assert.True(server.Client.Call($"CONFIG SET dir {_folder.Path} maxclients x").IsError);
        Assert.True(server.Client.Call("SHUTDOWN SAVE").IsError);
        server.Process.Signal("TERM");
        server.AwaitRefusals(2);
        Assert.Contains("redis_version", server.Client.Call("INFO everything").Text, StringComparison.Ordinal);
        server.Do($"CONFIG SET dir {_folder.Path}");
        server.Do("CONFIG SET appendonly no");
        server.Do("SAVE");
        Assert.Equal(0, server.End());
    }

    [Theory]
    [InlineData("# only a comment\n", "names no file")]
    [InlineData(
        "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 9223372036854775807 type i\n", "sequence number")]
    [InlineData(
        "file appendonly.aof.1.base.rdb seq 9223372036854775806 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n", "sequence number")]
    [InlineData(
        "file appendonly.aof.1.base.rdb seq 1 type h\nfile appendonly.aof.1.base.rdb seq 1 type b\n"
            + "file appendonly.aof.1.incr.aof seq 1 type i\n",
        "more than once")]
    [InlineData(
        "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n"
            + "file appendonly.aof.1.incr.aof seq 1 type h\n",
        "more than once")]
    [InlineData(
        "file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n"
            + "file appendonly.aof.manifest seq 1 type h\n",
        "names itself")]
    [InlineData("file empty.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n", "is empty")]
    [InlineData("file .. seq 1 type h\nfile appendonly.aof.1.incr.aof seq 1 type i\n", "path")]
    public void A_manifest_that_would_destroy_data_is_refused(string manifest, string reason)
    {
        using (StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", "always"))
        {
            server.Do("SET k v");
            server.End();
        }

        File.WriteAllText(_folder.File("appendonlydir/empty.base.rdb"), "");
        File.WriteAllText(_folder.File(Manifest), manifest);
        string before = Content();
        using ServerProcess refused = StartRaw("--appendonly", "yes");
        Assert.Equal(1, refused.WaitForExit());
        Assert.Contains(reason, refused.Output, StringComparison.Ordinal);
        Assert.Equal(before, Content());
    }

    [Fact]
    public void What_is_no_change_is_not_repeated()
    {
        using (StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", "always"))
        {
            server.Do("SET k v");
            server.End();
        }

        string[] requests =
        [
            "DEBUG LOADAOF", "SHUTDOWN NOSAVE", "CLIENT PAUSE 100000 ALL", "CONFIG SET appendfsync no", "BGREWRITEAOF", "SAVE", "MONITOR",
            "SUBSCRIBE c", "RESET", "QUIT", "WATCH k", "WAIT 1 0", "DEBUG SLEEP 100", "CLIENT KILL TYPE normal",
        ];
        using FileStream file = File.OpenWrite(_folder.File("appendonlydir/appendonly.aof.1.incr.aof"));
        file.Seek(0, SeekOrigin.End);
        foreach (string request in requests)
        {
            file.Write(CommandLine.Encode(request));
        }
        foreach (string request in new[] { "MULTI", "SET a 1", "DEBUG LOADAOF", "SHUTDOWN", "SET b 2", "EXEC", "SET c 3" })
        {
            file.Write(CommandLine.Encode(request));
        }
        file.Close();
        using StoppableServer next = StoppableServer.Ours(_folder, "--appendonly", "yes");
        Assert.Equal("*[\"v\", \"1\", \"2\", \"3\"]", next.Client.Call("MGET k a b c").ToString());
        next.Do("DEBUG LOADAOF");
        next.Do("SET d 4");
        next.Process.WaitForLine("is not repeated");
        Assert.Equal(0, next.End());
    }

    private static void AwaitOk(StoppableServer server, string command)
    {
        Reply? reply = null;
        Patience.Until(
            () => !(reply = server.Client.Call(command)).IsError, () => $"{command}: {reply}\n{server.Process.Output}");
    }

    private ServerProcess StartRaw(params string[] options) => ServerProcess.StartRaw(
        Programs.Server, new TempFolder(), 0, ["--port", "0", "--unixsocket", _folder.File("raw"), "--dir", _folder.Path, .. options]);

    private string Content()
    {
        var text = new StringBuilder();
        IEnumerable<string> paths = Directory.GetFiles(_folder.File("appendonlydir"))
            .Where(path => !path.EndsWith(".lock", StringComparison.Ordinal));
        foreach (string path in paths.Order(StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"{path} {Convert.ToHexString(File.ReadAllBytes(path))}\n");
        }
        return text.ToString();
    }
}
