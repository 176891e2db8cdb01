using System.Text;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>The append only log switched on and off while the server runs, and ending the server meanwhile.</summary>
public sealed class SwitchingLogTests : IDisposable
{
    private const string CannotEnd = "-ERR Errors trying to SHUTDOWN. Check logs.";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void While_the_log_is_being_switched_on_the_server_does_not_end()
    {
        using StoppableServer server = StartSwitchingOn();
        Assert.Equal(CannotEnd, server.Client.Call("SHUTDOWN").ToString());
        Assert.Equal(CannotEnd, server.Client.Call("SHUTDOWN NOSAVE").ToString());
        server.Process.Signal("TERM");
        server.AwaitRefusals(3);
        Assert.Equal("1", server.Info("aof_rewrite_in_progress"));
        server.Do("SET late 1");
        server.Do("CONFIG SET rdb-key-save-delay 0");
        server.AwaitRest();
        string digest = SampleData.Digest(server.Client);
        Assert.Equal(0, server.End());
        using StoppableServer next = StoppableServer.Ours(_folder, "--appendonly", "yes");
        Assert.Equal(digest, SampleData.Digest(next.Client));
    }

    [Fact]
    public void Killed_while_the_log_is_being_switched_on_there_is_what_was_saved_before()
    {
        using (StoppableServer server = StartSwitchingOn())
        {
            server.Do("SET late 1");
            server.End("KILL");
        }

        using StoppableServer next = StoppableServer.Ours(_folder, "--appendonly", "yes");
        Assert.Equal(":100", next.Client.Call("DBSIZE").ToString());
    }

    [Fact]
    public void Forced_the_server_ends_all_the_same()
    {
        using StoppableServer server = StartSwitchingOn();
        server.Client.Send("SHUTDOWN NOSAVE FORCE");
        Assert.Equal(0, server.Process.WaitForExit());
        using StoppableServer next = StoppableServer.Ours(_folder, "--appendonly", "yes");
        Assert.Equal(":100", next.Client.Call("DBSIZE").ToString());
    }

    [Fact]
    public void Switched_off_before_it_was_on_nothing_is_left()
    {
        using StoppableServer server = StartSwitchingOn();
        for (int i = 0; i < 20; i++)
        {
            server.Do("CONFIG SET appendonly no");
            server.Do("CONFIG SET appendonly yes");
        }

        server.Do("CONFIG SET appendonly no");
        Assert.Equal("0", server.Info("aof_rewrite_in_progress"));
        Assert.Equal("0", server.Info("aof_rewrite_scheduled"));
        Assert.Equal([_folder.File("appendonlydir/appendonly.aof.lock")], Directory.GetFiles(_folder.File("appendonlydir")));
        Assert.Equal(0, server.End());
    }

    [Fact]
    public void Behind_a_snapshot_the_rewrite_is_scheduled()
    {
        using StoppableServer server = StoppableServer.Ours(_folder, "--save", "");
        server.Do("DEBUG POPULATE 100");
        server.Do("CONFIG SET rdb-key-save-delay 10000000");
        server.Client.Call("BGSAVE");
        server.Do("CONFIG SET appendonly yes");
        Assert.Equal("1", server.Info("aof_rewrite_scheduled"));
        Assert.Equal(CannotEnd, server.Client.Call("SHUTDOWN").ToString());
        server.Do("CONFIG SET rdb-key-save-delay 0");
        server.AwaitRest();
        Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
    }

    [Fact]
    public void Who_waits_for_the_log_is_told_that_it_is_off()
    {
        using StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", "no");
        using RespConnection waiting = server.Process.Connect();
        using RespConnection replicas = server.Process.Connect();
        server.Do("SET k v");
        waiting.Send("WAITAOF 1 0 0");
        replicas.Send("WAITAOF 0 1 0");
        server.AwaitInfo("blocked_clients", "2");
        server.Do("CONFIG SET appendonly no");
        Assert.Equal(
            "-ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.", waiting.Read().ToString());
        Assert.Equal("+PONG", waiting.Call("PING").ToString());
        Assert.Equal("1", server.Info("blocked_clients"));
        Assert.True(replicas.IsSilent(1));
    }

    [Fact]
    public void The_log_is_durable_when_its_base_is_in_force()
    {
        using StoppableServer server = StartSwitchingOn();
        server.Do("SET k v");
        Assert.Equal("*[:0, :0]", server.Client.Call("WAITAOF 1 0 50").ToString());
        server.Do("CONFIG SET rdb-key-save-delay 0");
        Assert.Equal("*[:1, :0]", server.Client.Call("WAITAOF 1 0 0").ToString());
    }

    [Fact]
    public void A_rewrite_fails_at_once_where_there_is_no_folder_for_it()
    {
        using StoppableServer server = StoppableServer.Ours(_folder, "--save", "");
        File.WriteAllText(_folder.File("appendonlydir"), "");
        Assert.Equal(
            "-ERR Can't execute an AOF background rewriting. Please check the server logs for more information.",
            server.Client.Call("BGREWRITEAOF").ToString());
        Assert.Equal("0", server.Info("aof_rewrite_scheduled"));
        Assert.Equal("err", server.Info("aof_last_bgrewrite_status"));
        Assert.True(server.Client.Call("CONFIG SET appendonly yes").IsError);
        File.Delete(_folder.File("appendonlydir"));
        Assert.False(server.Client.Call("BGREWRITEAOF").IsError);
        server.AwaitInfo("aof_last_bgrewrite_status", "ok");
    }

    [Theory]
    [InlineData("always")]
    [InlineData("everysec")]
    [InlineData("no")]
    public void A_log_that_was_only_loaded_is_rewritten(string policy)
    {
        using (StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes"))
        {
            server.Do("SET k v");
            server.End();
        }

        using StoppableServer next = StoppableServer.Ours(_folder, "--appendonly", "yes", "--appendfsync", policy);
        next.Client.Call("BGREWRITEAOF");
        next.AwaitInfo("aof_rewrites", "1");
        next.Client.Call("BGREWRITEAOF");
        next.AwaitInfo("aof_rewrites", "2");
        next.Do("GET k", "v");
    }

    [Fact]
    public void History_that_was_kept_is_deleted_once_it_may_be()
    {
        using StoppableServer server = StoppableServer.Ours(_folder, "--appendonly", "yes", "--aof-disable-auto-gc", "yes");
        server.Do("SET k v");
        server.Client.Call("BGREWRITEAOF");
        server.AwaitInfo("aof_rewrites", "1");
        Assert.True(File.Exists(_folder.File("appendonlydir/appendonly.aof.1.incr.aof")));
        server.Do("CONFIG SET aof-disable-auto-gc no");
        Assert.False(File.Exists(_folder.File("appendonlydir/appendonly.aof.1.incr.aof")));
        Assert.DoesNotContain(
            "type h", Encoding.UTF8.GetString(File.ReadAllBytes(_folder.File("appendonlydir/appendonly.aof.manifest"))),
            StringComparison.Ordinal);
    }

    private StoppableServer StartSwitchingOn()
    {
        StoppableServer server = StoppableServer.Ours(_folder, "--save", "");
        server.Do("DEBUG POPULATE 100");
        server.Do("SAVE");
        server.Do("CONFIG SET rdb-key-save-delay 10000000");
        server.Do("CONFIG SET appendonly yes");
        server.AwaitInfo("aof_rewrite_in_progress", "1");
        return server;
    }
}
