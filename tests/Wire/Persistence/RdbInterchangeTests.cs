using Bixbite.Wire.Harness;

namespace Bixbite.Wire.Persistence;

/// <summary>
/// Snapshots go from Redis to the server and back, whatever they hold and however they are encoded, and nothing of them is lost.
/// </summary>
public sealed class RdbInterchangeTests : IDisposable
{
    private readonly TempFolder _folder;

    public RdbInterchangeTests()
    {
        _folder = new TempFolder();
    }

    /// <summary>Settings under which the same content is written in other encodings.</summary>
    public static TheoryData<string> Writings =>
    [
        "",
        "--rdbcompression no",
        "--rdbchecksum no",
        "--hash-max-listpack-entries 0 --zset-max-listpack-entries 0 --set-max-intset-entries 0 --list-max-listpack-size 1",
        "--hash-max-listpack-entries 4000 --hash-max-listpack-value 400000 --zset-max-listpack-entries 4000 "
            + "--zset-max-listpack-value 400000 --set-max-intset-entries 4000 --list-max-listpack-size -5",
        "--list-compress-depth 1 --list-max-listpack-size -1 --stream-node-max-entries 3",
        "--maxmemory-policy allkeys-lfu",
        "--maxmemory-policy volatile-lru --stream-node-max-bytes 100",
    ];

    [Theory]
    [MemberData(nameof(Writings))]
    public void What_Redis_wrote_is_loaded_and_comes_back(string options)
    {
        string digest;
        using (StoppableServer redis = StoppableServer.Redis(_folder, options.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            SampleData.Fill(redis.Client);
            digest = redis.Save();
        }

        using (StoppableServer ours = StoppableServer.Ours(_folder))
        {
            Assert.Equal(digest, SampleData.Digest(ours.Client));
            ours.Save();
        }

        using StoppableServer again = StoppableServer.Redis(_folder);
        Assert.Equal(digest, SampleData.Digest(again.Client));
    }

    [Theory]
    [MemberData(nameof(Writings))]
    public void What_the_server_wrote_is_loaded_by_Redis_and_by_itself(string options)
    {
        string[] settings = options.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            SampleData.Fill(ours.Client);
            digest = ours.Save();
        }

        using (StoppableServer ours = StoppableServer.Ours(_folder, settings))
        {
            Assert.Equal(digest, SampleData.Digest(ours.Client));
        }
        using StoppableServer redis = StoppableServer.Redis(_folder);
        Assert.Equal(digest, SampleData.Digest(redis.Client));
    }

    [Fact]
    public void A_background_save_has_the_same_content()
    {
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(_folder))
        {
            SampleData.Fill(ours.Client);
            digest = SampleData.Digest(ours.Client);
            ours.Do("BGSAVE", "Background saving started");
            ours.AwaitInfo("rdb_bgsave_in_progress", "0");
            Assert.Equal("ok", ours.Info("rdb_last_bgsave_status"));
            ours.Do("FLUSHALL");
            ours.Kill();
        }

        using StoppableServer redis = StoppableServer.Redis(_folder);
        Assert.Equal(digest, SampleData.Digest(redis.Client));
    }

    [Fact]
    public void A_background_save_shows_the_moment_at_which_it_began()
    {
        string digest;
        using (StoppableServer ours = StoppableServer.Ours(_folder, "--rdb-key-save-delay", "1000000"))
        {
            SampleData.Fill(ours.Client);
            digest = SampleData.Digest(ours.Client);
            ours.Do("BGSAVE", "Background saving started");
            foreach (string change in (string[])["APPEND string:0 more", "DEL list:words", "SADD set:16 x", "RENAME hash:many hash:new",
                         "ZADD zset:many 5 member3", "SWAPDB 1 7", "SET late 1", "LPOP list:numbers 500"])
            {
                Assert.False(ours.Client.Call(change).IsError);
            }
            Assert.Equal("1", ours.Info("rdb_bgsave_in_progress"));
            ours.Do("FLUSHDB");
            ours.Do("CONFIG SET rdb-key-save-delay 0");
            ours.AwaitInfo("rdb_bgsave_in_progress", "0");
            ours.Kill();
        }

        using (StoppableServer redis = StoppableServer.Redis(_folder))
        {
            Assert.Equal(digest, SampleData.Digest(redis.Client));
        }
        using StoppableServer again = StoppableServer.Ours(_folder);
        Assert.Equal(digest, SampleData.Digest(again.Client));
    }

    [Fact]
    public void Deadlines_of_fields_survive()
    {
        string[] shown = ["HPEXPIRETIME small FIELDS 2 a b", "HGETALL small", "HPEXPIRETIME large FIELDS 2 field1 field2", "HLEN large"];
        string[] before;
        using (StoppableServer ours = StoppableServer.Ours(_folder))
        {
            ours.Client.Call("HSET small a 1 b 2");
            ours.Client.Call("HPEXPIREAT small 4000000000123 FIELDS 1 a");
            ours.Client.Call($"HSET large {string.Join(' ', Enumerable.Range(0, 1000).Select(i => $"field{i} {i}"))}");
            ours.Client.Call("HPEXPIREAT large 4000000000456 FIELDS 1 field1");
            before = [.. shown.Select(command => ours.Client.Call(command).ToString())];
            ours.Save();
        }

        using StoppableServer again = StoppableServer.Ours(_folder);
        Assert.Equal(before, shown.Select(command => again.Client.Call(command).ToString()));
    }

    [Fact]
    public void Keys_whose_time_came_meanwhile_are_left_out()
    {
        using (StoppableServer redis = StoppableServer.Redis(_folder))
        {
            redis.Do("DEBUG SET-ACTIVE-EXPIRE 0");
            redis.Do("SET short x PX 1");
            redis.Do("SET long x EX 100000");
            redis.Do("SET ever x");
            redis.Save();
        }

        using StoppableServer ours = StoppableServer.Ours(_folder);
        Expect.Replies(
            ours.Client,
            """
            DBSIZE => :2
            EXISTS short long ever => :2
            """);
        Assert.Equal("1", ours.Info("rdb_last_load_keys_expired"));
        Assert.Equal("2", ours.Info("rdb_last_load_keys_loaded"));
    }

    public void Dispose() => _folder.Dispose();
}
