using Bixbite.Crash.Disk;
using Bixbite.Crash.Servers;
using Bixbite.Unit.Structures;
using Bixbite.Wire.Harness;

namespace Bixbite.Crash.Snapshots;

/// <summary>
/// Clients change large values of every type while a snapshot takes them, a step at a time: the file has what was there when it began, the
/// log what is there at its end, and no memory is left over.
/// </summary>
public sealed class SnapshotDigestTests(ITestOutputHelper output)
{
    private const int RoundCount = 3;
    private const int FillCount = 12_000;
    private const int ClientCount = 3;

    /// <summary>A slice of a snapshot ends after its first step.</summary>
    private static readonly string[] s_stepByStep = ["--rdb-key-save-delay", "1"];

    private readonly SimulatedDisk _disk = new();
    private readonly Random _random = Seed.NewRandom();

    [Fact]
    public void ASavedFileHasWhatWasThereAtItsBeginning()
    {
        using LocalServer server = LocalServer.StartReady(_disk, s_stepByStep);
        // FLUSHALL cancels what is being saved.
        using Clients clients = new(server, _random, mayFlush: false);
        string start = clients.Empty();
        for (int round = 0; round < RoundCount; round++)
        {
            clients.Fill(FillCount);
            server.TrySend("DEBUG DIGEST");
            server.TrySend("BGSAVE");
            string digest = server.TryRead()!.Text;
            Assert.False(server.TryRead()!.IsError);
            output.WriteLine($"{clients.ChangeUntil("rdb_bgsave_in_progress", "0")} commands meanwhile");
            Assert.Equal("ok", server.Info("rdb_last_bgsave_status"));
            using LocalServer loaded = LocalServer.StartReady(_disk.Copy());
            Assert.Equal(digest, loaded.Call("DEBUG DIGEST").Text);
            clients.Empty();
            server.AwaitInfo("used_memory", start);
        }
    }

    [Theory]
    [InlineData("yes")]
    [InlineData("no")]
    public void ARewrittenLogHasWhatIsThere(string preamble)
    {
        using LocalServer server = LocalServer.StartReady(
            _disk, [.. s_stepByStep, "--appendonly", "yes", "--aof-use-rdb-preamble", preamble, "--appendfsync", "no"]);
        using Clients clients = new(server, _random, mayFlush: true);
        string start = clients.Empty();
        for (int round = 0; round < RoundCount; round++)
        {
            clients.Fill(FillCount);
            Assert.False(server.Call("BGREWRITEAOF").IsError);
            output.WriteLine($"{clients.ChangeUntil("aof_rewrite_in_progress", "0")} commands meanwhile");
            Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
            server.Call("CONFIG SET appendfsync always");
            server.Call("SET last 1");
            server.Call("CONFIG SET appendfsync no");
            string digest = server.Digest();
            using LocalServer loaded = LocalServer.StartReady(
                _disk.Copy(), "--appendonly", "yes", "--aof-use-rdb-preamble", preamble);
            Assert.Equal(digest, loaded.Digest());
            clients.Empty();
            server.AwaitInfo("used_memory", start);
        }
    }

    /// <summary>SAVE runs while a rewrite has come some way: both show their own moments.</summary>
    [Fact]
    public void AFileThatIsSavedDuringARewriteHasItsOwnBeginning()
    {
        using LocalServer server = LocalServer.StartReady(_disk, [.. s_stepByStep, "--appendonly", "yes", "--appendfsync", "no"]);
        using Clients clients = new(server, _random, mayFlush: false);
        string start = clients.Empty();
        for (int round = 0; round < RoundCount; round++)
        {
            clients.Fill(FillCount);
            // After a key or two it stands still, but while SAVE runs.
            server.Call("CONFIG SET rdb-key-save-delay 1000000000");
            Assert.False(server.Call("BGREWRITEAOF").IsError);
            clients.ChangeWhile("current_save_keys_processed", "0");
            string[] commands =
                ["DEBUG DIGEST", "CONFIG SET rdb-key-save-delay 1", "SAVE", "CONFIG SET rdb-key-save-delay 1000000000"];
            foreach (string command in commands)
            {
                server.TrySend(command);
            }
            string digest = server.TryRead()!.Text;
            foreach (string _ in commands[1..])
            {
                Assert.Equal("OK", server.TryRead()!.Text);
            }
            Assert.Equal("1", server.Info("aof_rewrite_in_progress"));
            using LocalServer loaded = LocalServer.StartReady(_disk.Copy());
            Assert.Equal(digest, loaded.Call("DEBUG DIGEST").Text);

            server.Call("CONFIG SET rdb-key-save-delay 1");
            output.WriteLine($"{clients.ChangeUntil("aof_rewrite_in_progress", "0")} commands after it");
            Assert.Equal("ok", server.Info("aof_last_bgrewrite_status"));
            server.Call("CONFIG SET appendfsync always");
            server.Call("SET last 1");
            server.Call("CONFIG SET appendfsync no");
            string last = server.Digest();
            using LocalServer replayed = LocalServer.StartReady(_disk.Copy(), "--appendonly", "yes");
            Assert.Equal(last, replayed.Digest());
            clients.Empty();
            server.AwaitInfo("used_memory", start);
        }
    }

    /// <summary>Some clients of one server, which take turns.</summary>
    private sealed class Clients(LocalServer server, Random random, bool mayFlush) : IDisposable
    {
        private readonly RespConnection[] _connections = [.. Enumerable.Range(0, ClientCount).Select(_ => server.Connect())];
        private readonly LargeMix _mix = new(random, mayFlush);

        public void Fill(int count)
        {
            foreach (string[] batch in _mix.Filling(count).Chunk(200))
            {
                Run(_connections[0], batch);
            }
        }

        /// <summary>Changes values until the field of INFO has this value; returns how many commands there were.</summary>
        public int ChangeUntil(string field, string value) => ChangeWhile(() => server.Info(field) != value);

        /// <summary>The same while it has the value.</summary>
        public int ChangeWhile(string field, string value) => ChangeWhile(() => server.Info(field) == value);

        private int ChangeWhile(Func<bool> isWanted)
        {
            int count = 0;
            while (isWanted())
            {
                foreach (RespConnection connection in _connections)
                {
                    string[] batch = [.. _mix.Some(40)];
                    Run(connection, batch);
                    count += batch.Length;
                }
            }

            return count;
        }

        /// <summary>Removes everything; returns the memory in use then.</summary>
        public string Empty()
        {
            foreach (RespConnection connection in _connections)
            {
                connection.Call("SELECT 0");
            }
            server.Call("CONFIG SET activedefrag no");
            server.Call("FLUSHALL");
            server.AwaitInfo("lazyfree_pending_objects", "0");
            server.AwaitInfo("used_memory_workspace", server.Info("used_memory_workspace"));
            return server.Info("used_memory");
        }

        public void Dispose()
        {
            foreach (RespConnection connection in _connections)
            {
                connection.Dispose();
            }
        }

        /// <summary>Some commands of random ones are errors.</summary>
        private static void Run(RespConnection connection, string[] commands)
        {
            foreach (string command in commands)
            {
                connection.Send(command);
            }
            foreach (string _ in commands)
            {
                connection.Read();
            }
        }
    }
}
