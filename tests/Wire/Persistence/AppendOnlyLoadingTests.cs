using System.Globalization;
using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>Logs that a real redis-server wrote, loaded here: the content must have the same digest.</summary>
public class AppendOnlyLoadingTests
{
    private const string Increment = "appendonlydir/appendonly.aof.1.incr.aof";

    [Theory]
    [InlineData("yes", "no")]
    [InlineData("no", "no")]
    [InlineData("no", "yes")]
    public void A_log_of_redis_has_the_same_content_here(string preamble, string timestamps)
    {
        using TempFolder folder = new();
        string digest = WriteWithRedis(folder, "--aof-use-rdb-preamble", preamble, "--aof-timestamp-enabled", timestamps);
        Assert.Equal(digest, DigestHere(folder));
    }

    [Fact]
    public void A_rewritten_log_of_redis_has_the_same_content_here()
    {
        using TempFolder folder = new();
        string digest;
        using (ServerProcess redis = StartRedis(folder))
        {
            using RespConnection client = redis.Connect();
            Fill(client, 0);
            client.Call("BGREWRITEAOF");
            Patience.UntilAtRest(() => client.Call("INFO persistence").Text);
            Fill(client, 1);
            digest = client.Call("DEBUG DIGEST").Text;
            redis.Signal("TERM");
            redis.WaitForExit();
        }
        Assert.Equal(digest, DigestHere(folder));
    }

    [Fact]
    public void The_single_file_of_an_older_redis_moves_into_the_folder()
    {
        using TempFolder folder = new();
        string digest = WriteWithRedis(folder, "--aof-use-rdb-preamble", "yes");
        byte[] preamble = File.ReadAllBytes(folder.File("appendonlydir/appendonly.aof.1.base.rdb"));
        File.WriteAllBytes(folder.File("appendonly.aof"), [.. preamble, .. File.ReadAllBytes(folder.File(Increment))]);
        Directory.Delete(folder.File("appendonlydir"), recursive: true);
        Assert.Equal(digest, DigestHere(folder));
        Assert.False(File.Exists(folder.File("appendonly.aof")));
        Assert.Equal(digest, DigestHere(folder));
    }

    [Fact]
    public void A_torn_tail_is_cut_off_and_kept()
    {
        using TempFolder folder = new();
        string digest = WriteWithRedis(folder);
        long size = new FileInfo(folder.File(Increment)).Length;
        File.AppendAllText(folder.File(Increment), "*1\r\n$5\r\nMULTI\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n");
        Assert.Equal(digest, DigestHere(folder));
        string kept = string.Create(CultureInfo.InvariantCulture, $"{folder.File(Increment)}.cut-{size}");
        Assert.StartsWith("*1\r\n$5\r\nMULTI", File.ReadAllText(kept), StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_in_the_middle_stops_the_start()
    {
        using TempFolder folder = new();
        WriteWithRedis(folder);
        byte[] bytes = File.ReadAllBytes(folder.File(Increment));
        bytes[23] = (byte)'?';
        File.WriteAllBytes(folder.File(Increment), bytes);
        using ServerProcess server = ServerProcess.StartRaw(
            Programs.Server, folder, FreePorts.Next(), "--port", "0", "--unixsocket", folder.File("s"), "--appendonly", "yes");
        Assert.Equal(1, server.WaitForExit());
        Assert.Contains("at byte 23 of", server.Output, StringComparison.Ordinal);
        Assert.Contains("--check-aof --fix", server.Output, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(folder.File(Increment)));
    }

    private static string WriteWithRedis(TempFolder folder, params string[] options)
    {
        using ServerProcess redis = StartRedis(folder, options);
        using RespConnection client = redis.Connect();
        Fill(client, 0);
        string digest = client.Call("DEBUG DIGEST").Text;
        redis.Signal("TERM");
        redis.WaitForExit();
        return digest;
    }

    private static ServerProcess StartRedis(TempFolder folder, params string[] options)
    {
        Assert.SkipWhen(Programs.RedisServer is null, "needs redis-server on the PATH (on Debian: apt-get install redis-server)");
        return ServerProcess.StartIn(
            folder, Programs.RedisServer!, ["--appendonly", "yes", "--enable-debug-command", "yes", .. options]);
    }

    private static string DigestHere(TempFolder folder)
    {
        using ServerProcess server = ServerProcess.StartIn(
            folder, Programs.Server, "--appendonly", "yes", "--enable-debug-command", "yes");
        using RespConnection client = server.Connect();
        string digest = client.Call("DEBUG DIGEST").Text;
        server.Signal("TERM");
        server.WaitForExit();
        return digest;
    }

    /// <summary>All types in several databases, deadlines, transactions, and what is logged as its effect.</summary>
    private static void Fill(RespConnection client, int round)
    {
        for (int database = 0; database < 3; database++)
        {
            client.Call($"SELECT {database}");
            for (int i = 0; i < 40; i++)
            {
                string key = $"{round}:{i}";
                string text = new('l', (i * 10) + 1);
                client.Call($"SET string:{key} value-{i}");
                client.Call($"SET volatile:{key} x EX 100000");
                client.Call($"INCRBYFLOAT float:{key} 1.25");
                client.Call($"RPUSH list {key} {i} {text}");
                client.Call($"SADD set {i} {key}");
                client.Call($"SADD numbers {i}");
                client.Call($"ZADD zset {i}.5 {key}");
                client.Call($"HSET hash {key} {i}");
                client.Call($"HSET hash:{key} f v");
            }
            client.Call("SPOP set 3");
            client.Call("MULTI");
            client.Call("LPOP list");
            client.Call("PEXPIRE zset 500000");
            client.Call("EXEC");
            client.Call($"DEL string:{round}:3");
        }
    }

}
